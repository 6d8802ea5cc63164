"""Every tracking period of the collection's tracked projects, computed from activities and tracking rows."""

from decimal import Decimal
from pathlib import Path

import pytest

from projects.analysis.earned_value import Performance, measure
from projects.analysis.working_time import working_hours
from tests.projects.analysis.dslib import Period, budget_of, calendar_of, moment, periods, rows

CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def measured(shared_data: Path) -> list[tuple[Period, Performance]]:
    folder = shared_data / "dslib"
    if not folder.is_dir():
        pytest.skip("the collection of tracked projects is not there")
    return [(period, measure(period.facts, period.on)) for period in periods(folder)]


def off(measured: list[tuple[Period, Performance]], *keys: str) -> list[tuple[str, int, str]]:
    """Where a figure is not the printed one to a hundredth."""
    found = []
    for period, performance in measured:
        for key in keys:
            value = getattr(performance, key)
            printed = period.printed["eac_cpi" if key == "eac" else key]
            if printed and (value is None or abs(value - Decimal(printed)) > CENT):
                found.append((period.project, period.number, key))
    return found


def test_all_tracked_projects_are_there(measured: list[tuple[Period, Performance]]) -> None:
    assert len(measured) == 112
    assert len({period.project for period, _ in measured}) == 9


def test_budget_earned_value_and_actual_cost_are_the_printed_ones_in_every_period(
    measured: list[tuple[Period, Performance]],
) -> None:
    assert off(measured, "bac", "ev", "ac", "cv", "cpi", "eac") == []


def test_planned_value_and_what_rests_on_it_are_the_printed_ones_in_every_period(
    measured: list[tuple[Period, Performance]],
) -> None:
    assert off(measured, "pv", "sv", "spi") == []


def test_an_index_is_undefined_exactly_where_nothing_is_printed(measured: list[tuple[Period, Performance]]) -> None:
    for period, performance in measured:
        for key in ("cpi", "spi"):
            assert (getattr(performance, key) is None) == (period.printed[key] == ""), (period.project, period.number)


def test_working_hours_are_the_planned_durations_of_all_ten_projects(shared_data: Path) -> None:
    activities = rows(shared_data / "dslib", "activities.csv")
    assert len({row["project"] for row in activities}) == 10
    for row in activities:
        calendar = calendar_of(row["project"])
        hours = working_hours(calendar, moment(row["baseline_start"]), moment(row["baseline_end"]))
        assert hours == Decimal(row["baseline_duration_h"]), (row["project"], row["id"])


def test_the_budgets_of_all_ten_projects_are_the_printed_ones(shared_data: Path) -> None:
    folder = shared_data / "dslib"
    activities = rows(folder, "activities.csv")
    for row in rows(folder, "projects.csv"):
        whole = sum(budget_of(one) for one in activities if one["project"] == row["project"])
        assert abs(whole - Decimal(row["bac"])) <= CENT, row["project"]
