"""What changed from one version of a budget to another, by line and by month, with sums that add up."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal(0)


class Key(NamedTuple):
    """What makes two lines the same line. `period` None: no month of its own."""

    phase: str
    category: str
    expense_type: str
    funding_source: str
    period: date | None


class Change(NamedTuple):
    """A line in both versions. `state`: added, removed, changed or same."""

    key: Key
    before: Decimal
    after: Decimal
    state: str

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


class Month(NamedTuple):
    """All lines of one month, None those without one."""

    period: date | None
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


class Diff(NamedTuple):
    """The differences of `changes`, and those of `months`, add up to `after` less `before`."""

    changes: tuple[Change, ...]
    months: tuple[Month, ...]
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


def diff(before: Iterable[tuple[Key, Decimal]], after: Iterable[tuple[Key, Decimal]]) -> Diff:
    """Compare two sets of lines; amounts of lines with the same key are added together first."""
    old, new = _summed(before), _summed(after)
    changes = []
    for key in sorted({*old, *new}, key=_order):
        was, now = old.get(key), new.get(key)
        state = "added" if was is None else "removed" if now is None else "same" if was == now else "changed"
        changes.append(Change(key, was or ZERO, now or ZERO, state))
    periods = sorted({change.key.period for change in changes}, key=lambda period: period or date.min)
    months = tuple(
        Month(
            period,
            sum((change.before for change in changes if change.key.period == period), ZERO),
            sum((change.after for change in changes if change.key.period == period), ZERO),
        )
        for period in periods
    )
    return Diff(tuple(changes), months, sum(old.values(), ZERO), sum(new.values(), ZERO))


def _summed(lines: Iterable[tuple[Key, Decimal]]) -> Mapping[Key, Decimal]:
    found: dict[Key, Decimal] = {}
    for key, amount in lines:
        found[key] = found.get(key, ZERO) + amount
    return found


def _order(key: Key) -> tuple[str, str, str, str, date]:
    return key.phase, key.category, key.expense_type, key.funding_source, key.period or date.min
