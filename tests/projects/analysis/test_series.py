from dataclasses import replace
from datetime import date
from decimal import Decimal

from projects.analysis.earned_value import PeriodPoint, cpi_trend, measure, series
from projects.analysis.facts import CostAmount, PlannedAmount, ProgressFact
from tests.projects.analysis.cases import JANUARY, monthly, project

T = date(2026, 3, 17)
PROJECT = monthly(
    [100, 100, 100, 100],
    costs=tuple(CostAmount(date(2026, month, 1), "actual", Decimal(80)) for month in (1, 2, 3))
    + (CostAmount(JANUARY, "commitment", Decimal(999)),),
    progress=(
        ProgressFact(None, date(2026, 2, 28), Decimal(30)),
        ProgressFact(None, date(2026, 3, 10), Decimal(50)),
        ProgressFact(None, date(2026, 4, 1), Decimal(99)),
    ),
)


def test_there_is_a_point_for_every_month_and_the_present_one_is_the_status_date() -> None:
    points = series(PROJECT, T)
    assert [point.period_end for point in points] == [date(2026, 1, 31), date(2026, 2, 28), T, date(2026, 4, 30)]


def test_before_the_first_statement_nothing_is_earned_that_is_known() -> None:
    assert series(PROJECT, T)[0] == PeriodPoint(date(2026, 1, 31), Decimal(100), None, Decimal(80), None, None)


def test_a_past_month_has_its_own_figures() -> None:
    point = series(PROJECT, T)[1]
    assert (point.pv, point.ev, point.ac) == (200, 120, 160)
    assert (point.cpi, point.spi) == (Decimal("0.75"), Decimal("0.6"))


def test_the_point_of_the_status_date_equals_the_measured_figures() -> None:
    point, performance = series(PROJECT, T)[2], measure(PROJECT, T)
    for key in ("pv", "ev", "ac", "cpi", "spi"):
        assert getattr(point, key) == getattr(performance, key)


def test_after_the_status_date_only_the_plan_goes_on() -> None:
    assert series(PROJECT, T)[3] == PeriodPoint(date(2026, 4, 30), Decimal(400), None, None, None, None)


def test_a_plan_that_ends_later_in_the_month_of_the_status_date_still_reaches_its_budget() -> None:
    points = series(PROJECT, date(2026, 4, 10))
    assert [(point.period_end, point.ac) for point in points[-2:]] == [
        (date(2026, 4, 10), 240),
        (date(2026, 4, 30), None),
    ]
    assert points[-1].pv == 400


def test_costs_before_and_after_the_plan_lengthen_the_curve() -> None:
    early, late = (
        CostAmount(date(2025, 11, 1), "actual", Decimal(1)),
        CostAmount(date(2026, 6, 1), "actual", Decimal(1)),
    )
    points = series(replace(PROJECT, costs=(early, late)), date(2026, 9, 30))
    assert points[0] == PeriodPoint(date(2025, 11, 30), Decimal(0), None, Decimal(1), None, None)
    assert points[-1].period_end == date(2026, 6, 30)
    assert (points[-1].pv, points[-1].ev, points[-1].ac) == (400, Decimal(396), 2)


def test_a_status_date_before_everything_shows_the_plan_alone() -> None:
    points = series(PROJECT, date(2025, 1, 31))
    assert len(points) == 4
    assert {point.ac for point in points} == {None}


def test_costs_are_shown_even_where_the_plan_has_no_dates() -> None:
    facts = replace(PROJECT, planned=(PlannedAmount(None, None, Decimal(400)),))
    points = series(facts, T)
    assert [(point.pv, point.ac) for point in points] == [(None, 80), (None, 160), (None, 240)]


def test_nothing_dated_gives_no_curve() -> None:
    assert series(project(), T) == ()


def test_the_trend_ends_with_the_present_index() -> None:
    trend = cpi_trend(PROJECT, T, months=4)
    assert trend == (None, None, Decimal("0.75"), Decimal(200) / 240)
    assert trend[-1] == measure(PROJECT, T).cpi


def test_the_trend_has_its_length_whatever_is_known() -> None:
    assert len(cpi_trend(PROJECT, T)) == 12
    assert cpi_trend(project(), T) == (None,) * 12
    assert cpi_trend(replace(PROJECT, progress=()), T, months=3) == (None,) * 3


def test_a_correction_for_one_date_changes_the_trend_from_that_date_on() -> None:
    corrected = replace(PROJECT, progress=(*PROJECT.progress, ProgressFact(None, date(2026, 2, 28), Decimal(20))))
    assert cpi_trend(corrected, T, months=2) == (Decimal("0.5"), Decimal(200) / 240)
