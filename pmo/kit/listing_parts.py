"""The two building bricks of a listing: a column to show and a filter to narrow by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Q
from django.utils.functional import Promise

from pmo.kit.parameters import ValueKind, parse_value, parse_values

Text = str | Promise
ColumnKind = Literal["text", "money", "percent", "ratio", "date", "datetime", "int", "bool", "choice", "health"]
Choices = tuple[tuple[str, Text], ...]
Cell = str | int | bool | Decimal | date | datetime | None

NUMERIC: frozenset[str] = frozenset({"money", "percent", "ratio", "int"})


def read_path(row: Any, path: str) -> Any:
    """The value at a dotted path through attributes and mapping keys; None as soon as a step is None."""
    value = row
    for step in path.split("."):
        if value is None:
            return None
        value = value.get(step) if isinstance(value, Mapping) else getattr(value, step)
    return value


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `value` is a dotted path or a function of the row; `sort` an ORM path (or several) or None.

    `requires` names an action: whoever is not allowed it has no such column, neither shown, sorted by nor exported.
    `currency` is the dotted path to the currency of a money cell.
    """

    key: str
    label: Text
    value: str | Callable[[Any], Any] | None = None
    kind: ColumnKind = "text"
    sort: str | tuple[str, ...] | None = None
    default: bool = True
    requires: str | None = None
    export: bool = True
    choices: Choices = ()
    currency: str = "currency"
    hint: Text = ""

    @property
    def numeric(self) -> bool:
        """Right-aligned, and a number in a spreadsheet."""
        return self.kind in NUMERIC

    @property
    def sort_paths(self) -> tuple[str, ...]:
        """The ORM paths to sort by; empty when the column cannot be sorted."""
        if self.sort is None:
            return ()
        return (self.sort,) if isinstance(self.sort, str) else self.sort

    def read(self, row: Any) -> Any:
        """The cell's value, unformatted."""
        if callable(self.value):
            return self.value(row)
        return read_path(row, self.value or self.key)

    def label_of(self, value: Any) -> Any:
        """The words for a choice; any other value as it is."""
        return str(dict(self.choices).get(value, value)) if self.choices and isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: in a URL `key=value` or `key__lookup=value`.

    `path` is an ORM path that does not fan out (a to-many path would double rows: use `condition` with an Exists).
    `condition` takes (lookup, value) and returns the Q itself. `choices` may be a function, called at parse time.
    """

    key: str
    path: str = ""
    kind: ValueKind = "text"
    lookups: tuple[str, ...] = ("exact",)
    choices: Choices | Callable[[], Choices] = ()
    label: Text = ""
    requires: str | None = None
    condition: Callable[[str, Any], Q] | None = field(default=None, compare=False)

    @property
    def choice_map(self) -> dict[str, Text]:
        """Allowed values and their words, in order."""
        return dict(self.choices() if callable(self.choices) else self.choices)

    def parameter(self, lookup: str) -> str:
        """The name of the URL parameter for one lookup."""
        return self.key if lookup == "exact" else f"{self.key}__{lookup}"

    def parse(self, lookup: str, raw: str) -> Any:
        """The typed value of one parameter; ApplicationError when it is not of this filter's kind."""
        name = self.parameter(lookup)
        if lookup == "isnull":
            return parse_value(name, raw, "bool")
        if lookup == "in":
            return parse_values(name, raw, self.kind, self.choice_map)
        return parse_value(name, raw, self.kind, self.choice_map)

    def as_q(self, lookup: str, value: Any) -> Q:
        """The database condition."""
        if self.condition is not None:
            return self.condition(lookup, value)
        path = self.path or self.key
        if lookup == "not":
            return ~Q(**{path: value})
        if lookup == "contains":
            return Q(**{f"{path}__icontains": value})
        return Q(**{path if lookup == "exact" else f"{path}__{lookup}": value})
