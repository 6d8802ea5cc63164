"""The pages of what changed, and their files."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from projects.models import ProjectMember
from tests.portfolio.selectors.test_changed import BETWEEN, entry, ledger, project  # noqa: F401

WHEN = "?from=2026-08-31&to=2026-10-31"
OFFICE, ONE = "/o/merrowby/changed/", "/o/merrowby/projects/A-1/changed/"


@pytest.fixture
def client(director):
    client = Client()
    client.force_login(director.user)
    return client


@pytest.mark.parametrize("address", [OFFICE, ONE])
def test_the_page_says_what_was_spent_and_lists_the_entries_that_make_it_up(client, ledger, address):  # noqa: F811
    page = client.get(f"{address}{WHEN}&show=ledger")
    assert page.context["totals"][0]["difference"] == Decimal("45.00")
    assert [amount for _currency, amount in page.context["sums"]] == [Decimal("45.00")]
    assert sum(row["line"].amount for row in page.context["lines"]) == Decimal("45.00")
    assert "+45.00 GBP" in page.text
    assert "30.02 GBP" in page.text


def test_an_entry_leads_to_its_line_in_the_ledger(client, ledger):  # noqa: F811
    [row] = [row for row in client.get(ONE + WHEN).context["lines"] if row["line"].text == "INV-2"]
    ledger_page = client.get(row["href"])
    assert ledger_page.status_code == 200
    assert "30.02" in ledger_page.text
    assert "20.03" not in ledger_page.text


def test_a_project_leads_to_its_own_page_for_the_same_moments(client, ledger):  # noqa: F811
    [row] = client.get(OFFICE + WHEN).context["projects"]
    assert row["href"] == ONE + WHEN
    assert client.get(row["href"]).context["totals"][0]["difference"] == row["cost"]


def test_the_file_has_a_line_a_change_and_its_amounts_add_up(client, ledger):  # noqa: F811
    text = b"".join(client.get(f"{OFFICE}{WHEN}&show=ledger&format=csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 3
    assert sum(Decimal(row["Amount"]) for row in rows) == Decimal("45.00")
    workbook = client.get(f"{OFFICE}{WHEN}&format=xlsx")
    assert workbook.headers["Content-Disposition"].endswith('changed-2026-08-31-2026-10-31.xlsx"')


def test_a_portfolio_narrows_it_and_an_unknown_one_is_refused(client, ledger, office):  # noqa: F811
    assert client.get(f"{OFFICE}{WHEN}&portfolio=CAP").context["found"].looked_at == 1
    assert client.get(f"{OFFICE}{WHEN}&portfolio=XXX").status_code == 400


def test_an_instant_is_told_with_its_time_and_a_month_end_is_offered_once(client, ledger):  # noqa: F811
    page = client.get(f"{OFFICE}?from=2026-09-15T08:30:00Z&to=2027-01-05")
    assert "15 Sep 2026 08:30" in page.text
    assert page.context["totals"][0]["difference"] == Decimal("45.00")
    offered = [view["href"] for view in page.context["presets"]]
    assert sum("from=2026-12-31" in href for href in offered) == 1


@pytest.mark.parametrize("query", ["?from=2026-02-30", "?from=2026-10-31&to=2026-10-01", "?show=all", "?sow=ledger"])
def test_what_cannot_be_compared_is_refused(client, ledger, query):  # noqa: F811
    assert client.get(OFFICE + query).status_code == 400


def test_nothing_between_two_moments_is_said_so(client, office):
    page = client.get(OFFICE)
    assert "Nothing changed" in page.text


def test_too_many_projects_are_told_beside_the_choice_of_a_portfolio(client, ledger, monkeypatch):  # noqa: F811
    monkeypatch.setattr("portfolio.selectors.changed.LIMIT", 0)
    page = client.get(OFFICE + WHEN)
    assert page.status_code == 400
    assert "choose a portfolio" in page.text
    assert "Capital" in page.text


def test_whoever_may_not_see_money_reads_no_amount(office, director, ledger):  # noqa: F811
    looker = office.member("team_member", name="Jonty Marsh")
    member = {"organisation": office.organisation, "project": ledger, "person": office.person(looker)}
    ProjectMember.objects.create(**member, kind="team")
    client = Client()
    client.force_login(looker.user)
    for address in (OFFICE, ONE):
        page = client.get(address + WHEN)
        assert page.status_code == 200
        assert "30.02" not in page.text
        assert "45.00" not in page.text
    assert "is not yours to see" in client.get(OFFICE + WHEN).text


@pytest.mark.parametrize("address", [OFFICE, ONE])
def test_the_pages_take_a_fixed_number_of_statements(client, ledger, office, address, django_assert_max_num_queries):  # noqa: F811
    for number in range(5):
        entry(office.project(f"M-{number}"), "3.00", date(2026, 9, 10), BETWEEN)
    client.get(address + WHEN)
    with django_assert_max_num_queries(46):
        client.get(address + WHEN)
