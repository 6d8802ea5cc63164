"""A file of exchange rates as the lines somebody could have typed."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.kit.spreadsheet import Cell, SpreadsheetError, cell_text, open_table

LARGEST = 1_048_576  # bytes: ten thousands of rates
NAMES = {
    "base": ("base", "from", "currency", "one unit of"),
    "quote": ("quote", "to", "is in", "counter currency"),
    "rate": ("rate", "exchange rate", "value"),
    "date": ("date", "valid on", "valid_on", "day", "from day"),
}


def text_of_file(upload: UploadedFile) -> str:
    """The rates of a CSV or XLSX file, one a line: base, quote, rate, date. Columns are found by their names, or are
    the first four. Raises ApplicationError for what cannot be read.
    """
    if (upload.size or 0) > LARGEST:
        raise ApplicationError(_("The file is larger than 1 MB."), field="file", code="too_large")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rates"
        path.write_bytes(upload.read())
        try:
            table = open_table(path)
            places = _places(table.headers)
            lines = [",".join(_plain(row.cells[place]) for place in places) for row in table.rows]
        except SpreadsheetError as problem:
            raise ApplicationError(str(problem), field="file", code="unreadable") from problem
    return "\n".join(lines)


def _places(headers: tuple[str, ...]) -> list[int]:
    folded = [header.strip().casefold() for header in headers]
    found = [next((folded.index(name) for name in names if name in folded), None) for names in NAMES.values()]
    if None not in found:
        return [place for place in found if place is not None]
    if len(headers) < len(NAMES):
        raise ApplicationError(
            _("Four columns are needed: base, quote, rate, date. The file has %d.") % len(headers),
            field="file",
            code="columns",
        )
    return [0, 1, 2, 3]


def _plain(cell: Cell) -> str:
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    return cell_text(cell).replace(",", "").replace("\n", " ").strip()
