from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.analysis.bridge import ABOVE_BUDGET, BUDGETED, REMAINING, SO_FAR, BaselineBudget, bridge
from projects.analysis.earned_value import Performance, measure
from tests.projects.analysis.cases import EMPTY, END_OF_JANUARY, totals

FIRST = BaselineBudget(1, Decimal(1000), None, "")
SECOND = BaselineBudget(2, Decimal(1200), 1, "Second lift")
few = settings(max_examples=50, deadline=None, database=None, derandomize=True)


def figures(eac: object = 1500, **known: object) -> Performance:
    given_ = {"bac": 1200, "pv": 700, "ev": 600, "ac": 750, **known}
    return measure(totals(**given_, reported_eac=Decimal(str(eac)), eac_method="reported"), END_OF_JANUARY)  # type: ignore[arg-type]


def told(baselines: list[BaselineBudget], now: Performance) -> list[tuple[str, Decimal, Decimal]]:
    return [(step.title, step.amount, step.reaches) for step in bridge(baselines, now).steps]


def test_the_bridge_names_every_request_and_ends_at_the_estimate() -> None:
    found = bridge([FIRST, SECOND], figures())
    assert (found.start, found.end, found.reason) == (1000, 1500, None)
    assert [(step.title, step.amount, step.reaches, step.request) for step in found.steps] == [
        ("Second lift", 200, 1200, 1),
        (SO_FAR, 150, 1350, None),
        (REMAINING, 150, 1500, None),
    ]


def test_a_budget_that_no_request_made_is_a_step_of_its_own() -> None:
    assert told([FIRST], figures())[0] == (BUDGETED, 200, 1200)


def test_without_a_baseline_the_budget_in_force_is_the_first() -> None:
    found = bridge([], figures())
    assert (found.start, [step.title for step in found.steps]) == (1200, [SO_FAR, REMAINING])


def test_without_progress_the_estimate_stands_against_the_budget_unsplit() -> None:
    now = replace(figures(), ev=None)
    assert told([SECOND], now) == [(ABOVE_BUDGET, 300, 1500)]


def test_without_an_estimate_the_bridge_ends_at_the_budget_and_says_why() -> None:
    now = measure(totals(bac=1200, pv=700, ev=0, ac=0), END_OF_JANUARY)
    found = bridge([FIRST, SECOND], now)
    assert (found.end, len(found.steps)) == (1200, 1)
    assert found.reason == now.undefined["eac"]


def test_without_a_budget_there_is_nothing_to_start_from() -> None:
    found = bridge([], measure(EMPTY, date(2026, 1, 31)))
    assert (found.start, found.steps, found.end, found.reason) == (None, (), None, "No budget has been approved.")


@pytest.mark.parametrize("currency", ["EUR", "JPY"])
def test_amounts_are_rounded_before_they_are_subtracted(currency: str) -> None:
    now = replace(figures(), currency=currency, ev=Decimal("600.004999"), eac=Decimal("1500.49666"))
    found = bridge([FIRST, SECOND], now)
    assert found.end is not None and found.start is not None
    assert found.start + sum(step.amount for step in found.steps) == found.end
    assert found.end == (Decimal(1500) if currency == "JPY" else Decimal("1500.50"))


money = st.decimals(-1_000_000_000, 1_000_000_000, places=6)


@few
@given(st.lists(money, max_size=5), money, money | st.none(), money, money)
def test_the_steps_add_up_to_the_difference_exactly(
    heights: list[Decimal], bac: Decimal, ev: Decimal | None, ac: Decimal, eac: Decimal
) -> None:
    baselines = [BaselineBudget(number, height, None, "") for number, height in enumerate(heights, 1)]
    found = bridge(baselines, replace(figures(), bac=bac, ev=ev, ac=ac, eac=eac))
    assert found.start is not None and found.end is not None
    assert found.start + sum((step.amount for step in found.steps), Decimal(0)) == found.end
    assert not found.steps or found.steps[-1].reaches == found.end
