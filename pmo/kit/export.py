"""Exactly what a list shows, as CSV or XLSX: same rows, same order, same columns; numbers exact, text harmless."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any, Final

from django.db.models import Model, QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from pmo.kit.listing import Listing, Query
from pmo.kit.listing_parts import Column
from pmo.kit.spreadsheet import harmless

XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE: Final = "text/csv; charset=utf-8"
BOM: Final = "\ufeff"
CELL_LIMIT: Final = 32_767
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DISGUISED = re.compile(r"^[\s\ufeff]*[=+\-@＝＋－＠]")  # full-width signs too
_NUMBER_FORMATS: Final = {
    "money": "#,##0.00",
    "percent": "0.00",
    "ratio": "0.000",
    "int": "0",
    "date": "yyyy-mm-dd",
    "datetime": 'yyyy-mm-dd"T"hh:mm:ss"Z"',
}


def safe_text(text: str) -> str:
    """Text no spreadsheet program runs as a formula: what could be one gets an apostrophe before it."""
    clean = _CONTROL.sub("", text)
    first = harmless(clean)
    return f"'{clean}" if first == clean and _DISGUISED.match(clean) and not _plain_number(clean) else first


def _plain_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?[0-9]+([.,][0-9]+)*%?", text, re.ASCII) is not None


def _as_text(value: Any) -> str:
    if isinstance(value, str | Promise):  # a text still to be translated is no list of letters
        return str(value)
    if isinstance(value, Iterable):
        return ", ".join(str(part) for part in value)
    return str(value)


def csv_cell(column: Column, value: Any) -> str:
    """One CSV cell: None empty, numbers plain digits, dates ISO, instants ISO in UTC, the rest harmless text."""
    value = column.label_of(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return safe_text(_as_text(value))


def xlsx_value(column: Column, value: Any) -> Any:
    """One XLSX cell's value: numbers and dates as such (instants in UTC, without zone, as the format has none)."""
    value = column.label_of(value)
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    if isinstance(value, date):
        return value
    text = safe_text(_as_text(value))
    return text if len(text) <= CELL_LIMIT else text[: CELL_LIMIT - 1] + "…"


class _Line:
    """A file-like for csv.writer that hands the written line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[str]:
    """The CSV file line by line, UTF-8 with a byte order mark so that spreadsheets see the encoding."""
    writer = csv.writer(_Line())
    yield BOM + writer.writerow([safe_text(str(column.label)) for column in columns])
    for row in rows:
        yield writer.writerow([csv_cell(column, column.read(row)) for column in columns])


def xlsx_file(columns: Sequence[Column], rows: Iterable[Any], title: str, target: IO[bytes]) -> None:
    """Write the workbook to `target`, row by row: memory does not grow with the rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "Export")
    sheet.freeze_panes = "A2"
    sheet.append([_bold(sheet, safe_text(str(column.label))) for column in columns])
    formats = [_NUMBER_FORMATS.get(column.kind) for column in columns]
    for row in rows:
        cells = []
        for column, number_format in zip(columns, formats, strict=True):
            value = xlsx_value(column, column.read(row))
            if number_format is not None and value is not None and not isinstance(value, str):
                cell = WriteOnlyCell(sheet, value=value)
                cell.number_format = number_format
                cells.append(cell)
            else:
                cells.append(value)
        sheet.append(cells)
    book.save(target)


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def export_response(
    listing: Listing, queryset: QuerySet[Any, Model], query: Query, *, file_format: str, stem: str
) -> HttpResponseBase:
    """A download named `stem` of every row of the list as filtered and sorted, with the columns shown.

    Raises ApplicationError (too_many_rows) before anything is sent.
    """
    rows = listing.export_rows(queryset, query)
    return rows_response(query, rows, title=str(listing.label or listing.name), file_format=file_format, stem=stem)


def rows_response(query: Query, rows: Iterable[Any], *, title: str, file_format: str, stem: str) -> HttpResponseBase:
    """The same download of rows that are at hand already, filtered and sorted."""
    columns = [column for column in query.columns if column.export]
    response: HttpResponseBase
    if file_format == "xlsx":
        target = TemporaryFile()  # noqa: SIM115 - the response closes it
        xlsx_file(columns, rows, title, target)
        target.seek(0)
        response = FileResponse(target, content_type=XLSX_TYPE)
    else:
        response = StreamingHttpResponse(csv_lines(columns, rows), content_type=CSV_TYPE)
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-.") or "export"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
