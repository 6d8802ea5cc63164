"""One declaration of a list feeds its page, its API resource and its export. Unknown parameters are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, Final, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import QueryDict
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.kit.listing_parts import Choices, Column, Filter, Text
from pmo.kit.listing_query import FilterValue, Order, Query
from pmo.kit.parameters import (
    merge_saved,
    only_known,
    parse_positive,
    parse_text,
    parse_value,
    refuse,
    shown,
    single_values,
    split_keys,
)

__all__ = ["Choices", "Column", "Filter", "Listing", "Page", "Query", "merge_saved"]

MAX_PAGE: Final = 1_000_000
MAX_PAGE_SIZE: Final = 200
MAX_SEARCH_WORDS: Final = 10
EXPORT_LIMIT: Final = 100_000
EXPORT_CHUNK: Final = 2_000
RESERVED: Final = frozenset({"page", "page_size", "ordering", "sort", "search", "columns", "view", "format"})
FORMATS: Final[dict[str, str]] = {"json": "JSON", "csv": "CSV", "xlsx": "XLSX"}

Allows = Callable[[str], bool]
M = TypeVar("M", bound=Model)


def allows_nothing(action: str) -> bool:
    """The default: a column that requires an action is hidden until somebody says who asks."""
    return False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows with the count over all pages."""

    rows: Sequence[Any]
    count: int
    page: int
    pages: int
    query: Query

    @property
    def first(self) -> int:
        """Number of the first row shown, counted from 1; 0 when there is none."""
        return (self.page - 1) * self.query.page_size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def next(self) -> str | None:
        """Query string of the next page."""
        return self.query.urlencode(page=self.page + 1) if self.page < self.pages else None

    @property
    def previous(self) -> str | None:
        """Query string of the page before."""
        return self.query.urlencode(page=self.page - 1) if self.page > 1 else None

    def table(self) -> Iterator[tuple[Any, list[tuple[Column, Any]]]]:
        """Each row with its cells: (row, [(column, value), ...])."""
        for row in self.rows:
            yield row, [(column, column.read(row)) for column in self.query.columns]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list page, its API list and its export, declared once.

    `search`: ORM paths, every word must occur in one of them. `default_sort`: column keys, `-` for descending.
    `extras`: which of as_of, known_at and group the list understands; `groups`: the allowed values of group.
    `ignore`: parameters that belong to the page and not to the list (its revision, a panel).
    `prepare`: called with the rows of a page or export chunk, to fetch what a join cannot in a fixed number of queries.
    """

    name: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    search: tuple[str, ...] = ()
    default_sort: tuple[str, ...] = ()
    page_size: int = 50
    extras: tuple[str, ...] = ()
    groups: Choices = ()
    ignore: frozenset[str] = frozenset()
    label: Text = ""
    prepare: Callable[[Sequence[Any]], Any] | None = None

    def available(self, allows: Allows = allows_nothing) -> tuple[Column, ...]:
        """The columns the asker may see; the others do not exist for them."""
        return tuple(column for column in self.columns if column.requires is None or allows(column.requires))

    def filters_for(self, allows: Allows = allows_nothing) -> tuple[Filter, ...]:
        """The filters the asker may use."""
        return tuple(item for item in self.filters if item.requires is None or allows(item.requires))

    def parse(self, params: QueryDict | Mapping[str, str], allows: Allows = allows_nothing) -> Query:
        """Type every parameter. Raises ApplicationError (unknown_parameter, invalid) naming the first one at fault."""
        given = single_values(params)
        lookups = {f.parameter(lookup): (f, lookup) for f in self.filters_for(allows) for lookup in f.lookups}
        only_known(given, RESERVED | self.ignore | frozenset(self.extras) | lookups.keys())
        available = self.available(allows)
        by_key = {column.key: column for column in available}
        default_columns = tuple(column.key for column in available if column.default)
        default_ordering = tuple(key for key in self.default_sort if key.lstrip("-") in by_key)
        ordering = given.get("ordering") or given.get("sort") or ""
        return Query(
            columns=tuple(_column(by_key, key) for key in split_keys(given.get("columns", "")) or default_columns),
            available=available,
            filters=tuple(
                FilterValue(item, lookup, given[name], item.parse(lookup, given[name]))
                for name, (item, lookup) in lookups.items()
                if given.get(name)
            ),
            search=parse_text("search", given.get("search", "")),
            ordering=tuple(_order(by_key, key) for key in split_keys(ordering) or default_ordering),
            page=parse_positive("page", given.get("page") or "1", at_most=MAX_PAGE),
            page_size=parse_positive("page_size", given.get("page_size") or str(self.page_size), at_most=MAX_PAGE_SIZE),
            extras=self._extras(given),
            default_columns=default_columns,
            default_ordering=default_ordering,
            default_page_size=self.page_size,
        )

    def _extras(self, given: Mapping[str, str]) -> dict[str, Any]:
        extras: dict[str, Any] = {}
        if given.get("view"):
            extras["view"] = parse_text("view", given["view"])
        if given.get("format"):
            extras["format"] = parse_value("format", given["format"], "choice", FORMATS)
        for name in self.extras:
            if given.get(name):
                kind = {"as_of": "date", "known_at": "datetime"}.get(name, "choice")
                extras[name] = parse_value(name, given[name], kind, dict(self.groups))  # type: ignore[arg-type]
        return extras

    def filter(self, queryset: QuerySet[M], query: Query) -> QuerySet[M]:
        """The rows that match filters and search, unordered."""
        for item in query.filters:
            queryset = queryset.filter(item.filter.as_q(item.lookup, item.value))
        if query.search:
            if not self.search:
                raise refuse("search", _("This list cannot be searched."), code="unknown_parameter")
            words = query.search.split()[:MAX_SEARCH_WORDS]
            queryset = queryset.filter(
                reduce(and_, (reduce(or_, (Q(**{f"{p}__icontains": w}) for p in self.search)) for w in words))
            )
        return queryset

    def order(self, queryset: QuerySet[M], query: Query) -> QuerySet[M]:
        """Sorted; empty values last in both directions and on every database; ties broken by primary key."""
        orders: list[OrderBy | str] = []
        for order in query.ordering:
            for path in order.column.sort_paths:
                if _never_null(queryset, path):
                    orders.append(f"-{path}" if order.descending else path)
                else:
                    orders.append(F(path).desc(nulls_last=True) if order.descending else F(path).asc(nulls_last=True))
        return queryset.order_by(*orders, "pk")

    def apply(self, queryset: QuerySet[M], query: Query, *, count: int | None = None) -> Page:
        """One page: one COUNT (none when `count` of the filtered rows is given) and one query for the rows."""
        matching = self.filter(queryset, query)
        total = matching.count() if count is None else count
        pages = max(1, -(-total // query.page_size))
        if query.page > pages:
            message = _("There is no page %(page)d: the list ends with page %(pages)d.")
            raise refuse("page", message % {"page": query.page, "pages": pages})
        start = (query.page - 1) * query.page_size
        rows: list[Any] = list(self.order(matching, query)[start : start + query.page_size]) if total else []
        if self.prepare is not None and rows:
            self.prepare(rows)
        return Page(rows=rows, count=total, page=query.page, pages=pages, query=query)

    def export_rows(self, queryset: QuerySet[M], query: Query) -> Iterator[Any]:
        """Every matching row in the order shown, read in chunks. ApplicationError above 100,000 rows, at once."""
        matching = self.filter(queryset, query)
        total = matching.count()
        if total > EXPORT_LIMIT:
            raise ApplicationError(
                _("The list has %(rows)d rows; an export holds at most %(limit)d. Narrow it with a filter.")
                % {"rows": total, "limit": EXPORT_LIMIT},
                code="too_many_rows",
                field="format",
            )
        return self._chunks(self.order(matching, query))

    def _chunks(self, queryset: QuerySet[M]) -> Iterator[M]:
        chunk: list[M] = []
        for row in queryset.iterator(chunk_size=EXPORT_CHUNK):
            chunk.append(row)
            if len(chunk) == EXPORT_CHUNK:
                yield from self._prepared(chunk)
                chunk = []
        yield from self._prepared(chunk)

    def _prepared(self, chunk: list[M]) -> list[M]:
        if self.prepare is not None and chunk:
            self.prepare(chunk)
        return chunk


def _column(by_key: Mapping[str, Column], key: str) -> Column:
    if key not in by_key:
        raise refuse("columns", _("There is no column “%(key)s” in this list.") % {"key": shown(key)})
    return by_key[key]


def _order(by_key: Mapping[str, Column], key: str) -> Order:
    column = by_key.get(key.removeprefix("-"))
    if column is None or not column.sort_paths:
        raise refuse("ordering", _("This list cannot be sorted by “%(key)s”.") % {"key": shown(key)})
    return Order(column, key.startswith("-"))


def _never_null(queryset: QuerySet[Any], path: str) -> bool:
    """Whether the path runs over columns that cannot be empty: then an index can serve the sort."""
    options = queryset.model._meta
    for step in path.split("__"):
        try:
            field = options.pk if step == "pk" else options.get_field(step)
        except FieldDoesNotExist:
            return False
        if field is None or getattr(field, "null", True) or getattr(field, "one_to_one", False) and field.auto_created:
            return False
        related = field.related_model
        if isinstance(related, type) and issubclass(related, Model):
            options = related._meta
    return True
