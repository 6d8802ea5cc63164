from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest

from projects.analysis.facts import Package, PlannedAmount
from projects.analysis.planned_value import plan_of, planned_value
from tests.projects.analysis.cases import JANUARY, monthly, project

YEAR = monthly([100] * 12)
HUNDRED = Decimal(100)


def test_months_passed_count_whole_and_the_current_one_by_working_days() -> None:
    assert planned_value(YEAR, date(2026, 10, 20)) == 900 + Decimal(1400) / 22


@pytest.mark.parametrize(
    ("t", "expected"),
    [
        (date(2025, 12, 31), 0),
        (date(2026, 1, 31), 100),
        (date(2026, 5, 29), 500),  # a Friday; only a weekend is left of the month
        (date(2026, 8, 1), 700),  # a Saturday; August has not begun
        (date(2026, 12, 31), 1200),
        (date(2031, 1, 1), 1200),
    ],
)
def test_planned_value_by_date(t: date, expected: int) -> None:
    assert planned_value(YEAR, t) == expected


def test_a_period_that_is_not_the_first_of_its_month_means_its_month() -> None:
    facts = project(planned=(PlannedAmount(None, date(2026, 3, 17), HUNDRED),))
    assert planned_value(facts, date(2026, 2, 28)) == 0
    assert planned_value(facts, date(2026, 3, 31)) == 100


def test_budget_without_months_is_spread_over_the_working_days_of_its_phase() -> None:
    phase = Package(7, "Build", date(2026, 10, 5), date(2026, 10, 16))
    facts = project(packages=(phase,), planned=(PlannedAmount(7, None, HUNDRED),), start=JANUARY, finish=JANUARY)
    assert [planned_value(facts, date(2026, 10, day)) for day in (4, 5, 9, 11, 15, 16, 30)] == [
        0,
        10,
        50,
        50,
        90,
        100,
        100,
    ]


@pytest.mark.parametrize("phase", [Package(7, "Build", date(2026, 10, 5), None), Package(7, "Build", None, None)])
def test_a_phase_without_both_dates_uses_those_of_the_project(phase: Package) -> None:
    facts = project(
        packages=(phase,),
        planned=(PlannedAmount(7, None, HUNDRED),),
        start=date(2026, 11, 2),
        finish=date(2026, 11, 6),
    )
    assert planned_value(facts, date(2026, 11, 3)) == 40


def test_months_and_spread_budget_add_up() -> None:
    facts = replace(
        YEAR,
        planned=(*YEAR.planned, PlannedAmount(None, None, HUNDRED)),
        start=date(2025, 12, 29),
        finish=date(2026, 1, 9),
    )
    assert planned_value(facts, date(2025, 12, 31)) == 30
    assert planned_value(facts, date(2026, 1, 31)) == 200
    assert plan_of(facts).start == date(2025, 12, 29)


def test_the_order_of_budget_lines_does_not_show_in_the_last_digit() -> None:
    spans = [(date(2026, 1, 5), date(2026, 1, 13)), (date(2026, 1, 6), date(2026, 1, 29)), (JANUARY, date(2026, 2, 27))]
    phases = tuple(Package(number, "Phase", *span) for number, span in enumerate(spans))
    lines = tuple(PlannedAmount(number, None, Decimal(f"{10**number}.01")) for number in range(3))
    for day in range(7, 29):
        t = date(2026, 1, day)
        assert len({planned_value(project(packages=phases, planned=order), t) for order in permutations(lines)}) == 1


def test_a_weekend_only_spread_falls_due_on_its_last_day() -> None:
    facts = project(planned=(PlannedAmount(None, None, HUNDRED),), start=date(2026, 10, 17), finish=date(2026, 10, 18))
    assert planned_value(facts, date(2026, 10, 17)) == 0
    assert planned_value(facts, date(2026, 10, 18)) == 100


def test_budget_without_any_dates_makes_planned_value_unknown_and_says_whose_it_is() -> None:
    facts = project(
        packages=(Package(7, "Build", None, None),), planned=(*YEAR.planned, PlannedAmount(7, None, HUNDRED))
    )
    plan = plan_of(facts)
    assert planned_value(facts, date(2026, 10, 20)) is None
    assert plan.bac == 1300
    assert plan.reason == (
        "The budget of “Build” names no months, and there is no start and finish date to spread it over."
    )


def test_dates_the_wrong_way_round_make_planned_value_unknown() -> None:
    facts = project(planned=(PlannedAmount(None, None, HUNDRED),), start=date(2026, 10, 2), finish=date(2026, 10, 1))
    assert planned_value(facts, date(2027, 1, 1)) is None
    assert plan_of(facts).reason == (
        "The budget names no months, and the finish date 1 October 2026 lies before the start date 2 October 2026."
    )


def test_without_a_budget_planned_value_is_unknown() -> None:
    assert planned_value(project(start=JANUARY, finish=JANUARY), JANUARY) is None


def test_negative_lines_lower_the_plan() -> None:
    facts = monthly([100, -40, 100])
    assert planned_value(facts, date(2026, 2, 28)) == 60
    assert plan_of(facts).bac == 160


def test_month_ends_read_from_the_plan_are_the_values_computed_for_their_dates() -> None:
    facts = replace(
        YEAR,
        planned=(*YEAR.planned, PlannedAmount(None, None, Decimal("777.77"))),
        start=date(2026, 2, 11),
        finish=date(2027, 3, 17),
    )
    plan = plan_of(facts)
    for place, day in enumerate([date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]):
        assert plan.at_month_end(plan.first + place) == plan.value(day)
    assert plan.at_month_end(plan.first - 1) == 0
    assert plan.at_month_end(plan.first + 99) == plan.bac
