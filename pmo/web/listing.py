"""A list page: filters as menus and chips, sorted heads, columns, pages, and the export of what is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from pmo.kit.export import export_response
from pmo.kit.listing import Listing, Page, Query


@dataclass(frozen=True, slots=True)
class ListPage:
    """What a list's template reads."""

    listing: Listing
    page: Page
    menus: list[dict[str, Any]]

    @property
    def query(self) -> Query:
        return self.page.query

    @property
    def chips(self) -> list[Any]:
        """The filters in use that no menu shows."""
        in_menus = {menu["name"] for menu in self.menus} | {"search"}
        return [chip for chip in self.query.chips() if chip.parameter not in in_menus]

    @property
    def columns(self) -> list[dict[str, Any]]:
        """For the columns menu."""
        shown = {column.key for column in self.query.columns}
        return [{"key": c.key, "label": c.label, "shown": c.key in shown} for c in self.query.available]

    def export(self, file_format: str) -> str:
        """The query string that downloads what is shown."""
        return f"?{self.query.urlencode(format=file_format, page=None)}"

    @property
    def csv(self) -> str:
        return self.export("csv")

    @property
    def xlsx(self) -> str:
        return self.export("xlsx")


def list_page(
    request: HttpRequest,
    listing: Listing,
    rows: QuerySet[Any],
    allows: Callable[[str], bool],
    *,
    menus: Sequence[str] = (),
    stem: str = "",
) -> ListPage | HttpResponseBase:
    """One page of the list, or the download where `format` asks for one and `export.run` is allowed."""
    query = listing.parse(request.GET, allows)
    file_format = query.extras.get("format")
    if file_format in ("csv", "xlsx") and allows("export.run"):
        return export_response(listing, rows, query, file_format=file_format, stem=stem or listing.name)
    return ListPage(listing, listing.apply(rows, query), [_menu(listing, query, name) for name in menus])


def _menu(listing: Listing, query: Query, name: str) -> dict[str, Any]:
    """A filter of choices as `kit/filter_menu.html` takes it."""
    found = next(item for item in listing.filters if item.key == name)
    options = [{"value": value, "text": text, "count": None} for value, text in found.choice_map.items()]
    chosen = query.value_of(name)
    text = str(found.choice_map.get(chosen, ""))
    return {"label": found.label, "name": name, "options": options, "value": chosen, "value_text": text}
