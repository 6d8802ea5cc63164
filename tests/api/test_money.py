"""projects/{id}/money/ and portfolios/{id}/money/: the grid of the pages, exact, as at and as known at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from projects.models import Budget
from projects.services.budgets import LineDraft
from projects.services.costs import Posting, cost_entry_post
from tests.conftest import Cast


@pytest.fixture
def spent(alder: Cast, approved_budget: Callable[..., Budget], settle: Callable[[], int]) -> Cast:
    assert alder.project is not None
    lines = [LineDraft(Decimal(1_000), date(2026, month, 1), category="labour") for month in range(1, 13)]
    approved_budget(alder, alder.project, lines)
    for amount, month in (("1200.50", 2), ("800.25", 5)):
        posting = Posting(alder.project.pk, Decimal(amount), date(2026, month, 9), category="labour")
        cost_entry_post(actor=alder.actor("pmo_analyst"), posting=posting)
    settle()
    return alder


def answer(cast: Cast, path: str, status: int = 200, **query: str) -> Any:
    client = cast.client("pmo_analyst")
    found = client.get(f"/api/v1/{path}", query)
    assert found.status_code == status, found.content
    return found.json()


def test_budget_by_month_with_exact_amounts(spent: Cast):
    found = answer(spent, f"projects/{spent.project.pk}/money/", mode="budget")
    assert found["total"] == "12000.00"
    assert found["lines"][0]["group"] == "operating"
    assert found["lines"][0]["category"] == "labour"
    assert found["months"][0] == {"month": "2026-01", "amount": "1000.00"}
    assert len(found["months"]) == 12


def test_actual_and_variance_add_up(spent: Cast):
    found = answer(spent, f"projects/{spent.project.pk}/money/", mode="forecast")
    actual = {row["month"]: row["amount"] for row in found["months"]}
    assert (actual["2026-02"], actual["2026-05"]) == ("1200.50", "800.25")
    for mode in ("budget", "forecast", "variance"):
        found = answer(spent, f"projects/{spent.project.pk}/money/", mode=mode)
        assert sum(Decimal(row["amount"]) for row in found["months"]) == Decimal(found["total"])
        assert sum(Decimal(line["total"]) for line in found["lines"]) == Decimal(found["total"])


def test_the_portfolio_is_by_project_programme_or_category(spent: Cast):
    path = f"portfolios/{spent.portfolio.pk}/money/"
    totals = set()
    for group, name in (("project", "ALDER-1"), ("programme", "Alder homes"), ("category", "labour")):
        [currency] = answer(spent, path, mode="budget", group=group)["currencies"]
        assert currency["lines"][0]["group"] == name
        totals.add(currency["total"])
    assert totals == {"12000.00"}


@pytest.mark.parametrize("scope", ["projects", "portfolios"])
def test_as_known_at_a_moment_late_entries_move_nothing(spent: Cast, settle: Callable[[], int], scope: str):
    assert spent.project is not None
    pk = spent.project.pk if scope == "projects" else spent.portfolio.pk
    asked = {"as_of": "2026-06-30", "known_at": (timezone.now() + timedelta(milliseconds=1)).isoformat()}
    before = answer(spent, f"{scope}/{pk}/money/", **asked)
    posting = Posting(spent.project.pk, Decimal("99.99"), date(2026, 2, 3), category="labour")
    cost_entry_post(actor=spent.actor("pmo_analyst"), posting=posting)
    settle()
    assert answer(spent, f"{scope}/{pk}/money/", **asked) == before
    assert answer(spent, f"{scope}/{pk}/money/", as_of="2026-06-30") != before


@pytest.mark.parametrize("scope", ["projects", "portfolios"])
def test_what_is_no_choice_is_refused_by_name(spent: Cast, scope: str):
    pk = spent.project.pk if scope == "projects" else spent.portfolio.pk
    for query in ({"mode": "guess"}, {"group": "colour"}, {"as_of": "soon"}, {"colour": "red"}):
        found = answer(spent, f"{scope}/{pk}/money/", 400, **query)
        assert found["errors"][0]["field"] == next(iter(query))
