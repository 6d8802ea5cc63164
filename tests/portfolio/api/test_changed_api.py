"""The API's answer to what changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from tests.portfolio.selectors.test_changed import BETWEEN, entry, ledger, project  # noqa: F401

WHEN = "?from=2026-08-31&to=2026-10-31"


@pytest.fixture
def client(director):
    client = Client(headers={"X-Organisation": "merrowby"})
    client.force_login(director.user)
    return client


def test_every_page_together_adds_up_to_the_difference(client, ledger):  # noqa: F811
    address, amounts = f"/api/v1/changed/{WHEN}&page_size=2", []
    while address:
        answer = client.get(address).json()
        amounts += [Decimal(row["amount"]) for row in answer["results"] if row["kind"] != "ordered"]
        address = answer["next"]
    assert answer["count"] == 4
    assert sum(amounts) == Decimal(answer["totals"][0]["cost_difference"]) == Decimal("45.00")
    assert answer["first"] == {"as_of": "2026-08-31", "known_at": "2026-08-31T23:59:59.999999Z"}
    figures = {figure["key"]: figure for figure in answer["projects"][0]["figures"]}
    assert figures["ac"] == {"key": "ac", "before": "105.15", "after": "150.15", "difference": "45.00"}


def test_one_project_and_one_kind(client, ledger, office):  # noqa: F811
    entry(office.project("B-2"), "3.00", date(2026, 9, 10), BETWEEN)
    answer = client.get(f"/api/v1/changed/{WHEN}&project={ledger.pk}&kind=late").json()
    assert [row["amount"] for row in answer["results"]] == ["20.03"]
    assert {row["code"] for row in answer["projects"]} == {"A-1"}


@pytest.mark.parametrize("query", ["?project=0", "?kind=other", "?from=yesterday", "?form=csv", f"{WHEN}&page=9"])
def test_what_is_not_understood_is_refused(client, ledger, query):  # noqa: F811
    assert client.get(f"/api/v1/changed/{query}").status_code == 400


def test_a_file_holds_the_same_lines(client, ledger):  # noqa: F811
    text = b"".join(client.get(f"/api/v1/changed/{WHEN}&format=csv").streaming_content).decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 1 + 4
