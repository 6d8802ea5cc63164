"""Figures over time: the S-curve of a project, and the run of its cost performance index."""

from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple

from projects.analysis.facts import PerformanceFacts
from projects.analysis.forecast import bounded
from projects.analysis.methods import Measurement, plain
from projects.analysis.periods import month_index, month_last
from projects.analysis.planned_value import ZERO, Plan, plan_of
from projects.analysis.progress import Statements, earned


class PeriodPoint(NamedTuple):
    """Cumulative figures at `period_end`; None where unknown, and `ev`, `ac` and the indices after the status date."""

    period_end: date
    pv: Decimal | None
    ev: Decimal | None
    ac: Decimal | None
    cpi: Decimal | None
    spi: Decimal | None


def series(facts: PerformanceFacts, status_date: date) -> tuple[PeriodPoint, ...]:
    """One point a month from the first plan or cost to the last planned month, or to the last fact if that is later.

    `period_end` is the month's last day; in the month of the status date it is the status date itself, with its
    figures. If the plan ends later in that very month, one more point shows where. Empty when nothing is dated.
    """
    plan = plan_of(facts)
    now = month_index(status_date)
    seen = [month_index(cost.period) for cost in facts.costs if cost.period <= status_date]
    if plan.start is not None:
        seen.append(plan.first)
    if not seen:
        return ()
    first = min(seen)
    seen += [month_index(fact.status_date) for fact in facts.progress if fact.status_date <= status_date]
    last = max(*seen, plan.first + len(plan.curve) - 1)
    ends = [status_date if index == now else month_last(index) for index in range(first, last + 1)]
    if last == now and plan.finish is not None and plan.finish > status_date:
        ends.append(month_last(now))
    past = [end for end in ends if end <= status_date]
    measured = _swept(facts, plan.budgets, past) if plain(facts) else _measured(facts, plan, past)
    points = []
    for place, end in enumerate(ends):
        pv = plan.value(end) if end == status_date else plan.at_month_end(month_index(end))
        if place < len(measured):
            ev, ac = measured[place]
            points.append(PeriodPoint(end, pv, ev, ac, _index(ev, ac), _index(ev, pv)))
        else:
            points.append(PeriodPoint(end, pv, None, None, None, None))
    return tuple(points)


def cpi_trend(facts: PerformanceFacts, status_date: date, months: int = 12) -> tuple[Decimal | None, ...]:
    """CPI at the last `months` month ends, oldest first; the last one is at the status date. None where undefined."""
    if not facts.planned or (not facts.progress and plain(facts)):
        return (None,) * months
    now = month_index(status_date)
    ends = [month_last(index) for index in range(now - months + 1, now)]
    ends.append(status_date)
    if not plain(facts):
        return tuple(_index(ev, ac) for ev, ac in _measured(facts, plan_of(facts), ends))
    budgets: dict[int | None, Decimal] = {}
    for package, _, amount in facts.planned:
        budgets[package] = budgets.get(package, ZERO) + amount
    return tuple(_index(ev, ac) for ev, ac in _swept(facts, budgets, ends))


def _swept(
    facts: PerformanceFacts, budgets: dict[int | None, Decimal], ends: list[date]
) -> list[tuple[Decimal | None, Decimal]]:
    """EV and AC at each of the ascending dates, sorting costs and statements once and walking them once.

    The sorts are stable, so of statements for one package and date the one recorded last still wins.
    """
    costs = sorted((cost for cost in facts.costs if cost[1] != "commitment"), key=itemgetter(0))
    progress = sorted(facts.progress, key=itemgetter(1))
    latest: Statements = {}
    swept: list[tuple[Decimal | None, Decimal]] = []
    ac, ev = ZERO, None
    cost_place = statement_place = 0
    for end in ends:
        while cost_place < len(costs) and costs[cost_place][0] <= end:
            ac += costs[cost_place][2]
            cost_place += 1
        if statement_place < len(progress) and progress[statement_place][1] <= end:
            while statement_place < len(progress) and progress[statement_place][1] <= end:
                latest[progress[statement_place][0]] = progress[statement_place]
                statement_place += 1
            ev = earned(budgets, latest)
        swept.append((ev, ac))
    return swept


def _measured(facts: PerformanceFacts, plan: Plan, ends: list[date]) -> list[tuple[Decimal | None, Decimal]]:
    """The same where packages are measured by methods that need more than the latest percentage."""
    spent = _swept(facts, {}, ends)
    measurement = Measurement(facts, plan)
    return [(measurement.earned(end)[0], ac) for end, (_, ac) in zip(ends, spent, strict=True)]


def _index(above: Decimal | None, below: Decimal | None) -> Decimal | None:
    return bounded(above / below) if above is not None and below is not None and below > 0 else None
