"""Which rows are one thing: phase rows of a project, half-yearly reports about it, the same id once more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from projects.imports.headers import shorten
from projects.imports.mapping import Plan
from projects.imports.rows import ParsedRow, RowError, Value
from projects.imports.targets import Target

_WORST: Final = ("red", "amber", "green")
_EARLIEST: Final = frozenset({"start", "actual_start"})
_LATEST: Final = frozenset({"finish", "forecast_finish", "status_date"})


@dataclass(slots=True)
class Record:
    """One thing made of one or more rows. `values` are those of the whole; `parts` the rows of a group (phases);
    `older` the earlier reports about it, newest first. `lines` are all rows that stand behind it, first one first.
    `identity` is what the options' key or group reads in the file; empty where the rows have none.
    """

    key: str
    values: dict[str, Value]
    lines: list[int]
    identity: tuple[str, ...] = ()
    parts: list[ParsedRow] = field(default_factory=list)
    older: list[ParsedRow] = field(default_factory=list)
    stamp: date | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """`rejected` holds one error a row, the first; together with the lines of all records it accounts for every row."""

    records: list[Record]
    rejected: list[RowError]


def gather(plan: Plan, rows: Iterable[ParsedRow]) -> Gathered:
    """Rows in file order to records in the order of their first row."""
    good: list[ParsedRow] = []
    rejected: list[RowError] = []
    for row in rows:
        if row.errors:
            rejected.append(row.errors[0])
        else:
            good.append(row)
    bundles: dict[tuple[str, ...], list[ParsedRow]] = {}
    for row in good:
        bundles.setdefault(_identity(plan, row), []).append(row)
    records: list[Record] = []
    for identity, bundle in bundles.items():
        key = shorten(" / ".join(part for part in identity if part and part != "\x00"), 300)
        if len(bundle) == 1 and not plan.options.group_by:
            records.append(Record(key, bundle[0].values, [bundle[0].line], stamp=bundle[0].stamp))
        elif plan.options.group_by:
            records.append(_sum_up(plan.target, key, bundle))
        elif plan.options.on_duplicate == "newest":
            records.append(_newest(key, bundle))
        elif plan.options.on_duplicate == "merge":
            records.append(_merged(key, bundle))
        else:
            first, *others = bundle
            records.append(Record(key, first.values, [first.line], stamp=first.stamp))
            for row in others:
                message = f"Line {row.line} repeats “{key}” of line {first.line}; a key may stand in a file only once."
                rejected.append(RowError(row.line, "", key, message))
        if (plan.options.key or plan.options.group_by) and "\x00" not in identity:
            records[-1].identity = identity
    rejected.sort(key=lambda error: error.line)
    return Gathered(records, rejected)


def _identity(plan: Plan, row: ParsedRow) -> tuple[str, ...]:
    """The group, or the key. A row without either is a thing of its own."""
    given = row.group if plan.options.group_by else row.key
    if any(given):
        return given
    if plan.target.key == "projects" and (name := row.values.get("name")):
        return ("\x00", str(name))
    return ("\x00", f"line {row.line}")


def _sum_up(target: Target, key: str, bundle: Sequence[ParsedRow]) -> Record:
    """Money is added, dates span, a text is the first one, the status that of work still going on."""
    combined: dict[str, Value] = {}
    for name in bundle[0].values:
        present = [row.values[name] for row in bundle if row.values.get(name) is not None]
        combined[name] = _combine(target, name, present, len(bundle))
    if "percent_complete" in combined:
        combined["percent_complete"] = _weighted_percent(bundle)
    return Record(key, combined, [row.line for row in bundle], parts=list(bundle), stamp=_latest(bundle))


def _combine(target: Target, name: str, present: Sequence[Value], rows: int) -> Value:
    if not present:
        return None
    if name in target.money:
        return sum((value for value in present if isinstance(value, Decimal)), Decimal(0))
    days = [value for value in present if isinstance(value, date)]
    if name in _EARLIEST:
        return min(days)
    if name in _LATEST:
        return max(days)
    if name == "actual_finish":
        return max(days) if len(days) == rows else None
    if name == "status":
        return _group_status([str(value) for value in present])
    if name == "health":
        return next((word for word in _WORST if word in present), None)
    return present[0]


def _group_status(statuses: Sequence[str]) -> str:
    kinds = set(statuses)
    if len(kinds) == 1:
        return statuses[0]
    if "on_hold" in kinds and "active" not in kinds:
        return "on_hold"
    return "active"


def _weighted_percent(bundle: Sequence[ParsedRow]) -> Value:
    """Weighted by budget; undefined unless every part says both, because anything else would be invented."""
    total = weighted = Decimal(0)
    for row in bundle:
        share, done = row.values.get("budget"), row.values.get("percent_complete")
        if not isinstance(share, Decimal) or not isinstance(done, Decimal):
            return None
        total += share
        weighted += share * done
    return (weighted / total).quantize(Decimal("0.01")) if total > 0 else None


def _latest(bundle: Sequence[ParsedRow]) -> date | None:
    return max((row.stamp for row in bundle if row.stamp is not None), default=None)


def _newest(key: str, bundle: Sequence[ParsedRow]) -> Record:
    """The newest report counts; what it leaves empty is taken from the one before it."""
    ordered = sorted(bundle, key=lambda row: (row.stamp or date.min, row.line), reverse=True)
    combined = _first_filled(ordered)
    lines = [ordered[0].line, *sorted(row.line for row in ordered[1:])]
    return Record(key, combined, lines, older=ordered[1:], stamp=ordered[0].stamp)


def _merged(key: str, bundle: Sequence[ParsedRow]) -> Record:
    """All rows are one thing; where two say something different, the later row holds."""
    return Record(key, _first_filled(bundle[::-1]), [row.line for row in bundle], stamp=_latest(bundle))


def _first_filled(ordered: Sequence[ParsedRow]) -> dict[str, Value]:
    names = list(ordered[0].values)
    return {
        name: next((row.values[name] for row in ordered if row.values.get(name) is not None), None) for name in names
    }


def sums(target: Target, records: Iterable[Record]) -> Mapping[str, Decimal]:
    """The exact sum of each money field over the records: what would stand in the books after the import."""
    totals: dict[str, Decimal] = {}
    for record in records:
        for name in target.money:
            if name in record.values:
                value = record.values[name]
                totals[name] = totals.get(name, Decimal(0)) + (value if isinstance(value, Decimal) else Decimal(0))
    return totals
