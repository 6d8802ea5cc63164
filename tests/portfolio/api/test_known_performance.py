"""The roll-up of a portfolio as known at a moment, and its total over several currencies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from pmo.services.rates import rate_record
from projects.models import Budget, Project
from projects.services.budgets import LineDraft
from projects.services.costs import Posting, cost_entry_post
from projects.services.progress import progress_record
from projects.services.projects import ProjectDraft, project_create
from tests.conftest import STATUS_DATE, Cast

Settle = Callable[[], int]


def rate(cast: Cast, base: str, value: str) -> None:
    rate_record(actor=cast.actor("pmo_analyst"), base=base, quote="GBP", rate=Decimal(value), valid_on=date(2026, 1, 1))


def post(cast: Cast, project: Project, amount: str) -> None:
    posting = Posting(project_id=project.pk, amount=Decimal(amount), incurred_on=date(2026, 3, 5))
    cost_entry_post(actor=cast.actor("pmo_director"), posting=posting)


@pytest.fixture
def two(alder: Cast, approved_budget: Callable[..., Budget], settle: Settle) -> dict[str, Project]:
    """A project in pounds and one in euro, each with a budget, something spent and some of the work done."""
    assert alder.project is not None
    draft = ProjectDraft(
        code="ALDER-EUR", name="Alder in euro", portfolio_id=alder.portfolio.pk, currency="EUR",
        programme_id=alder.project.programme_id,
        values={"start": date(2026, 1, 1), "finish": date(2026, 12, 31)},
    )  # fmt: skip
    made = {"GBP": alder.project, "EUR": project_create(actor=alder.actor("pmo_director"), draft=draft)}
    for project in made.values():
        approved_budget(alder, project, [LineDraft(Decimal(1_000), date(2026, 1, 1))])
        post(alder, project, "100.01")
        progress_record(
            actor=alder.actor("pmo_director"), project_id=project.pk, status_date=STATUS_DATE,
            percent_complete=Decimal(20),
        )  # fmt: skip
    settle()
    return made


def scopes(cast: Cast) -> list[str]:
    assert cast.project is not None
    return [f"portfolios/{cast.portfolio.pk}", f"programmes/{cast.project.programme_id}"]


def answer(cast: Cast, scope: str, **query: str) -> dict[str, Any]:
    found = cast.client("pmo_analyst").get(f"/api/v1/{scope}/performance/", query)
    assert found.status_code == 200, found.content
    return found.json()


@pytest.fixture(params=["portfolio", "programme"])
def scope(request: pytest.FixtureRequest, alder: Cast) -> str:
    return scopes(alder)[request.param == "programme"]


def test_as_known_now_is_what_is_kept(alder: Cast, two: dict[str, Project], settle: Settle, scope: str):
    rate(alder, "EUR", "0.84995")
    settle()
    live = answer(alder, scope)
    known = answer(alder, scope, known_at=(timezone.now() + timedelta(seconds=1)).isoformat())
    assert (known["status_date"], known["computed_at"]) == (STATUS_DATE.isoformat(), None)
    for body in (live, known):
        for one in (body, *body["other_currencies"]):
            one.pop("computed_at"), one.pop("open_findings")
        body.pop("status_date")
    assert known == live
    assert live["other_currencies"][0]["currency"] == "EUR"


def test_late_entries_move_nothing_of_it(alder: Cast, two: dict[str, Project], settle: Settle, scope: str):
    rate(alder, "EUR", "0.80")
    settle()
    asked = {"as_of": "2026-06-30", "known_at": (timezone.now() + timedelta(milliseconds=1)).isoformat()}
    before = answer(alder, scope, **asked)
    assert (before["ac"], before["open_findings"]) == ("100.01", None)
    for project in two.values():
        post(alder, project, "77.77")
    rate(alder, "EUR", "0.95")
    settle()
    assert answer(alder, scope, **asked) == before
    assert answer(alder, scope)["ac"] == "177.78"


def test_the_total_is_the_sum_of_its_shown_parts(alder: Cast, two: dict[str, Project], settle: Settle, scope: str):
    rate(alder, "EUR", "0.84995")
    settle()
    for query in ({}, {"as_of": STATUS_DATE.isoformat()}, {"known_at": timezone.now().isoformat()}):
        whole = answer(alder, scope, **query)["in_reporting_currency"]
        assert (whole["currency"], whole["bac"], whole["missing"]) == ("GBP", "1849.95", [])
        for key in ("bac", "ac", "eac"):
            assert sum(Decimal(part["converted"][key]) for part in whole["parts"]) == Decimal(whole[key])
        assert {part["currency"]: part["own"]["ac"] for part in whole["parts"]} == {"GBP": "100.01", "EUR": "100.01"}


def test_a_missing_rate_is_named_in_place_of_the_total(
    alder: Cast, two: dict[str, Project], settle: Settle, scope: str
):
    for query in ({}, {"known_at": timezone.now().isoformat()}):
        whole = answer(alder, scope, **query)["in_reporting_currency"]
        assert (whole["bac"], whole["cpi"], whole["parts"]) == (None, None, [])
        [missing] = whole["missing"]
        assert (missing["base"], missing["quote"], missing["projects"]) == ("EUR", "GBP", 1)


def test_one_currency_has_no_total_beside_it(alder: Cast, settle: Settle, scope: str):
    settle()
    assert answer(alder, scope)["in_reporting_currency"] is None


def test_what_was_recorded_later_is_not_counted(alder: Cast, two: dict[str, Project], scope: str):
    found = answer(alder, scope, known_at=(timezone.now() - timedelta(days=1)).isoformat())
    assert (found["projects_counted"], found["bac"], found["other_currencies"]) == (0, None, [])


def test_it_takes_a_fixed_number_of_statements(
    alder: Cast, two: dict[str, Project], settle: Settle, scope: str, django_assert_max_num_queries
):
    rate(alder, "EUR", "0.80")
    settle()
    client = alder.client("pmo_analyst")
    for query, most in (({}, 16), ({"known_at": timezone.now().isoformat()}, 35)):
        client.get(f"/api/v1/{scope}/performance/", query)
        with django_assert_max_num_queries(most):
            client.get(f"/api/v1/{scope}/performance/", query)
