"""A figure taken apart for reading: formula, numbers, rows, and what changed since the last month end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from projects.analysis.bands import BANDS, Band, marks, tone_of
from projects.analysis.earned_value import measure
from projects.analysis.explain import Explanation, PackageLine, PlannedLine, explain
from projects.analysis.metrics import METRIC, Metric
from projects.analysis.parts import rounded_parts
from projects.analysis.periods import month_index, month_last
from projects.analysis.presentation import as_shown
from projects.models import CostEntry, Project
from projects.selectors.facts import performance_facts
from projects.selectors.ledger import ACTUAL, COMMITTED, Share, Slice, by_category, by_month, latest

TREND = 12


@dataclass(frozen=True, slots=True)
class Change:
    """The figure and the figures it rests on, at the last month end before and now."""

    key: str
    before: Decimal | None
    now: Decimal | None

    @property
    def metric(self) -> Metric:
        return METRIC[self.key]

    @property
    def difference(self) -> Decimal | None:
        return None if self.before is None or self.now is None else self.now - self.before


@dataclass(frozen=True, slots=True)
class Explained:
    """All that the panel shows. Money is in minor units, and every list adds up to its total exactly."""

    metric: Metric
    explanation: Explanation
    figures: dict[str, Decimal | None]
    value: Decimal | None
    tone: str
    band: Band | None
    marks: dict[str, float]
    status_date: date
    since: date
    change: Change
    causes: tuple[Change, ...]
    trend: tuple[Decimal | None, ...]
    packages: tuple[tuple[PackageLine, Decimal], ...]
    planned: tuple[tuple[PlannedLine, Decimal | None], ...]
    planned_total: Decimal | None
    ledger: Slice | None
    categories: tuple[Share, ...]
    months: tuple[tuple[date, int, Decimal], ...]
    entries: int
    total: Decimal
    latest: tuple[CostEntry, ...]
    not_counted: Decimal | None
    through: int
    budgeted: Decimal | None


def figure_explained(project: Project, key: str, *, as_of: date, known_at: datetime | None = None) -> Explained:
    """Take figure `key` (of METRICS) of the project apart, as at `as_of` and as known at `known_at`.

    Ten queries at most. The caller has checked that the reader may see the project's money.
    """
    facts = performance_facts([project.pk], as_of=as_of, known_at=known_at)[project.pk].facts
    performance = measure(facts, as_of)
    figures = as_shown(performance)
    told = explain(key, facts, performance)
    ends = _month_ends(as_of)
    past = {end: as_shown(measure(facts, end)) for end in ends}
    since = ends[-1]
    changes = [Change(name, past[since].get(name), figures.get(name)) for name in _causes(told)]
    ledger = _ledger(project, told, as_of, known_at)
    categories = tuple(by_category(ledger)) if ledger else ()
    earned = rounded_parts([line.earned for line in told.packages], figures["ev"] or Decimal(0), project.currency)
    band = BANDS.get(key)
    value = figures[key]
    return Explained(
        metric=METRIC[key],
        explanation=told,
        figures=figures,
        value=value,
        tone=tone_of(key, figures),
        band=band,
        marks=marks(band, value) if band is not None and value is not None else {},
        status_date=as_of,
        since=since,
        change=Change(key, past[since].get(key), value),
        causes=tuple(changes),
        trend=tuple(past[end][key] for end in ends) + (value,),
        packages=tuple(zip(told.packages, earned, strict=True)),
        planned=_planned(told, figures["pv"], project.currency),
        planned_total=figures["pv"],
        ledger=ledger,
        categories=categories,
        months=tuple(by_month(ledger)) if ledger else (),
        entries=sum(share.entries for share in categories),
        total=sum((share.amount for share in categories), Decimal(0)),
        latest=tuple(latest(ledger)) if ledger else (),
        not_counted=figures["committed"] if ledger and ledger.kinds == ACTUAL else None,
        through=facts.computed_through,
        budgeted=figures["bac"],
    )


def _month_ends(as_of: date) -> list[date]:
    """The ends of the eleven months before the one of `as_of`, oldest first."""
    now = month_index(as_of)
    last = month_last(now - 1)
    if last >= as_of:
        last = as_of - timedelta(days=1)
    return [month_last(now - back) for back in range(TREND - 1, 1, -1)] + [last]


def _causes(told: Explanation) -> list[str]:
    return [item.key for item in told.inputs if item.key in METRIC]


def _ledger(project: Project, told: Explanation, as_of: date, known_at: datetime | None) -> Slice | None:
    if not told.costs:
        return None
    kinds = COMMITTED if all(line.kind == CostEntry.Kind.COMMITMENT for line in told.costs) else ACTUAL
    return Slice(project.pk, kinds, as_of, known_at)


def _planned(told: Explanation, pv: Decimal | None, currency: str) -> tuple[tuple[PlannedLine, Decimal | None], ...]:
    counted = [line.counted for line in told.planned]
    if pv is None or any(part is None for part in counted):
        return tuple((line, None) for line in told.planned)
    parts = rounded_parts([part for part in counted if part is not None], pv, currency)
    return tuple(zip(told.planned, parts, strict=True))
