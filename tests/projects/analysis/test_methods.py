from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from projects.analysis.earned_value import cpi_trend, earned_value, measure, series
from projects.analysis.explain import explain
from projects.analysis.facts import (
    CostAmount,
    Milestone,
    Package,
    PerformanceFacts,
    PlannedAmount,
    ProgressFact,
    RemainingAmount,
)
from projects.analysis.methods import apportionment_circle, circle_said, shares_of
from projects.analysis.planned_value import planned_value
from tests.projects.analysis.cases import JANUARY, MARCH, project

T = date(2026, 2, 28)
BUDGET = Decimal(1000)


def one(method: str, *progress: ProgressFact, **known: object) -> PerformanceFacts:
    """A project of one package with 1,000 planned half in January, half in March."""
    package = Package(1, "Works", None, None, method)._replace(**known)
    planned = (PlannedAmount(1, JANUARY, BUDGET / 2), PlannedAmount(1, MARCH, BUDGET / 2))
    return project(packages=(package,), planned=planned, progress=progress)


def said(percent: object, day: date = T, package: int | None = 1, **known: object) -> ProgressFact:
    return ProgressFact(package, day, Decimal(str(percent)))._replace(**known)


@pytest.mark.parametrize(
    ("percent", "known", "by_0_100", "by_50_50"),
    [
        (0, {}, 0, 0),
        (0, {"actual_start": T}, 0, 500),
        (0, {"actual_start": MARCH}, 0, 0),
        (1, {}, 0, 500),
        (99, {}, 0, 500),
        (100, {}, 1000, 1000),
        (60, {"actual_finish": T}, 1000, 1000),
        (60, {"actual_finish": MARCH}, 0, 500),
    ],
)
def test_start_and_finish_earn_by_rule(percent: int, known: dict[str, object], by_0_100: int, by_50_50: int) -> None:
    assert earned_value(one("0_100", said(percent, **known)), T) == by_0_100
    assert earned_value(one("50_50", said(percent, **known)), T) == by_50_50


MILESTONES = (
    Milestone(1, "Approved", Decimal(10)), Milestone(2, "Built", Decimal(60)), Milestone(3, "Tested", Decimal(30)),
)  # fmt: skip


def test_milestones_earn_their_weights_as_they_are_reached() -> None:
    facts = one(
        "milestones",
        said(10, JANUARY, milestone=1),
        said(40, T, milestone=3),
        said(100, MARCH, milestone=2),
        milestones=MILESTONES,
    )
    assert [earned_value(facts, day) for day in (JANUARY, T, MARCH)] == [100, 400, 1000]


def test_a_milestone_can_be_taken_back() -> None:
    facts = one("milestones", said(10, JANUARY, milestone=1), said(0, T, milestone=1), milestones=MILESTONES)
    assert [earned_value(facts, day) for day in (JANUARY, T)] == [100, 0]


def test_units_earn_their_part_and_never_more_than_the_budget() -> None:
    laid = (said(0, JANUARY, units_done=Decimal(7)), said(0, T, units_done=Decimal(30)))
    facts = one("units", *laid, units_total=Decimal(21))
    assert earned_value(facts, T) == 1000
    third = earned_value(facts, JANUARY)
    assert third is not None and abs(third - BUDGET / 3) < Decimal("1e-20")


def test_loaves_are_earned_as_they_are_baked() -> None:
    # The bread of example 6: 400 loaves at 0.02, 80 of them by hour 3, earn 1.60.
    facts = replace(
        one("units", said(0, units_done=Decimal(80)), units_total=Decimal(400)),
        planned=(PlannedAmount(1, JANUARY, Decimal("8.00")),),
    )
    assert earned_value(facts, T) == Decimal("1.60")


def test_level_of_effort_is_earned_as_planned_and_has_no_schedule_variance() -> None:
    facts = one("level_of_effort")
    for day in (date(2026, 1, 14), T, date(2026, 3, 10)):
        performance = measure(facts, day)
        assert performance.ev == planned_value(facts, day)
        assert performance.sv == 0


def test_level_of_effort_without_dates_is_undefined_with_the_reason_of_the_plan() -> None:
    facts = replace(one("level_of_effort"), planned=(PlannedAmount(1, None, BUDGET),))
    performance = measure(facts, T)
    assert performance.ev is None
    assert performance.undefined["ev"] == performance.undefined["pv"]


def test_level_of_effort_alone_does_not_measure_work_nobody_reports_on() -> None:
    facts = one("level_of_effort")
    works = Package(2, "Build", None, None)
    both = replace(facts, packages=(*facts.packages, works), planned=(*facts.planned, PlannedAmount(2, MARCH, BUDGET)))
    assert measure(both, T).undefined["ev"] == "No progress has been reported up to 28 February 2026."
    assert earned_value(replace(both, progress=(said(10, package=2),)), T) == 500 + 100


def circle(*to: int | None) -> tuple[Package, ...]:
    return tuple(
        Package(number, f"P{number}", None, None, "apportioned" if base else "percent", apportioned_to=base)
        for number, base in enumerate(to, 1)
    )


def test_apportioned_packages_earn_the_share_of_their_base_through_any_number_of_steps() -> None:
    planned = tuple(PlannedAmount(number, JANUARY, BUDGET * number) for number in (1, 2, 3))
    facts = project(packages=circle(None, 1, 2), planned=planned, progress=(said(40),))
    assert {package: share.percent for package, share in shares_of(facts, T).items()} == {1: 40, 2: 40, 3: 40}
    assert earned_value(facts, T) == 2400


def test_packages_apportioned_in_a_circle_are_named_and_measure_nothing() -> None:
    packages = circle(None, 3, 2, 2)
    names = apportionment_circle(packages)
    assert names == ("P2", "P3", "P2")
    planned = tuple(PlannedAmount(number, JANUARY, BUDGET) for number in (1, 2, 3, 4))
    facts = project(packages=packages, planned=planned, progress=(said(40),))
    performance = measure(facts, T)
    assert performance.undefined["ev"] == circle_said(names)
    assert performance.undefined["ev"].endswith("in a circle: “P2” → “P3” → “P2”.")
    assert explain("ev", facts, performance).value is None


@pytest.mark.parametrize("packages", [circle(None, 1, 1), circle(2, None), circle(9)])
def test_what_is_no_circle_is_not_refused(packages: tuple[Package, ...]) -> None:
    assert apportionment_circle(packages) is None


@pytest.mark.parametrize(
    ("method", "why"),
    [
        ("milestones", "it has no milestones"),
        ("units", "units in all"),
        ("apportioned", "no package it is"),
    ],
)
def test_a_method_that_lacks_what_it_needs_goes_by_percent_and_says_so(method: str, why: str) -> None:
    facts = one(method, said(30))
    performance = measure(facts, T)
    assert performance.ev == 300
    assert why in explain("ev", facts, performance).packages[0].method


@pytest.mark.parametrize("method", ["0_100", "50_50", "milestones", "units"])
def test_a_statement_about_the_whole_project_finishes_its_packages_and_says_nothing_else(method: str) -> None:
    known = {"milestones": MILESTONES, "units_total": Decimal(9)}
    assert earned_value(one(method, said(100, package=None), **known), T) == 1000
    assert earned_value(one(method, said(80, package=None), **known), T) is None


def test_the_rows_of_the_explanation_add_up_to_ev_and_name_the_method() -> None:
    packages = (
        Package(1, "Design", None, None, "milestones", milestones=MILESTONES),
        Package(2, "Walls", None, None, "units", Decimal(30)),
        Package(3, "Office", None, None, "level_of_effort"),
        Package(4, "Inspection", None, None, "apportioned", apportioned_to=2),
        Package(5, "Lift", None, None, "50_50"),
    )
    planned = tuple(PlannedAmount(number, month, BUDGET) for number in range(1, 6) for month in (JANUARY, MARCH))
    progress = (said(70, milestone=2), said(0, package=2, units_done=Decimal(10)), said(5, package=5))
    facts = project(
        packages=packages, planned=planned, progress=progress, costs=(CostAmount(JANUARY, "actual", Decimal(4000)),)
    )
    performance = measure(facts, T)
    told = explain("ev", facts, performance)
    assert [line.method for line in told.packages] == [
        "1 of 3 milestones",
        "10 of 30 units",
        "level of effort, earned as planned",
        "apportioned to “Walls”: 10 of 30 units",
        "50/50, started",
    ]
    assert performance.ev is not None
    assert sum(line.earned for line in told.packages) == performance.ev
    assert abs(performance.ev - (1200 + 1000 + 1000 + BUDGET * 4 / 3)) < Decimal("1e-20")
    assert cpi_trend(facts, T)[-1] == performance.cpi
    point = next(point for point in series(facts, T) if point.period_end == T)
    assert (point.ev, point.cpi, point.spi) == (performance.ev, performance.cpi, performance.spi)


def test_an_estimate_to_complete_given_by_month_ages_instead_of_being_added_twice() -> None:
    remaining = tuple(RemainingAmount(date(2026, month, 1), Decimal(100)) for month in (1, 2, 3))
    facts = replace(
        one("percent", said(50)),
        remaining=remaining,
        remaining_on=date(2026, 1, 31),
        costs=(CostAmount(JANUARY, "actual", Decimal(300)), CostAmount(date(2026, 2, 1), "actual", Decimal(170))),
    )
    assert measure(facts, date(2026, 1, 30)).eacs["bottom_up"] is None
    assert measure(facts, date(2026, 1, 31)).eacs["bottom_up"] == 600
    assert measure(facts, T).eacs["bottom_up"] == 470 + 100
    # March 2026 has 22 working days, 7 of them gone by the 10th.
    assert measure(facts, date(2026, 3, 10)).eacs["bottom_up"] == 470 + Decimal(100) * 15 / 22


def test_a_designed_and_coded_unit_of_software_earns_seven_of_its_ten_points() -> None:
    # Example 22: design 5, code 2, test 3; a build of 100 units is worth 1,000 points.
    steps = tuple(
        Milestone(number, name, Decimal(points))
        for number, name, points in ((1, "Design", 5), (2, "Code", 2), (3, "Test", 3))
    )
    unit = one("milestones", said(50, JANUARY, milestone=1), said(70, T, milestone=2), milestones=steps)
    assert shares_of(unit, T)[1].of(Decimal(10)) == 7
    assert earned_value(one("units", said(0, units_done=Decimal(40)), units_total=Decimal(100)), T) == 400
