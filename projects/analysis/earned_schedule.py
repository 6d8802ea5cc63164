"""Earned schedule: the time at which the plan reached today's earned value (Lipke, 2003)."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from projects.analysis.periods import time_at_end, time_at_start
from projects.analysis.planned_value import Plan

ZERO = Decimal(0)


class EarnedSchedule(NamedTuple):
    """Months from the planned start: earned (`es`), gone by (`at`) and planned in all (`pd`)."""

    es: Decimal
    at: Decimal
    pd: Decimal


class Bracket(NamedTuple):
    """The two neighbouring points of the planned curve between which the earned value lies."""

    time_before: Decimal
    value_before: Decimal
    time_after: Decimal
    value_after: Decimal


def earned_schedule(plan: Plan, ev: Decimal, t: date) -> EarnedSchedule | None:
    """ES = C + (EV − PV_C) / (PV_C+1 − PV_C), C the last point with PV_C ≤ EV; points are the planned start, every
    month end and the planned finish. 0 where nothing is earned; PD from EV = BAC on. None without a dated, positive
    plan. `t` is the status date, or the finish of a project that ended before it."""
    if plan.start is None or plan.finish is None or plan.curve[-1] <= 0:
        return None
    origin = time_at_start(plan.start)
    pd = time_at_end(plan.finish) - origin
    at = max(time_at_end(t) - origin, ZERO)
    if ev <= 0:
        return EarnedSchedule(ZERO, at, pd)
    found = bracket(plan, ev)
    if found is None:
        return EarnedSchedule(pd, at, pd)
    before, low, after, high = found
    return EarnedSchedule(before - origin + (ev - low) / (high - low) * (after - before), at, pd)


def bracket(plan: Plan, ev: Decimal) -> Bracket | None:
    """The last point of the curve not above `ev` and the one after it; None when the whole plan is earned.

    Times are positions on the axis of `periods.time_at_end`. Scanning from the end makes a flat stretch count as
    passed, and keeps the step after the point a rise even where negative budget lines let the curve fall.
    """
    curve, first = plan.curve, plan.first
    if plan.start is None or plan.finish is None or ev >= curve[-1]:
        return None
    place = len(curve) - 1
    while place >= 0 and curve[place] > ev:
        place -= 1
    after = time_at_end(plan.finish) if place + 2 == len(curve) else Decimal(first + place + 2)
    if place < 0:
        return Bracket(time_at_start(plan.start), ZERO, after, curve[0])
    return Bracket(Decimal(first + place + 1), curve[place], after, curve[place + 1])
