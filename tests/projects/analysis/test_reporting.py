"""Figures of one project in another currency: the worked numbers of docs/algorithms/money.md, and what always holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo.kit.money import round_money
from projects.analysis.conversion import MissingRate, Rate, rates_of
from projects.analysis.parts import rounded_parts
from projects.analysis.reporting import DayAmount, in_currency, missing_words

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
RATES = rates_of([Rate("EUR", "GBP", Decimal("0.80"), JANUARY), Rate("EUR", "GBP", Decimal("0.90"), MARCH)], "GBP")
APPROVED = date(2026, 2, 10)


@dataclass(frozen=True)
class Own:
    """Figures in EUR."""

    bac: Decimal | None = None
    pv: Decimal | None = None
    ev: Decimal | None = None
    ac: Decimal | None = Decimal(0)
    committed: Decimal | None = Decimal(0)
    eac: Decimal | None = None
    currency: str = "EUR"
    status_date: date = date(2026, 3, 31)


EXAMPLE = Own(
    bac=Decimal(1000), pv=Decimal(450), ev=Decimal(400), ac=Decimal(500), committed=Decimal(60), eac=Decimal(1250)
)
DAYS = (
    DayAmount(date(2026, 2, 20), False, Decimal(300)),
    DayAmount(date(2026, 3, 5), False, Decimal(200)),
    DayAmount(date(2026, 2, 1), True, Decimal(60)),
)


def test_plan_is_at_the_rate_of_approval_and_cost_at_the_rate_of_its_day():
    found = in_currency(EXAMPLE, DAYS, APPROVED, "GBP", RATES)
    assert (found.bac, found.pv, found.ev) == (800, 360, 320)
    assert found.ac == 420
    assert found.committed == 48
    assert found.eac == 1020
    assert found.ev - found.ac == -100
    assert round(found.ev / found.ac, 2) == Decimal("0.76")


def test_the_rates_gone_through_are_told_once_each():
    assert in_currency(EXAMPLE, DAYS, APPROVED, "GBP", RATES).used == (
        Rate("EUR", "GBP", Decimal("0.80"), JANUARY),
        Rate("EUR", "GBP", Decimal("0.90"), MARCH),
    )


def test_a_finished_project_keeps_what_it_cost():
    own = Own(ac=Decimal(500), eac=Decimal(500))
    assert in_currency(own, DAYS[:2], APPROVED, "GBP", RATES).eac == 420


def test_without_a_budget_what_is_left_counts_at_the_status_date():
    own = Own(ac=Decimal(500), eac=Decimal(600))
    assert in_currency(own, DAYS[:2], None, "GBP", RATES).eac == 420 + 90


def test_what_is_undefined_stays_undefined():
    found = in_currency(Own(ac=None, committed=None), (), None, "GBP", RATES)
    assert (found.bac, found.pv, found.ev, found.ac, found.committed, found.eac) == (None,) * 6


def test_a_day_without_a_rate_is_named_and_nothing_is_left_out():
    days = (DayAmount(date(2025, 12, 31), False, Decimal(300)), *DAYS[1:])
    with pytest.raises(MissingRate) as caught:
        in_currency(EXAMPLE, days, APPROVED, "GBP", RATES)
    assert missing_words(caught.value) == (
        "No total in GBP: no exchange rate from EUR to GBP is known on 31 December 2025."
    )


def test_days_that_do_not_add_up_to_the_figures_are_an_error():
    with pytest.raises(ValueError, match="not to 500"):
        in_currency(EXAMPLE, DAYS[1:], APPROVED, "GBP", RATES)


amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
rates = st.decimals(min_value=Decimal("0.0001"), max_value=Decimal(10_000), places=4)


@given(st.lists(st.tuples(st.integers(1, 120), amounts), max_size=12), rates, rates)
def test_the_parts_shown_add_up_to_the_whole_shown(entries, first, second):
    known = rates_of([Rate("EUR", "JPY", first, JANUARY), Rate("EUR", "JPY", second, MARCH)])
    days = [DayAmount(date.fromordinal(JANUARY.toordinal() + n), False, amount) for n, amount in entries]
    each = [in_currency(Own(ac=day.amount), [day], None, "JPY", known).ac for day in days]
    whole = in_currency(Own(ac=sum((day.amount for day in days), Decimal(0))), days, None, "JPY", known).ac
    assert sum(each, Decimal(0)) == whole
    shown = round_money(whole, "JPY")
    assert sum(rounded_parts(each, shown, "JPY"), Decimal(0)) == shown


@given(st.lists(st.tuples(st.integers(1, 50), amounts), max_size=8), rates)
def test_at_one_rate_a_figure_is_the_rate_times_it(entries, rate):
    days = [DayAmount(date.fromordinal(JANUARY.toordinal() + n), False, amount) for n, amount in entries]
    own = sum((day.amount for day in days), Decimal(0))
    known = rates_of([Rate("EUR", "GBP", rate, JANUARY)])
    found = in_currency(Own(ac=own, bac=own, eac=own + 7), days, APPROVED, "GBP", known)
    assert found.ac == found.bac == own * rate
    assert found.eac == (own + 7) * rate
