"""What changed between two moments of one project, down to the entries."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from projects.analysis.earned_value import Performance
from projects.analysis.metrics import METRIC, METRICS, shown
from projects.analysis.periods import in_words

ZERO = Decimal(0)


class Moment(NamedTuple):
    """As at a day, and as known at a time (None: everything recorded so far)."""

    as_of: date
    known_at: datetime | None

    def counts(self, effective: date, recorded: datetime) -> bool:
        return effective <= self.as_of and (self.known_at is None or recorded <= self.known_at)


class EntryRow(NamedTuple):
    """A row of the ledger. `amount` is in the project's currency."""

    id: int
    kind: str
    amount: Decimal
    incurred_on: date
    recorded_at: datetime
    reverses: int | None


class StatementRow(NamedTuple):
    """Something said: `subject` is progress, forecast or health; `text` says it, such as "Build 40 %"."""

    id: int
    subject: str
    text: str
    status_date: date
    recorded_at: datetime


class BudgetRow(NamedTuple):
    """An approved budget and its BAC."""

    id: int
    number: int
    bac: Decimal
    effective_on: date
    approved_at: datetime


class FieldRow(NamedTuple):
    """A person or a date of the project that was changed, as the audit log has it."""

    id: int
    field: str
    before: str
    after: str
    recorded_at: datetime


class EventRow(NamedTuple):
    """Something that happened at one moment: `subject` is baseline, request, finding or project."""

    id: int
    subject: str
    text: str
    recorded_at: datetime


class Row(NamedTuple):
    """What a change rests on: `subject` is entry, progress, forecast, health, budget, field, or that of an event."""

    subject: str
    id: int


class Change(NamedTuple):
    """`kind` is one of KINDS. Amounts are parts of the difference in AC; None where the change is none of it."""

    kind: str
    text: str
    amount: Decimal | None
    rows: tuple[Row, ...]


class FigureChange(NamedTuple):
    """A figure at both moments; the difference is None where one of them is undefined."""

    key: str
    before: Decimal | None
    after: Decimal | None
    difference: Decimal | None


@dataclass(frozen=True, slots=True)
class WhatChanged:
    """`cost_difference` = AC after − AC before = the sum of the amounts of `changes`, exactly."""

    figures: tuple[FigureChange, ...]
    changes: tuple[Change, ...]
    cost_difference: Decimal


KINDS = (
    "late", "added", "reversed", "ordered", "budget", "baseline", "request", "progress", "forecast", "health",
    "finding", "field", "project",
)  # fmt: skip
# The kinds that can move a figure by themselves; a figure made of others is moved by what moves those.
_MOVED_BY: dict[str, tuple[str, ...]] = {
    "bac": ("budget",),
    "pv": ("budget", "field"),
    "ev": ("budget", "progress", "field"),
    "ac": ("late", "added", "reversed"),
    "committed": ("ordered", "late", "added", "reversed"),
    "eac": ("late", "added", "reversed", "budget", "progress", "forecast", "field"),
    "es": ("budget", "progress", "field"),
}
_SAYS: dict[str, Callable[[int], str]] = {
    "late": lambda n: f"{n} {'entry' if n == 1 else 'entries'} recorded late, for days the first moment covers",
    "added": lambda n: f"{n} {'entry' if n == 1 else 'entries'} added",
    "reversed": lambda n: f"{n} {'entry' if n == 1 else 'entries'} reversed",
}


def what_changed(
    first: Moment,
    second: Moment,
    before: Performance,
    after: Performance,
    *,
    entries: Iterable[EntryRow] = (),
    statements: Iterable[StatementRow] = (),
    budgets: Iterable[BudgetRow] = (),
    fields: Iterable[FieldRow] = (),
    events: Iterable[EventRow] = (),
) -> WhatChanged:
    """Everything that counts at `second` and did not at `first`. `before` and `after` are the figures at the two.

    Rows may be given that count at both or at neither. Raises ValueError where `second` lies before `first` on either
    clock, and where the entries do not add up to the difference in AC, since then some are missing.
    """
    if second.as_of < first.as_of or _earlier(second.known_at, first.known_at):
        raise ValueError("the second moment lies before the first")
    new = [row for row in entries if second.counts(*row[3:5]) and not first.counts(*row[3:5])]
    changes = [*_of_entries(new, first, after.currency)]
    changes += _of_budgets(budgets, first, second, after.currency)
    changes += _of_statements(statements, first, second)
    changes += [
        Change("field", f"{row.field}: {row.before or '–'} → {row.after or '–'}", None, (Row("field", row.id),))
        for row in sorted(fields, key=lambda row: (row.recorded_at, row.id))
        if _known(second, row.recorded_at) and not _known(first, row.recorded_at)
    ]
    changes += [
        Change(row.subject, row.text, None, (Row(row.subject, row.id),))
        for row in sorted(events, key=lambda row: (KINDS.index(row.subject), row.recorded_at, row.id))
        if _known(second, row.recorded_at) and not _known(first, row.recorded_at)
    ]
    difference = (after.ac or ZERO) - (before.ac or ZERO)
    if sum((change.amount for change in changes if change.amount is not None), ZERO) != difference:
        raise ValueError("the entries given do not add up to the difference in actual cost")
    return WhatChanged(_figures(before, after), tuple(changes), difference)


def movers(key: str) -> frozenset[str]:
    """The KINDS that can have moved a figure of METRICS, through the figures its formula names. Time moves PV too."""
    if key in _MOVED_BY:
        return frozenset(_MOVED_BY[key])
    found: frozenset[str] = frozenset()
    for name in METRIC[key].inputs if key in METRIC else ():
        found |= movers(name)
    return found


def _earlier(second: datetime | None, first: datetime | None) -> bool:
    return second is not None and (first is None or second < first)


def _known(moment: Moment, recorded: datetime) -> bool:
    return moment.known_at is None or recorded <= moment.known_at


def _figures(before: Performance, after: Performance) -> tuple[FigureChange, ...]:
    found = []
    for metric in METRICS:
        old, new = getattr(before, metric.key), getattr(after, metric.key)
        if old != new:
            found.append(FigureChange(metric.key, old, new, None if old is None or new is None else new - old))
    return tuple(found)


def _of_entries(new: Sequence[EntryRow], first: Moment, currency: str) -> Iterable[Change]:
    grouped: dict[str, list[EntryRow]] = {}
    for row in sorted(new, key=lambda row: (row.recorded_at, row.id)):
        grouped.setdefault(_kind(row, first), []).append(row)
    for kind in KINDS[:4]:
        rows = grouped.get(kind)
        if not rows:
            continue
        total = sum((row.amount for row in rows), ZERO)
        refs = tuple(Row("entry", row.id) for row in rows)
        if kind == "ordered":
            yield Change(kind, f"Commitments changed by {shown('money', total)} {currency}", None, refs)
        else:
            yield Change(kind, _SAYS[kind](len(rows)), total, refs)


def _kind(row: EntryRow, first: Moment) -> str:
    if row.kind == "commitment":
        return "ordered"
    if row.reverses is not None:
        return "reversed"
    return "late" if row.incurred_on <= first.as_of else "added"


def _of_budgets(budgets: Iterable[BudgetRow], first: Moment, second: Moment, currency: str) -> Iterable[Change]:
    """Budgets that came into force, each beside the one in force before it (the highest number counts)."""
    given = sorted(budgets, key=lambda row: row.number)
    held = [row for row in given if first.counts(row.effective_on, row.approved_at)]
    bac = held[-1].bac if held else None
    for row in given:
        if second.counts(row.effective_on, row.approved_at) and not first.counts(row.effective_on, row.approved_at):
            then = "" if bac is None else f", {shown('money', bac)} before"
            text = f"Budget {row.number} approved: {shown('money', row.bac)} {currency}{then}"
            yield Change("budget", text, None, (Row("budget", row.id),))
            bac = row.bac


def _of_statements(statements: Iterable[StatementRow], first: Moment, second: Moment) -> Iterable[Change]:
    new = [row for row in statements if second.counts(*row[3:]) and not first.counts(*row[3:])]
    for row in sorted(new, key=lambda row: (KINDS.index(row.subject), row.recorded_at, row.id)):
        late = ", recorded late" if row.status_date <= first.as_of else ""
        text = f"{row.text} as at {in_words(row.status_date)}{late}"
        yield Change(row.subject, text, None, (Row(row.subject, row.id),))
