"""The money page of a portfolio: projects, programmes or categories by month of a fiscal year."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.styles import Font

from pmo.kit import figures
from pmo.kit.export import BOM, CSV_TYPE, XLSX_TYPE, safe_text
from pmo.kit.parameters import parse_choice, parse_positive
from pmo.web.pages import OfficeRequest, page
from portfolio.listings.projects import PROJECTS
from portfolio.selectors import cockpit as read
from portfolio.selectors.money import GROUPS, Told, portfolio_money, told
from projects.analysis.money_grid import MODES, Money
from projects.analysis.periods import month_first, month_index
from projects.analysis.spread import fiscal_year, fiscal_year_label
from projects.models import Category
from projects.selectors.projects import projects_for
from projects.web.dates import date_asked, known_at_asked
from projects.web.money import MODE_WORDS, SAYS, Cell, menu

GROUP_WORDS = {
    "project": gettext_lazy("Projects"),
    "programme": gettext_lazy("Programmes"),
    "category": gettext_lazy("Categories"),
}
FILTERS = ("portfolio", "programme", "status")
NOT_FILTERS = ("mode", "group", "year", "as_of", "known_at")
ROWS = 50
K = Decimal(1000)


class Row(NamedTuple):
    """`kind`: line or total."""

    kind: str
    name: str
    code: str
    href: str
    cells: list[Cell]


class Table(NamedTuple):
    """One currency: all its rows, and the total over all of them."""

    currency: str
    rows: list[Row]
    total: Row


@page("money.view", as_of=True, known_at=True)
def money(request: OfficeRequest, org: str) -> HttpResponseBase:
    """The grid, by currency; with `format=xlsx|csv` all its rows as a file."""
    actor = request.actor
    mode = parse_choice(request.GET, "mode", MODES, "forecast")
    by = parse_choice(request.GET, "group", GROUPS, "project")
    as_of, _other = date_asked(request)
    known_at = known_at_asked(request)
    first = actor.organisation.fiscal_year_start_month
    current = fiscal_year(as_of, first)[0]
    year = parse_positive("year", request.GET.get("year") or str(current), at_most=9000)
    months = [month_first(month_index(date(year, first, 1)) + place) for place in range(12)]
    asked = {key: value for key, value in request.GET.dict().items() if key not in NOT_FILTERS}
    query = PROJECTS.parse({**asked, "ordering": "name"}, actor.allows)
    rows = read.portfolio_rows(actor) & projects_for(actor, "money.view")
    rows = rows if any(item.filter.key == "status" for item in query.filters) else read.running(rows)
    rows = PROJECTS.filter(rows, query)
    if known_at is not None:
        rows = rows.filter(created_at__lte=known_at)
    projects = told(rows.order_by("name", "pk"), known_at)
    found = portfolio_money(rows, projects, actor.organisation, mode=mode, by=by, as_of=as_of, known_at=known_at)
    kept = {key: request.GET[key] for key in ("mode", "as_of", "known_at") if request.GET.get(key)}
    tables = [
        _table(org, each, projects, months, mode, by, as_of, kept)
        for each in sorted(found.values(), key=lambda each: -sum(p.currency == each.currency for p in projects))
    ]
    if file_format := parse_choice(request.GET, "format", ("", "xlsx", "csv"), ""):
        actor.require("export.run")
        return _file(tables, months, first, file_format, f"{org}-money-{mode}-{year}", str(MODE_WORDS[mode]))
    pages = max(1, *(-(-len(table.rows) // ROWS) for table in tables)) if tables else 1
    here = min(query.page, pages)
    years = {str(each): fiscal_year_label(date(each, first, 1), first) for each in range(current + 2, current - 6, -1)}
    years.setdefault(str(year), fiscal_year_label(months[0], first))
    context = {
        "nav_active": "money",
        "tables": [table._replace(rows=table.rows[(here - 1) * ROWS : here * ROWS]) for table in tables],
        "months": months,
        "year_label": fiscal_year_label(months[0], first),
        "now": as_of.replace(day=1),
        "mode": mode,
        "says": SAYS[mode],
        "modes": [{"key": key, "name": name, "current": key == mode} for key, name in MODE_WORDS.items()],
        "choices": [
            menu("group", _("Rows"), GROUP_WORDS, by),
            menu("year", _("Year"), years, str(year)),
        ],
        "menus": _menus(actor, query),
        "row_word": GROUP_WORDS[by],
        "projects": len(projects),
        "shown_rows": max((min(ROWS, len(table.rows) - (here - 1) * ROWS) for table in tables), default=0),
        "all_rows": max((len(table.rows) for table in tables), default=0),
        "page": here,
        "pages": pages,
        "status_date": as_of,
        "known_at": known_at,
        "files": {kind: f"?{urlencode({**request.GET.dict(), 'format': kind})}" for kind in ("xlsx", "csv")},
    }
    return render(request, "portfolio/money.html", context)


def _menus(actor: Any, query: Any) -> list[dict[str, Any]]:
    portfolios, programmes = read.structure(actor)
    filters = {item.key: item for item in PROJECTS.filters_for(actor.allows)}
    menus = []
    for key, options in (
        ("portfolio", [(place.code, place.name) for place in portfolios]),
        ("programme", [(place.code, place.name) for place in programmes]),
        ("status", list(filters["status"].choice_map.items())),
    ):
        value = query.value_of(key)
        default = _("under way") if key == "status" else ""
        menus.append(
            {
                "label": filters[key].label,
                "name": key,
                "value": value,
                "value_text": dict(options).get(value, default),
                "options": [{"value": given, "text": text} for given, text in options],
            }
        )
    return menus


def _table(
    org: str, money: Money, projects: Sequence[Told], months: Sequence[date], mode: str, by: str, as_of: date,
    kept: Mapping[str, str],
) -> Table:  # fmt: skip
    cells = money.cells(mode)
    by_line: dict[str, dict[date | None, Decimal]] = {}
    whole: dict[date | None, Decimal] = {}
    for (line, month), amount in cells.items():
        mine = by_line.setdefault(line[0] if line else "", {})
        mine[month] = mine.get(month, Decimal(0)) + amount
        whole[month] = whole.get(month, Decimal(0)) + amount
    rows = []
    for key, name, code in _lines(by_line, projects, by, money.currency):
        href = ""
        if by == "project":
            address = reverse("projects:money", args=[org, code])
            href = f"{address}?{urlencode(kept)}" if kept else address
        rows.append(Row("line", name, code, href, _cells(by_line.get(key, {}), months, mode, as_of)))
    return Table(money.currency, rows, Row("total", _("Total"), "", "", _cells(whole, months, mode, as_of)))


def _lines(
    by_line: Mapping[str, Any], projects: Sequence[Told], by: str, currency: str
) -> list[tuple[str, str, str]]:  # (key, name, code)
    if by == "project":
        return [(each.code, each.name, each.code) for each in projects if each.currency == currency]
    if by == "programme":
        return [(key, key or _("No programme"), "") for key in sorted(by_line)]
    return [(str(value), str(Category(value).label), "") for value in Category.values if value in by_line]


def _cells(amounts: Mapping[date | None, Decimal], months: Sequence[date], mode: str, as_of: date) -> list[Cell]:
    """The months, the year's sum, what lies outside the year, and the whole; shown in thousands."""
    now = as_of.replace(day=1)

    def cell(amount: Decimal | None, css: str) -> Cell:
        over = " t-bad" if mode == "variance" and amount is not None and amount < 0 else ""
        text = "" if amount is None else figures.number(amount / K, 0) or ""
        return Cell(amount, text, "", css + over)

    made = []
    for month in months:
        ahead = mode in ("forecast", "variance") and month > now
        made.append(cell(amounts.get(month), "ahead" if ahead else "now" if month == now else ""))
    year = [amounts[month] for month in months if month in amounts]
    in_year = sum(year, Decimal(0))
    whole = sum(amounts.values(), Decimal(0))
    made.append(cell(in_year if year else None, "sum"))
    made.append(cell(whole - in_year if len(year) < len(amounts) else None, ""))
    made.append(cell(whole if amounts else None, "sum whole"))
    return made


def _file(
    tables: Sequence[Table], months: Sequence[date], first: int, file_format: str, stem: str, title: str
) -> HttpResponseBase:
    """Every row, with exact amounts: what the page shows in thousands."""
    heads = [_("Code"), _("Name"), _("Currency"), *(f"{month:%Y-%m}" for month in months)]
    heads += [fiscal_year_label(months[0], first), _("Other years"), _("Total")]
    lines: list[list[Any]] = [heads]
    for table in tables:
        for row in (*table.rows, table.total):
            amounts = [cell.amount for cell in row.cells]
            lines.append([safe_text(row.code), safe_text(row.name), table.currency, *amounts])
    response: HttpResponseBase
    if file_format == "csv":
        response = HttpResponse(BOM, content_type=CSV_TYPE)
        csv.writer(response).writerows([["" if value is None else value for value in line] for line in lines])
    else:
        book = Workbook()
        sheet = book.active
        sheet.title = title[:31]
        for line in lines:
            sheet.append(line)
            for place, value in enumerate(line, start=1):
                if isinstance(value, Decimal):
                    sheet.cell(sheet.max_row, place).number_format = "#,##0.00"
        for each in sheet[1]:
            each.font = Font(bold=True)
        sheet.freeze_panes = "D2"
        target = TemporaryFile()  # noqa: SIM115 - the response closes it
        book.save(target)
        target.seek(0)
        response = FileResponse(target, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{stem}.{file_format}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
