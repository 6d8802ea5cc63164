from datetime import date
from decimal import Decimal

import pytest

from projects.analysis.earned_schedule import EarnedSchedule, earned_schedule
from projects.analysis.earned_value import measure
from projects.analysis.facts import CostAmount, PlannedAmount, ProgressFact
from projects.analysis.periods import month_end
from projects.analysis.planned_value import plan_of
from tests.projects.analysis.cases import JANUARY, monthly, project

GHENT = [  # C2013-13 Office Finishing Works (1): cumulative PV at the ends of August to December 2010
    "11738.74", "224775.50", "430041.21", "687166.71", "906873.31",
]  # fmt: skip
GHENT_BAC = "1118496.59"


def found(amounts: list[object], ev: object, t: date) -> EarnedSchedule:
    schedule = earned_schedule(plan_of(monthly(amounts)), Decimal(str(ev)), t)
    assert schedule is not None
    return schedule


def test_it_interpolates_between_two_month_ends() -> None:
    # PRA: 10, 20, 40, 70 and 100 % of 100,000 over five periods, 35 % done at the third.
    schedule = found([10_000, 10_000, 20_000, 30_000, 30_000], 35_000, date(2026, 3, 31))
    assert schedule == EarnedSchedule(Decimal("2.75"), Decimal(3), Decimal(5))


@pytest.mark.parametrize(
    ("month", "ev", "printed"),
    [
        (8, "216475.23", "1.9610"),
        (9, "421709.15", "2.9594"),
        (10, "626349.05", "3.7635"),
        (11, "825375.44", "4.6291"),
    ],
)
def test_a_real_project_is_ahead_of_its_plan_by_the_month(month: int, ev: str, printed: str) -> None:
    cumulative = [Decimal(0), *map(Decimal, GHENT), Decimal(GHENT_BAC)]
    plan = plan_of(monthly([b - a for a, b in zip(cumulative, cumulative[1:], strict=False)], first=date(2010, 8, 1)))
    schedule = earned_schedule(plan, Decimal(ev), month_end(date(2010, month, 1)))
    assert schedule is not None
    assert schedule.es == pytest.approx(Decimal(printed), abs=Decimal("0.00005"))
    assert schedule.at == month - 7


def test_all_planned_through_may_and_part_of_june_seen_in_july() -> None:
    # Lipke: ES = 5 + (EV − PV(May)) / (PV(June) − PV(May)), AT = 7.
    schedule = found([10, 20, 30, 30, 30, 40, 40, 30, 20, 10], 120 + 13, date(2026, 7, 31))
    assert schedule.es == 5 + Decimal(133 - 120) / 40
    assert schedule.at == 7


@pytest.mark.parametrize(("at", "es", "sv", "spi"), [(20, 18, -2, "0.90"), (24, 21, -3, "0.875")])
def test_printed_time_indices_come_out(at: int, es: int, sv: int, spi: str) -> None:
    # hksmnow.com, in periods.
    facts = monthly([100] * 30, progress=(ProgressFact(None, JANUARY, Decimal(es * 100) / 30),))
    performance = measure(facts, month_end(date(2026 + (at - 1) // 12, (at - 1) % 12 + 1, 1)))
    assert performance.es == pytest.approx(Decimal(es))
    assert performance.sv_t == pytest.approx(Decimal(sv))
    assert performance.spi_t == pytest.approx(Decimal(spi))


def test_nothing_earned_is_zero_time_and_no_error() -> None:
    facts = monthly([100, 100], progress=(ProgressFact(None, JANUARY, Decimal(0)),))
    performance = measure(facts, date(2026, 1, 31))
    assert (performance.es, performance.sv_t, performance.spi_t) == (0, -1, 0)
    assert performance.ieac_t is None
    assert performance.undefined["ieac_t"] == "Nothing has been earned yet."


def test_nothing_earned_is_zero_time_even_where_nothing_was_planned_at_first() -> None:
    assert found([0, 0, 100], 0, date(2026, 2, 28)).es == 0


def test_a_flat_stretch_of_the_plan_counts_as_passed() -> None:
    assert found([100, 0, 0, 100], 100, date(2026, 2, 28)).es == 3
    assert found([100, 0, 0, 100], 150, date(2026, 2, 28)).es == Decimal("3.5")


def test_all_earned_is_the_earliest_time_at_which_all_is_planned() -> None:
    schedule = found([100, 100, 0, 0], 200, date(2026, 4, 30))
    assert (schedule.es, schedule.pd, schedule.at) == (2, 2, 4)


def test_more_than_everything_earned_is_held_at_the_planned_duration() -> None:
    assert found([100, 100], 250, date(2026, 1, 31)).es == 2


def test_less_than_nothing_earned_is_held_at_zero() -> None:
    assert found([100, 100], -5, date(2026, 1, 31)).es == 0


def test_a_plan_that_falls_for_a_while_still_gives_one_time() -> None:
    assert found([100, -40, 100], 80, date(2026, 1, 31)).es == 2 + Decimal(20) / 100


def test_months_cut_by_the_planned_dates_are_shorter_steps() -> None:
    # Spread over 16 March (Monday, the 11th of 22 working days) to 30 April (22 of 22).
    facts = project(
        start=date(2026, 3, 16), finish=date(2026, 4, 30), planned=(PlannedAmount(None, None, Decimal(340)),)
    )
    plan = plan_of(facts)
    all_of_it = earned_schedule(plan, Decimal(340), date(2026, 4, 30))
    assert all_of_it is not None
    assert all_of_it.pd == pytest.approx(1 + Decimal(12) / 22)
    assert all_of_it.at == all_of_it.pd == all_of_it.es
    half_of_march = earned_schedule(plan, Decimal(60), date(2026, 4, 30))
    assert half_of_march is not None
    assert half_of_march.es == pytest.approx(Decimal(6) / 22)


@pytest.mark.parametrize(
    "t", [date(2026, 3, 16), date(2026, 3, 29), date(2026, 4, 1), date(2026, 4, 17), date(2026, 4, 30)]
)
def test_a_project_exactly_on_an_even_plan_is_on_time_at_any_date(t: date) -> None:
    facts = project(
        start=date(2026, 3, 16), finish=date(2026, 4, 30), planned=(PlannedAmount(None, None, Decimal(340)),)
    )
    plan = plan_of(facts)
    planned = plan.value(t)
    assert planned is not None
    schedule = earned_schedule(plan, planned, t)
    assert schedule is not None
    assert schedule.es == pytest.approx(schedule.at)


def test_before_the_planned_start_no_index_exists() -> None:
    facts = monthly([100, 100], progress=(ProgressFact(None, date(2025, 12, 1), Decimal(10)),))
    performance = measure(facts, date(2025, 12, 15))
    assert performance.spi_t is None and performance.ieac_t is None
    assert performance.undefined["spi_t"] == "No working time of the plan has passed yet."
    assert performance.es == Decimal("0.2")


def test_a_late_finish_reads_one_in_money_and_late_in_time() -> None:
    # Nine months of plan done in thirteen, as in the airport example: SPI 1.000, SPI(t) 0.692.
    finish = date(2027, 1, 31)
    facts = monthly(
        [100] * 9, status="closed", actual_finish=finish, progress=(ProgressFact(None, finish, Decimal(100)),)
    )
    performance = measure(facts, finish)
    assert performance.spi == 1
    assert performance.spi_t == pytest.approx(Decimal("0.692"), abs=Decimal("0.0005"))
    assert performance.sv_t == -4
    assert performance.ieac_t == 13


def test_time_stops_at_the_actual_finish() -> None:
    finish = date(2026, 2, 28)
    facts = monthly([100] * 2, actual_finish=finish, progress=(ProgressFact(None, finish, Decimal(100)),))
    assert measure(facts, date(2029, 6, 30)).spi_t == 1


def test_next_to_nothing_earned_predicts_no_duration() -> None:
    facts = monthly([10**12], progress=(ProgressFact(None, JANUARY, Decimal("1e-17")),))
    performance = measure(facts, date(2026, 1, 31))
    assert performance.es == Decimal("1e-19")
    assert performance.ieac_t is None
    assert performance.undefined["ieac_t"].endswith("too large to mean anything.")


def test_without_dates_or_budget_there_is_none() -> None:
    undated = project(
        planned=(PlannedAmount(None, None, Decimal(10)),), costs=(CostAmount(JANUARY, "actual", Decimal(1)),)
    )
    assert earned_schedule(plan_of(undated), Decimal(5), JANUARY) is None
    assert earned_schedule(plan_of(monthly([0, 0])), Decimal(5), JANUARY) is None
    assert earned_schedule(plan_of(project()), Decimal(5), JANUARY) is None
