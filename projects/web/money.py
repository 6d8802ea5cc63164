"""The money page of a project: cost lines by month, in four ways of looking at them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit import figures
from pmo.kit.money import minor_units
from pmo.kit.parameters import parse_choice
from pmo.web.pages import OfficeRequest, page
from projects.analysis.money_grid import MODES, Grid, Line, grid_of
from projects.analysis.periods import month_end
from projects.models import Category, ExpenseType, Project
from projects.selectors.money import BOTH, BY, NO_BUDGET, ProjectMoney, project_money
from projects.web.dates import date_asked, known_at_asked
from projects.web.money_file import money_file
from projects.web.subpage import subpage

MODE_WORDS = {
    "budget": gettext_lazy("Budget"),
    "forecast": gettext_lazy("Actual and forecast"),
    "variance": gettext_lazy("Variance"),
    "commitments": gettext_lazy("Open commitments"),
}
SAYS = {
    "budget": gettext_lazy("The approved budget by month."),
    "forecast": gettext_lazy("What was spent up to the date, and after it what is expected."),
    "variance": gettext_lazy("Budget less actual and forecast: what is over is negative."),
    "commitments": gettext_lazy("What is ordered and not invoiced yet, by the month of the order."),
}
BY_WORDS = {"type": gettext_lazy("Capital and operating"), "phase": gettext_lazy("Phase")}
TYPE_WORDS = {
    **dict(ExpenseType.choices),
    BOTH: gettext_lazy("Capital and operating"),
    NO_BUDGET: gettext_lazy("Not in the budget"),
}


class Cell(NamedTuple):
    """One figure of the grid: the exact amount, as text, where it leads, and how it is set."""

    amount: Decimal | None
    text: str
    href: str
    css: str


class Row(NamedTuple):
    """`kind`: group (a heading with its sums), line or total."""

    kind: str
    name: str
    cells: list[Cell]


def menu(name: str, label: str, words: Mapping[str, Any], value: str) -> dict[str, Any]:
    """A choice without "any", as `portfolio/_group_menu.html` takes it."""
    options = [{"value": key, "text": text} for key, text in words.items()]
    return {"name": name, "label": label, "options": options, "value": value, "value_text": words.get(value, value)}


@page("money.view", as_of=True, known_at=True)
def money(request: OfficeRequest, org: str, code: str) -> HttpResponseBase:
    """The grid, or with `format=xlsx|csv` the same as a file."""
    project, context = subpage(request, code, "money.view", "money")
    as_of, _other = date_asked(request)
    mode = parse_choice(request.GET, "mode", MODES, "forecast")
    by = parse_choice(request.GET, "group", BY, "type")
    known_at = known_at_asked(request)
    found = project_money(project, as_of=as_of, by=by, split=mode == "budget", known_at=known_at)
    grid = grid_of(found.money.cells(mode), request.actor.organisation.fiscal_year_start_month)
    rows = rows_of(project, found, grid, mode, by, as_of)
    if file_format := parse_choice(request.GET, "format", ("", "xlsx", "csv"), ""):
        request.actor.require("export.run")
        return money_file(project, found, grid, rows, mode=mode, file_format=file_format, title=str(MODE_WORDS[mode]))
    context |= {
        "found": found,
        "grid": grid,
        "rows": rows,
        "mode": mode,
        "modes": [{"key": key, "name": name, "current": key == mode} for key, name in MODE_WORDS.items()],
        "says": SAYS[mode],
        "by": menu("group", _("Rows"), BY_WORDS, by),
        "status_date": as_of,
        "known_at": known_at,
        "now": as_of.replace(day=1),
        "files": {kind: f"?{urlencode({**request.GET.dict(), 'format': kind})}" for kind in ("xlsx", "csv")},
    }
    return render(request, "projects/money.html", context)


def shown(amount: Decimal | None, places: int) -> str:
    """An amount in a cell: nothing where there is none."""
    return "" if amount is None else figures.number(amount, places) or ""


def places_of(grid: Grid, currency: str) -> int:
    """Decimals that the cells need, so that what is shown adds up: none where every amount is whole."""
    return 0 if all(amount == amount.to_integral_value() for amount in grid.cells.values()) else minor_units(currency)


def rows_of(project: Project, found: ProjectMoney, grid: Grid, mode: str, by: str, as_of: date) -> list[Row]:
    """Groups, their lines, and the total: each with a cell for every month, year and the whole."""
    lines = sorted({line for line, _ in grid.cells}, key=_order)
    if by == "phase":
        names = {str(pk): name for pk, name in project.phases.order_by("order").values_list("id", "name")}
        order = ["", *names]
        lines.sort(key=lambda line: order.index(line[0]) if line[0] in order else 0)
        heads: Mapping[str, Any] = {"": _("Whole project"), **names}
    else:
        heads = TYPE_WORDS
    places = places_of(grid, project.currency)
    linker = Linker(project, found, mode, by, as_of)
    rows: list[Row] = []
    for group in dict.fromkeys(line[0] for line in lines):
        mine = [line for line in lines if line[0] == group]
        rows.append(Row("group", str(heads.get(group, group)), _cells(grid, mine, places, as_of, mode, None)))
        rows += [
            Row("line", str(Category(line[1]).label), _cells(grid, [line], places, as_of, mode, linker))
            for line in mine
        ]
    rows.append(Row("total", _("Total"), _cells(grid, None, places, as_of, mode, None)))
    return rows


def _order(line: Line) -> tuple[int, int]:
    categories = [str(value) for value in Category.values]
    types = list(TYPE_WORDS)
    return (types.index(line[0]) if line[0] in types else 0, categories.index(line[1]))


def _cells(
    grid: Grid, lines: list[Line] | None, places: int, as_of: date, mode: str, linker: Linker | None
) -> list[Cell]:
    cells = []
    chosen = None if lines is None else set(lines)
    sums: dict[date | None, Decimal] = {}
    for (line, month), amount in grid.cells.items():
        if chosen is None or line in chosen:
            sums[month] = sums.get(month, Decimal(0)) + amount

    def cell(amount: Decimal | None, css: str, href: str = "") -> Cell:
        over = " t-bad" if mode == "variance" and amount is not None and amount < 0 else ""
        return Cell(amount, shown(amount, places), href if amount is not None else "", css + over)

    now = as_of.replace(day=1)
    for year in grid.years:
        for month in year.months:
            ahead = mode in ("forecast", "variance") and month > now
            css = "ahead" if ahead else "now" if month == now else ""
            href = linker.to(lines[0], month) if linker and lines else ""
            cells.append(cell(sums.get(month), css, href))
        held = [sums[month] for month in year.months if month in sums]
        cells.append(cell(sum(held, Decimal(0)) if held else None, "sum"))
    if grid.undated:
        cells.append(cell(sums.get(None), ""))
    cells.append(cell(sum(sums.values(), Decimal(0)) if sums else None, "sum whole"))
    return cells


class Linker:
    """Where a cell leads: to the entries behind an actual or a commitment, to the budget behind a planned amount."""

    def __init__(self, project: Project, found: ProjectMoney, mode: str, by: str, as_of: date) -> None:
        args = [project.organisation.slug, project.code]
        self.ledger, self.budgets = (reverse(f"projects:{name}", args=args) for name in ("ledger", "budgets"))
        self.found, self.mode, self.by, self.as_of = found, mode, by, as_of

    def to(self, line: Line, month: date) -> str:
        """The address for one line and month."""
        if self.mode == "budget":
            baseline = self.found.baseline
            return f"{self.budgets}#b{baseline.number}" if baseline else self.budgets
        places = self.found.money.ordered if self.mode == "commitments" else self.found.money.actual
        if (line, month) not in places:
            return ""
        query = {
            "kind__in": "commitment" if self.mode == "commitments" else "actual,accrual",
            "category": line[1],
            "incurred_on__gte": month.isoformat(),
            "incurred_on__lte": min(month_end(month), self.as_of).isoformat(),
        }
        if self.by == "phase":
            query |= {"phase": line[0]} if line[0] else {"phase__isnull": "true"}
        return f"{self.ledger}?{urlencode(query)}"
