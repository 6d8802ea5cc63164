"""What was asked of a listing, parsed and typed; it turns back into the URL it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from pmo.kit.listing_parts import Column, Filter

_WORDS: Final[Mapping[str, str]] = {
    "exact": "%(value)s",
    "in": "%(value)s",
    "not": "not %(value)s",
    "contains": "contains “%(value)s”",
    "gte": "≥ %(value)s",
    "gt": "> %(value)s",
    "lte": "≤ %(value)s",
    "lt": "< %(value)s",
    "isnull": "%(value)s",
}


@dataclass(frozen=True, slots=True)
class FilterValue:
    """One filter in use: which, how, the text of the URL and the typed value."""

    filter: Filter
    lookup: str
    raw: str
    value: Any

    @property
    def parameter(self) -> str:
        """Name of the URL parameter."""
        return self.filter.parameter(self.lookup)

    @property
    def words(self) -> str:
        """What the chip says after the label: “red, amber”, “≥ 1000”, “not set”."""
        if self.lookup == "isnull":
            return _("not set") if self.value else _("set")
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        names = self.filter.choice_map
        if self.filter.kind == "bool":
            text = _("yes") if self.value else _("no")
        else:
            raws = self.raw.split(",") if self.lookup == "in" else [self.raw]
            text = ", ".join(str(names.get(raw.strip(), raw.strip())) for raw in raws[: len(values)])
        return _WORDS.get(self.lookup, "%(value)s") % {"value": text}


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key."""

    column: Column
    descending: bool

    @property
    def key(self) -> str:
        """As it stands in the URL: `-budget`."""
        return f"-{self.column.key}" if self.descending else self.column.key


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in use as a removable label; `remove` is the query string without it."""

    label: str
    words: str
    parameter: str
    remove: str


@dataclass(frozen=True, slots=True)
class Header:
    """One table head: `direction` is "", "ascending" or "descending"; `link` sorts by it (empty: not sortable)."""

    column: Column
    direction: str
    link: str


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed request. `available` holds every column the asker may see, `columns` those shown, in order."""

    columns: tuple[Column, ...]
    available: tuple[Column, ...]
    filters: tuple[FilterValue, ...] = ()
    search: str = ""
    ordering: tuple[Order, ...] = ()
    page: int = 1
    page_size: int = 50
    extras: Mapping[str, Any] = field(default_factory=dict)
    default_columns: tuple[str, ...] = ()
    default_ordering: tuple[str, ...] = ()
    default_page_size: int = 50

    def pairs(self) -> dict[str, str]:
        """The parameters that differ from the defaults, in one canonical order."""
        pairs = {item.parameter: item.raw for item in self.filters}
        if self.search:
            pairs["search"] = self.search
        ordering = tuple(order.key for order in self.ordering)
        if ordering != self.default_ordering:
            pairs["ordering"] = ",".join(ordering)
        columns = tuple(column.key for column in self.columns)
        if columns != self.default_columns:
            pairs["columns"] = ",".join(columns)
        for name, value in self.extras.items():
            pairs[name] = value.isoformat() if isinstance(value, date | datetime) else str(value)
        if self.page_size != self.default_page_size:
            pairs["page_size"] = str(self.page_size)
        if self.page != 1:
            pairs["page"] = str(self.page)
        return pairs

    def urlencode(self, **changes: str | int | None) -> str:
        """The query string, with `changes` made (None removes); any change but of the page goes back to page 1."""
        pairs = self.pairs()
        if changes and "page" not in changes:
            pairs.pop("page", None)
        for name, value in changes.items():
            if value is None:
                pairs.pop(name, None)
            else:
                pairs[name] = str(value)
        return urlencode(pairs)

    def __str__(self) -> str:
        return self.urlencode()

    @property
    def as_of(self) -> date | None:
        """Effective date asked for, if any."""
        return self.extras.get("as_of")

    @property
    def known_at(self) -> datetime | None:
        """Recorded-by instant asked for, if any."""
        return self.extras.get("known_at")

    @property
    def saved(self) -> str:
        """What a saved view stores: everything but the page and the export format."""
        return self.urlencode(page=None, format=None, view=None)

    def value_of(self, parameter: str) -> str:
        """The raw text given for one filter parameter, "" when it is not in use: for filling a form."""
        return next((item.raw for item in self.filters if item.parameter == parameter), "")

    def chips(self) -> list[Chip]:
        """The filters in use as removable labels, the search first."""
        chips = [Chip(_("Search"), self.search, "search", self.urlencode(search=None))] if self.search else []
        for item in self.filters:
            label = str(item.filter.label or item.filter.key)
            chips.append(Chip(label, item.words, item.parameter, self.urlencode(**{item.parameter: None})))
        return chips

    def headers(self) -> Iterator[Header]:
        """Table heads for the columns shown, each with the link that sorts by it (again: the other way round)."""
        first = self.ordering[0] if self.ordering else None
        for column in self.columns:
            direction = ""
            if first is not None and first.column.key == column.key:
                direction = "descending" if first.descending else "ascending"
            link = ""
            if column.sort_paths:
                link = self.urlencode(ordering=f"-{column.key}" if direction == "ascending" else column.key)
            yield Header(column, direction, link)
