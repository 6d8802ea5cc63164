"""Ten real projects of Ghent University's collection, read from activities and tracking rows into our facts."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from projects.analysis.facts import CostAmount, Package, PerformanceFacts, PlannedAmount, ProgressFact
from projects.analysis.periods import month_first, month_index
from projects.analysis.working_time import TimedAmount, WorkingCalendar, planned_by_hours
from tests.projects.analysis.cases import project

Row = dict[str, str]
CALENDAR = WorkingCalendar()
# One project has 14 holidays which the rows do not name. Its planned durations leave one day between 6 October and
# 3 November 2010, two between 4 and 19 November, eleven between 20 December and 17 January: All Saints' Day, Armistice
# Day with the day after it, and the two weeks of the builders' winter break.
HOLIDAYS = {
    "C2013-12": frozenset(
        [date(2010, 11, 1), date(2010, 11, 11), date(2010, 11, 12)]
        + [date(2010, 12, day) for day in (24, 27, 28, 29, 30, 31)]
        + [date(2011, 1, day) for day in (3, 4, 5, 6, 7)]
    )
}
ZERO = Decimal(0)


class Period(NamedTuple):
    """A tracking period: its facts as at the status date, and what the collection prints for it."""

    project: str
    number: int
    on: date
    facts: PerformanceFacts
    printed: Row


def rows(folder: Path, name: str) -> list[Row]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def calendar_of(name: str) -> WorkingCalendar:
    return replace(CALENDAR, holidays=HOLIDAYS.get(name, frozenset()))


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M")


def budget_of(row: Row) -> Decimal:
    """Fixed cost + (own + resource hourly rate) × baseline hours + cost per use."""
    hourly = Decimal(row["cost_per_hour"]) + Decimal(row["resource_cost_per_hour"])
    return (
        Decimal(row["fixed_cost"])
        + hourly * Decimal(row["baseline_duration_h"])
        + Decimal(row["resource_cost_per_use"])
    )


def cost_of(row: Row, tracked: Row) -> Decimal:
    """Fixed cost × percent + hourly rates × actual hours + cost per use once begun + the tracked deviation."""
    hourly = Decimal(row["cost_per_hour"]) + Decimal(row["resource_cost_per_hour"])
    percent, hours = Decimal(tracked["percent_complete"]), Decimal(tracked["actual_duration_h"])
    begun = percent > 0 or hours > 0
    return (
        Decimal(row["fixed_cost"]) * percent
        + hourly * hours
        + (Decimal(row["resource_cost_per_use"]) if begun else ZERO)
        + Decimal(tracked["actual_cost_deviation"])
    )


def periods(folder: Path) -> Iterator[Period]:
    """Every tracking period of every tracked project."""
    activities: dict[str, list[Row]] = defaultdict(list)
    for row in rows(folder, "activities.csv"):
        if row["baseline_start"]:
            activities[row["project"]].append(row)
    tracked: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    for row in rows(folder, "tracking_activities.csv"):
        tracked[row["project"], row["period"]][row["activity"]] = row
    for printed in rows(folder, "evm_oracle.csv"):
        name = printed["project"]
        yield _period(printed, activities[name], tracked[name, printed["period"]])


def _period(printed: Row, activities: list[Row], tracked: dict[str, Row]) -> Period:
    """Budget planned up to the status moment lies in its month, the rest in the month after it."""
    at = moment(printed["status_date"])
    now = month_index(at.date())
    status_date = at.date()
    planned: list[PlannedAmount] = []
    progress: list[ProgressFact] = []
    spent = ZERO
    for row in activities:
        package, budget = int(row["id"]), budget_of(row)
        due = TimedAmount(moment(row["baseline_start"]), moment(row["baseline_end"]), budget)
        by_now = planned_by_hours([due], at, calendar_of(printed["project"]))
        planned.append(PlannedAmount(package, month_first(now - 1), by_now))
        planned.append(PlannedAmount(package, month_first(now + 1), budget - by_now))
        said = tracked.get(row["id"])
        percent = Decimal(said["percent_complete"]) * 100 if said else ZERO
        progress.append(ProgressFact(package, status_date, percent))
        spent += cost_of(row, said) if said else ZERO
    facts = project(
        packages=tuple(Package(int(row["id"]), row["name"], None, None) for row in activities),
        planned=tuple(planned),
        costs=(CostAmount(month_first(now), "actual", spent),),
        progress=tuple(progress),
    )
    return Period(printed["project"], int(printed["period"]), status_date, facts, printed)
