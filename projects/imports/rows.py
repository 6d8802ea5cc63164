"""Rows of a file to rows of values: mapped, parsed, each with its problems in plain sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pmo.kit.spreadsheet import Cell, Row, blank, cell_text
from projects.imports import dates, headers, values
from projects.imports.headers import shorten
from projects.imports.mapping import DEFAULT_EMPTY, FieldRule, MappingError, Plan
from projects.imports.orders import DateOrders
from projects.imports.targets import Field
from projects.imports.values import ValueProblem

Value = str | Decimal | date | int | list[str] | None


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row is rejected. `message` is a whole sentence naming line, column and value."""

    line: int
    column: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something read as empty or rounded: not an error. Summed up by (column, text) for the person who imports."""

    line: int
    column: str
    value: str
    text: str


@dataclass(slots=True)
class ParsedRow:
    """One row: `values` by field (absent = not mapped, None = empty), what identifies it, and what went wrong."""

    line: int
    values: dict[str, Value]
    key: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    stamp: date | None = None
    errors: list[RowError] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Bound:
    spec: Field
    rule: FieldRule
    places: tuple[int, ...]
    order: str


class RowReader:
    """A plan bound to the headers of one file. Raises MappingError where a column is not there."""

    def __init__(
        self, plan: Plan, names: Sequence[str], sample: Iterable[Row] = (), default_order: str = "DMY"
    ) -> None:
        self.plan = plan
        self.names = tuple(names)
        options = plan.options
        self._exact = {word.casefold() for word in (*DEFAULT_EMPTY, *options.empty_values) if not word.endswith("*")}
        self._begins = tuple(
            word[:-1].casefold() for word in options.empty_values if word.endswith("*") and len(word) > 1
        )
        sampled = list(sample)
        self._orders = DateOrders(plan, self.names, sampled, default_order)
        self._bound = [self._bind(rule) for rule in plan.rules.values()]
        mapped = {bound.spec.key: bound for bound in self._bound}
        for spec in plan.target.fields.values():
            if spec.required and spec.key not in mapped:
                raise MappingError(f"mapping.{spec.key}", f"Say which column holds “{spec.label}”.")
        self._key = [self._places(name, mapped, "options.key") for name in options.key] or self._default_key(mapped)
        self._group = [self._places(name, mapped, "options.group_by") for name in options.group_by]
        self._stamp = self._bind_stamp(mapped)

    def _bind(self, rule: FieldRule) -> _Bound:
        spec = self.plan.target.fields[rule.field]
        places = tuple(self._place(name, f"mapping.{rule.field}.column") for name in rule.columns)
        order = self._orders.of(places) if spec.kind in ("date", "month") and not rule.format else ""
        return _Bound(spec, rule, places, order)

    def _place(self, name: str, where: str) -> int:
        place = headers.find(name, self.names)
        if place is None:
            known = ", ".join(f"“{shorten(header, 40)}”" for header in self.names[:12])
            raise MappingError(where, f"There is no column “{shorten(name)}” in the file. It has: {known}.")
        return place

    def _places(self, name: str, mapped: Mapping[str, _Bound], where: str) -> tuple[int, ...]:
        """A column of the file, or else the columns of a mapped field of that name."""
        if headers.find(name, self.names) is None and name in mapped:
            return mapped[name].places
        return (self._place(name, where),)

    def _default_key(self, mapped: Mapping[str, _Bound]) -> list[tuple[int, ...]]:
        return next(([mapped[name].places] for name in self.plan.target.key_fields if name in mapped), [])

    def _bind_stamp(self, mapped: Mapping[str, _Bound]) -> _Bound | None:
        name = self.plan.options.status_date
        if not name:
            return mapped.get("status_date")
        if headers.find(name, self.names) is None:
            if name in mapped:
                return mapped[name]
            try:
                fixed = dates.parse(name, order="YMD")
            except ValueProblem as problem:
                message = f"The status date “{shorten(name)}” is neither a column of the file nor a date."
                raise MappingError("options.status_date", message) from problem
            spec = Field("status_date", "Status date", "date")
            return _Bound(spec, FieldRule("status_date", default=fixed.isoformat()), (), "YMD")
        rule = FieldRule("status_date", columns=(name,))
        spec = Field("status_date", "Status date", "date")
        places = (self._place(name, "options.status_date"),)
        return _Bound(spec, rule, places, self._orders.of(places))

    @property
    def notes(self) -> list[str]:
        """What had to be assumed about the file."""
        return self._orders.notes

    @property
    def used(self) -> dict[str, list[str]]:
        """The headers that each mapped field is read from."""
        return {bound.spec.key: [self.names[place] for place in bound.places] for bound in self._bound}

    # ------------------------------------------------------------ one row

    def read(self, row: Row) -> ParsedRow:
        """Never raises: what is wrong with a row is in its `errors`."""
        parsed = ParsedRow(line=row.number, values={})
        if row.surplus:
            parsed.errors.append(
                RowError(row.number, "", "", f"Line {row.number} has {row.surplus} more cells than there are columns.")
            )
            return parsed
        for bound in self._bound:
            self._read_field(parsed, bound, row)
        parsed.key = tuple(self._joined(places, row) for places in self._key)
        parsed.group = tuple(self._joined(places, row) for places in self._group)
        if self._stamp is not None:
            probe = ParsedRow(line=row.number, values={})
            self._read_field(probe, self._stamp, row)
            stamp = probe.values.get(self._stamp.spec.key)
            parsed.stamp = stamp if isinstance(stamp, date) else None
            if self._stamp.spec.key == "status_date" and "status_date" in self.plan.target.fields:
                parsed.values["status_date"] = parsed.stamp
        return parsed

    def read_all(self, rows: Iterable[Row]) -> Iterator[ParsedRow]:
        return map(self.read, rows)

    def _joined(self, places: tuple[int, ...], row: Row) -> str:
        return " ".join(" ".join(cell_text(row.cells[place]).split()) for place in places).strip()

    def _is_empty(self, cell: Cell) -> bool:
        if blank(cell):
            return True
        if not isinstance(cell, str):
            return False
        plain = _plain(cell)
        return plain in self._exact or (bool(self._begins) and plain.startswith(self._begins))

    def _read_field(self, parsed: ParsedRow, bound: _Bound, row: Row) -> None:
        spec, rule = bound.spec, bound.rule
        cells = [row.cells[place] for place in bound.places]
        empty = [self._is_empty(cell) and not (rule.values and _plain(cell) in rule.values) for cell in cells]
        full = [cell for cell, nothing in zip(cells, empty, strict=True) if not nothing]
        for place, item, nothing in zip(bound.places, cells, empty, strict=True):
            if nothing and not blank(item) and spec.kind not in ("text", "code", "tags"):
                shown = shorten(cell_text(item))
                parsed.remarks.append(Remark(row.number, shorten(self.names[place]), shown, "was read as empty"))
        cell: Cell = full[0] if len(full) == 1 else rule.join.join(cell_text(item).strip() for item in full)
        if blank(cell) and rule.default is not None:
            cell = rule.default
        if blank(cell):
            parsed.values[spec.key] = None
            if spec.required:
                name = f"column “{self._column(bound)}”" if bound.places else f"“{spec.label}”"
                message = f"Line {row.number}: {name} is empty, and no row goes without it."
                parsed.errors.append(RowError(row.number, self._column(bound), "", message))
            return
        try:
            parsed.values[spec.key] = self._value(parsed, bound, cell, row.number)
        except ValueProblem as problem:
            parsed.values[spec.key] = None
            shown = shorten(cell_text(cell))
            column = self._column(bound)
            message = f"Line {row.number}, column “{column}”: “{shown}” {problem}."
            parsed.errors.append(RowError(row.number, column, shown, message))

    def _column(self, bound: _Bound) -> str:
        return " + ".join(shorten(self.names[place]) for place in bound.places) or bound.spec.label

    def _value(self, parsed: ParsedRow, bound: _Bound, cell: Cell, line: int) -> Value:
        spec, rule, options = bound.spec, bound.rule, self.plan.options
        mapped = rule.values.get(_plain(cell)) if rule.values else None
        if mapped is not None and spec.kind != "choice":
            if not mapped:
                return None
            cell = mapped
        if spec.kind == "money":
            amount, remark = values.money(
                cell, scale=rule.scale, negate=rule.negate, decimal_comma=options.decimal_comma
            )
            if remark:
                parsed.remarks.append(Remark(line, self._column(bound), shorten(cell_text(cell)), remark))
            return amount
        if spec.kind in ("date", "month"):
            swap = options.swap_day_month
            day = dates.parse(cell, order=bound.order, written=rule.format, swap=swap, edge=spec.edge)
            return day.replace(day=1) if spec.kind == "month" else day
        if spec.kind == "percent":
            return values.percent(cell, scale=rule.scale, decimal_comma=options.decimal_comma)
        if spec.kind == "number":
            return values.whole(cell)
        if spec.kind == "choice":
            return self._choice(parsed, bound, cell_text(cell), line)
        if spec.kind == "tags":
            return values.tags(values.text(cell, limit=spec.limit, one_line=True))
        if spec.key == "currency":
            return values.currency(cell_text(cell))
        return values.text(cell, limit=spec.limit, one_line=spec.key != "description") or None

    def _choice(self, parsed: ParsedRow, bound: _Bound, text: str, line: int) -> str | None:
        found = values.choice(text, bound.spec.choices, bound.rule.values)
        if found is None:
            raise ValueProblem(f"is none of: {', '.join(bound.spec.choices)}")
        if found and found not in bound.spec.choices:
            raise ValueProblem(f"is mapped to “{found}”, which is none of: {', '.join(bound.spec.choices)}")
        return found or None


def _plain(cell: Cell) -> str:
    return " ".join(cell_text(cell).split()).casefold()
