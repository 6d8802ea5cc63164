"""The cockpit over several currencies: one total in the office's own, its parts, or the rate that is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from pmo.services.rates import rate_record
from portfolio.selectors.cockpit import Totals
from portfolio.selectors.whole import put_together
from projects.models import Budget, Project
from projects.services.budgets import LineDraft
from projects.services.costs import Posting, cost_entry_post
from projects.services.projects import ProjectDraft, project_create
from tests.conftest import Cast

Settle = Callable[[], int]
HOME = "/o/alder/"


def rate(cast: Cast, base: str, value: str, on: date) -> None:
    rate_record(actor=cast.actor("pmo_analyst"), base=base, quote="GBP", rate=Decimal(value), valid_on=on)


def post(cast: Cast, project: Project, amount: str, on: date) -> None:
    posting = Posting(project_id=project.pk, amount=Decimal(amount), incurred_on=on)
    cost_entry_post(actor=cast.actor("pmo_director"), posting=posting)


@pytest.fixture
def three(alder: Cast, approved_budget: Callable[..., Budget]) -> dict[str, Project]:
    """A project in pounds, one in euro and one in dollars, each with a budget of a thousand and something spent."""
    assert alder.project is not None
    made = {"GBP": alder.project}
    for code in ("EUR", "USD"):
        made[code] = project_create(
            actor=alder.actor("pmo_director"),
            draft=ProjectDraft(
                code=f"ALDER-{code}", name=f"Alder in {code}", portfolio_id=alder.portfolio.pk, currency=code,
                values={"start": date(2026, 1, 1), "finish": date(2026, 12, 31)},
            ),
        )  # fmt: skip
    for project in made.values():
        approved_budget(alder, project, [LineDraft(Decimal(1_000), date(2026, 1, 1))])
        post(alder, project, "100.01", date(2026, 3, 5))
    Budget.objects.update(approved_at="2026-02-10T12:00:00Z")
    return made


def seen(client: Client, address: str = HOME) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.context


def test_the_total_is_in_the_offices_own_currency(alder: Cast, three: dict[str, Project], settle: Settle):
    rate(alder, "EUR", "0.80", date(2026, 1, 1))
    rate(alder, "EUR", "0.90", date(2026, 3, 1))
    rate(alder, "USD", "0.75", date(2026, 1, 1))
    settle()
    whole = seen(alder.client("pmo_analyst"))["whole"]
    assert (whole["total"].bac, whole["total"].projects) == (1_000 + 800 + 750, 3)
    # 100.01 + 90.009 + 75.0075 = 265.0265, and its parts as they are shown.
    assert whole["total"].ac == Decimal("265.03")
    assert [row["converted"][1] for row in whole["rows"]] == ["100.01", "90.01", "75.01"]


def test_what_is_shown_of_the_parts_adds_up_to_what_is_shown_of_the_whole(
    alder: Cast, three: dict[str, Project], settle: Settle
):
    rate(alder, "EUR", "0.84995", date(2026, 1, 1))
    rate(alder, "USD", "0.75345", date(2026, 1, 1))
    settle()
    whole = seen(alder.client("pmo_analyst"))["whole"]
    for place in range(3):
        shown = [row["converted"][place] for row in whole["rows"] if row["converted"][place] is not None]
        added = sum((Decimal(text.replace(",", "")) for text in shown), Decimal(0))
        assert added == Decimal((whole["sums"][place] or "0").replace(",", ""))


def test_the_strip_and_the_foot_show_the_whole(alder: Cast, three: dict[str, Project], settle: Settle):
    rate(alder, "EUR", "0.80", date(2026, 1, 1))
    rate(alder, "USD", "0.75", date(2026, 1, 1))
    settle()
    page = seen(alder.client("pmo_analyst"))
    assert page["feet"][-1]["currency"] == "in GBP"
    assert [foot["currency"] for foot in page["feet"][:-1]] == ["GBP", "EUR", "USD"]
    budget = next(item for item in page["score"] if item["label"] == "Budget (BAC)")
    assert budget["value"] == "£2,550"


def test_without_a_rate_there_is_no_total_and_the_pair_and_day_are_named(
    alder: Cast, three: dict[str, Project], settle: Settle
):
    rate(alder, "USD", "0.75", date(2026, 1, 1))
    rate(alder, "EUR", "0.80", date(2026, 3, 1))
    settle()
    answer = alder.client("pmo_analyst").get(HOME)
    text = re.sub(r"\s+", " ", answer.content.decode())
    assert "No exchange rate from EUR to GBP is known on 10 Feb 2026; 1 project waits for it." in text
    assert "Record the rate" in text
    assert [foot["currency"] for foot in answer.context["feet"]] == ["GBP", "EUR", "USD"]


def test_a_filter_narrows_the_foot_and_not_the_strip(alder: Cast, three: dict[str, Project], settle: Settle):
    rate(alder, "EUR", "0.80", date(2026, 1, 1))
    rate(alder, "USD", "0.75", date(2026, 1, 1))
    settle()
    page = seen(alder.client("pmo_analyst"), f"{HOME}?search=Alder+in")
    assert page["whole"]["total"].projects == 3
    assert (page["feet"][-1]["currency"], page["feet"][-1]["count"]) == ("in GBP", 2)


def test_as_at_today_the_total_is_the_live_one(alder: Cast, three: dict[str, Project], settle: Settle):
    rate(alder, "EUR", "0.80", date(2026, 1, 1))
    rate(alder, "USD", "0.75", date(2026, 1, 1))
    settle()
    client = alder.client("pmo_analyst")
    live, then = seen(client)["whole"], seen(client, f"{HOME}?as_of=2026-10-31")["whole"]
    assert live["rows"] == then["rows"]
    assert live["sums"] == then["sums"]
    assert live["total"].cpi == then["total"].cpi


def test_an_earlier_day_has_the_costs_of_that_day(alder: Cast, three: dict[str, Project], settle: Settle):
    rate(alder, "EUR", "0.80", date(2026, 1, 1))
    rate(alder, "USD", "0.75", date(2026, 1, 1))
    settle()
    assert seen(alder.client("pmo_analyst"), f"{HOME}?as_of=2026-03-04")["whole"]["total"].ac == 0


def test_the_page_of_one_currency_asks_no_more_than_it_did(
    alder: Cast, settle: Settle, django_assert_max_num_queries: Any
):
    settle()
    client = alder.client("pmo_analyst")
    client.get(HOME)
    with django_assert_max_num_queries(12):
        assert seen(client)["whole"] is None


def test_the_page_of_several_currencies_stays_within_its_statements(
    alder: Cast, three: dict[str, Project], settle: Settle, django_assert_max_num_queries: Any
):
    rate(alder, "EUR", "0.80", date(2026, 1, 1))
    rate(alder, "USD", "0.75", date(2026, 1, 1))
    settle()
    client = alder.client("pmo_analyst")
    client.get(HOME)
    with django_assert_max_num_queries(13):
        assert seen(client)["whole"]["total"] is not None


def test_whoever_sees_no_money_sees_no_total(alder: Cast, three: dict[str, Project], settle: Settle):
    rate(alder, "EUR", "0.80", date(2026, 1, 1))
    settle()
    answer = alder.client("administrator").get(HOME)
    assert answer.context["whole"] is None
    assert "No exchange rate" not in answer.content.decode()


amounts = st.decimals(min_value=-(10**10), max_value=10**10, places=6)


def own(currency: str, projects: int, bac: Decimal | None) -> Totals:
    counts = dict.fromkeys(("without_eac", "measured", "red", "amber", "green", "too_green", "overdue", "attention"), 0)
    ratios = dict.fromkeys(("ac", "eac", "cv", "vac", "vac_percent", "cpi", "spi", "ev"))
    return Totals(currency=currency, projects=projects, bac=bac, computed_at=None, **counts, **ratios)


@given(st.lists(amounts, max_size=5), st.lists(amounts, max_size=5), amounts)
def test_whatever_the_amounts_the_parts_add_up_to_the_whole(
    euro: list[Decimal], dollars: list[Decimal], pounds: Decimal
):
    pounds = round(pounds, 2)
    figures = {
        code: [(value, None, None, None, None) for value in values]
        for code, values in (("EUR", euro), ("USD", dollars))
    }
    given_ = [own("GBP", 1, pounds), own("EUR", len(euro), None), own("USD", len(dollars), None)]
    whole = put_together(given_, figures, {}, "GBP")
    assert whole.total is not None
    exact = pounds + sum(euro, Decimal(0)) + sum(dollars, Decimal(0))
    assert abs(whole.total.bac - exact) <= Decimal("0.005")
    assert sum((part.converted.get("bac") or Decimal(0) for part in whole.parts), Decimal(0)) == whole.total.bac
