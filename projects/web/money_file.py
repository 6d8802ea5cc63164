"""The money page as a file: the grid as it is shown, and in budget mode its lines as the import takes them back."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from pmo.kit.export import BOM, CSV_TYPE, XLSX_TYPE, safe_text
from projects.analysis.money_grid import Grid
from projects.models import BudgetLine, Category, Project
from projects.selectors.money import ProjectMoney

# As the import knows them in every language: see projects/imports/targets.py.
LINE_HEADS = ("Project", "Phase", "Category", "Expense type", "Month", "Amount", "Currency", "Funding source")


def heads_of(grid: Grid) -> list[str]:
    """The heads of the columns after the name: months, fiscal years, the whole."""
    heads: list[str] = []
    for year in grid.years:
        heads += [f"{month:%Y-%m}" for month in year.months] + [year.label]
    return [*heads, *([_("No month")] if grid.undated else []), _("Total")]


def table_of(project: Project, grid: Grid, rows: Sequence[Any]) -> Iterator[list[Any]]:
    """The table as shown, head first; amounts exact."""
    yield [f"{_('Cost line')} ({project.currency})", *heads_of(grid)]
    for row in rows:
        indent = "   " if row.kind == "line" else ""
        yield [f"{indent}{safe_text(row.name)}", *(cell.amount for cell in row.cells)]


def money_file(
    project: Project, found: ProjectMoney, grid: Grid, rows: Sequence[Any], *, mode: str, file_format: str, title: str
) -> HttpResponseBase:
    """A download. The workbook of the budget has its lines in front, in the columns that the import recognises."""
    response: HttpResponseBase
    if file_format == "csv":
        response = HttpResponse(BOM, content_type=CSV_TYPE)
        writer = csv.writer(response)
        for line in table_of(project, grid, rows):
            writer.writerow(["" if value is None else value for value in line])
    else:
        target = TemporaryFile()  # noqa: SIM115 - the response closes it
        _book(project, found, grid, rows, mode, title).save(target)
        target.seek(0)
        response = FileResponse(target, content_type=XLSX_TYPE)
    stem = "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "-" for c in project.code).strip("-.")
    response["Content-Disposition"] = f'attachment; filename="{stem or "project"}-money-{mode}.{file_format}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _book(project: Project, found: ProjectMoney, grid: Grid, rows: Sequence[Any], mode: str, title: str) -> Workbook:
    book = Workbook()
    sheet = book.active
    if mode == "budget" and found.baseline is not None:
        sheet.title = _("Budget lines")
        _lines(project, found.baseline.pk, sheet)
        sheet = book.create_sheet()
        book.active = 1
    sheet.title = title[:31]
    bold = Font(bold=True)
    for number, line in enumerate(table_of(project, grid, rows), start=1):
        sheet.append(line)
        strong = number == 1 or rows[number - 2].kind != "line"
        for cell in sheet[number]:
            cell.number_format = "#,##0.00" if isinstance(cell.value, Decimal) else "General"
            if strong:
                cell.font = bold
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = 28
    return book


def _lines(project: Project, budget_id: int, sheet: Any) -> None:
    sheet.append(list(LINE_HEADS))
    lines = BudgetLine.objects.filter(budget_id=budget_id).select_related("project_phase").order_by("period", "id")
    for line in lines:
        sheet.append(
            [
                safe_text(project.code), safe_text(line.project_phase.name if line.project_phase else ""),
                Category(line.category).value, line.expense_type, line.period, line.amount, project.currency,
                safe_text(line.funding_source),
            ]
        )  # fmt: skip
        sheet.cell(sheet.max_row, 5).number_format = "yyyy-mm"
    sheet.freeze_panes = "A2"
