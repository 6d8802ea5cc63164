"""What changed between two moments of what was known: the figures of each project and of all, down to the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.selectors.actors import Actor
from portfolio.analysis.rollup import Rolled, roll_up
from portfolio.selectors.changed_rows import Rows, rows_between
from projects.analysis.changes import KINDS, Change, Moment, movers, what_changed
from projects.analysis.earned_value import Performance, measure
from projects.analysis.metrics import METRIC, METRICS
from projects.analysis.presentation import as_shown
from projects.models import Project
from projects.selectors.facts import performance_facts
from projects.selectors.projects import ids_for

LIMIT: Final = 2_000
TIME: Final = "time"  # what moves a figure where nothing was said or booked
ROLLED: Final = ("bac", "pv", "ev", "ac", "committed", "cv", "sv", "cpi", "spi", "eac", "vac", "vac_percent")
# Figures that tell nothing of money.
WITHOUT_MONEY: Final = frozenset({"percent_complete", "spi", "sv_percent", "es", "sv_t", "spi_t", "ieac_t"})


class Told(NamedTuple):
    """A project as the lists name it."""

    pk: int
    code: str
    name: str
    currency: str


class Driven(NamedTuple):
    """A figure at both moments, and how many changes of each kind can have moved it; TIME where there are none."""

    key: str
    before: Decimal | None
    after: Decimal | None
    difference: Decimal | None
    drivers: tuple[tuple[str, int], ...]


class Line(NamedTuple):
    """One change. `amount` is in the project's currency: a part of the difference in AC, but for kind "ordered"."""

    project: Told
    kind: str
    subject: str
    id: int
    text: str
    amount: Decimal | None
    on: date | None
    at: datetime
    who: str
    category: str


@dataclass(frozen=True, slots=True)
class ProjectChanged:
    """One project. `figures` are those that changed and the actor may see; `cost_difference` None without money."""

    project: Told
    figures: tuple[Driven, ...]
    values: Mapping[str, tuple[Decimal | None, Decimal | None]]
    undefined: Mapping[str, str]
    counts: Mapping[str, int]
    cost_difference: Decimal | None
    lines: tuple[Line, ...]

    @property
    def money(self) -> bool:
        return self.cost_difference is not None


@dataclass(frozen=True, slots=True)
class Total:
    """Of one currency: its projects whose money the actor may see, the figures at both moments, the parts of AC."""

    currency: str
    projects: int
    figures: tuple[Driven, ...]
    parts: Mapping[str, Decimal]
    cost_difference: Decimal


@dataclass(frozen=True, slots=True)
class Changed:
    """`lines` newest first. `without_money`: how many projects the actor sees without their money."""

    first: Moment
    second: Moment
    looked_at: int
    projects: tuple[ProjectChanged, ...]
    totals: tuple[Total, ...]
    lines: tuple[Line, ...]
    without_money: int


def changed(actor: Actor, rows: QuerySet[Project], first: Moment, second: Moment) -> Changed:
    """Compare what was known of the visible projects `rows` at the two moments.

    A fixed number of queries, at most forty. Raises ApplicationError above LIMIT projects.
    """
    there = rows if second.known_at is None else rows.filter(created_at__lte=second.known_at)
    told = [Told(*row) for row in there.order_by("code").values_list("pk", "code", "name", "currency")[: LIMIT + 1]]
    if len(told) > LIMIT:
        raise ApplicationError(
            _("What changed is worked out for at most %d projects at once; choose a portfolio.") % LIMIT,
            field="portfolio",
            code="too_many_rows",
        )
    ids = [project.pk for project in told]
    money = ids_for(actor, "money.view", ids) if actor.allows("money.view") else set()
    organisation = actor.organisation.pk
    was = performance_facts(ids, as_of=first.as_of, known_at=first.known_at, organisation_id=organisation)
    now = performance_facts(ids, as_of=second.as_of, known_at=second.known_at, organisation_id=organisation)
    found = rows_between(actor, first, second, ids, money)
    compared = []
    for project in told:
        mine = found.get(project.pk, Rows())
        before, after = measure(was[project.pk].facts, first.as_of), measure(now[project.pk].facts, second.as_of)
        seen = project.pk in money
        if not seen:  # the ledger is not theirs: neither is its difference
            before, after = _without_cost(before), _without_cost(after)
        result = what_changed(
            first, second, before, after, entries=mine.entries, statements=mine.statements, budgets=mine.budgets,
            fields=mine.fields, events=mine.events,
        )  # fmt: skip
        amounts = {entry.id: entry.amount for entry in mine.entries}
        lines = tuple(_lines(project, result.changes, mine, amounts))
        counts = Counter(line.kind for line in lines)
        old, new = as_shown(before), as_shown(after)
        values = {key: (old[key], new[key]) for key in METRIC if seen or key in WITHOUT_MONEY}
        compared.append(
            ProjectChanged(
                project=project,
                figures=tuple(_driven(values, counts)),
                values=values,
                undefined={key: text for key, text in after.undefined.items() if key in values},
                counts=counts,
                cost_difference=result.cost_difference if seen else None,
                lines=lines,
            )
        )
    return Changed(
        first=first,
        second=second,
        looked_at=len(told),
        projects=tuple(one for one in compared if one.figures or one.lines),
        totals=tuple(_totals([one for one in compared if one.money])),
        lines=tuple(_once(line for one in compared for line in one.lines)),
        without_money=sum(1 for one in compared if not one.money),
    )


def _without_cost(performance: Performance) -> Performance:
    return replace(performance, ac=None)


def _lines(project: Told, changes: Iterable[Change], rows: Rows, amounts: Mapping[int, Decimal]) -> Iterable[Line]:
    for change in changes:
        for row in change.rows:
            detail = rows.details.get((row.subject, row.id, "")) or rows.details[row.subject, row.id, change.text]
            entry = row.subject == "entry"
            yield Line(
                project=project,
                kind=change.kind,
                subject=row.subject,
                id=row.id,
                text=detail.text if entry else change.text,
                amount=amounts[row.id] if entry else None,
                on=detail.on,
                at=detail.at,
                who=detail.who,
                category=detail.code,
            )


def _driven(values: Mapping[str, tuple[Decimal | None, Decimal | None]], counts: Mapping[str, int]) -> Iterable[Driven]:
    """The figures that differ, in the order of METRICS."""
    for metric in METRICS:
        before, after = values.get(metric.key, (None, None))
        if before != after:
            yield _figure(metric.key, before, after, counts)


def _figure(key: str, before: Decimal | None, after: Decimal | None, counts: Mapping[str, int]) -> Driven:
    can = movers(key)
    drivers = tuple((kind, counts[kind]) for kind in KINDS if kind in can and counts.get(kind))
    difference = None if before is None or after is None else after - before
    return Driven(key, before, after, difference, () if before == after else drivers or ((TIME, 0),))


class _Summand(NamedTuple):
    currency: str
    bac: Decimal | None
    pv: Decimal | None
    ev: Decimal | None
    ac: Decimal | None
    committed: Decimal | None
    eac: Decimal | None


def _totals(compared: Sequence[ProjectChanged]) -> Iterable[Total]:
    """By currency, the one with the most projects first."""
    sides = []
    for side in (0, 1):
        keys = _Summand._fields[1:]
        rows = (_Summand(one.project.currency, *(one.values[key][side] for key in keys)) for one in compared)
        sides.append(roll_up(rows))
    found = [
        _total(currency, before, sides[1][currency], [one for one in compared if one.project.currency == currency])
        for currency, before in sides[0].items()
    ]
    return sorted(found, key=lambda total: (-total.projects, total.currency))


def _total(currency: str, before: Rolled, after: Rolled, compared: Sequence[ProjectChanged]) -> Total:
    counts: Counter[str] = Counter()
    parts: dict[str, Decimal] = {}
    for one in compared:
        counts.update(one.counts)
        for line in one.lines:
            if line.amount is not None:
                parts[line.kind] = parts.get(line.kind, Decimal(0)) + line.amount
    figures = tuple(_figure(key, getattr(before, key), getattr(after, key), counts) for key in ROLLED)
    difference = sum((one.cost_difference for one in compared if one.cost_difference is not None), Decimal(0))
    return Total(currency, len(compared), figures, parts, difference)


def _once(lines: Iterable[Line]) -> list[Line]:
    """Newest first; what concerns several projects, such as a finding across them, under the first of them only."""
    seen: set[tuple[str, int, str]] = set()
    found = []
    for line in lines:
        if line.subject == "finding":
            if (line.subject, line.id, line.text) in seen:
                continue
            seen.add((line.subject, line.id, line.text))
        found.append(line)
    return sorted(found, key=lambda line: (line.at, line.id), reverse=True)
