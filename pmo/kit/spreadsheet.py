"""Reading a CSV or XLSX file of unknown origin: safely, exactly, row by row. No domain word in here.

`open_table` answers headers and a stream of rows. Every cap has one plain sentence. Numbers of a workbook arrive as
Decimal (the 15 significant digits a spreadsheet shows, never a float), its dates as date or datetime; everything in a
delimited file is text. A row's number is the one a spreadsheet program shows.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from pmo.kit import delimited, workbook
from pmo.kit.delimited import SpreadsheetError
from pmo.kit.workbook import Cell

__all__ = ["Cell", "ReadOptions", "Row", "SpreadsheetError", "Table", "cell_text", "harmless", "open_table"]

MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 200
_HEADER_SEARCH: Final = 20


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read the file; None means: find out. Rows are counted from 1; `skip_footer` counts non-empty rows."""

    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    skip_rows: int = 0
    skip_footer: int = 0
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One non-empty row below the header. `cells` is as long as the headers; `surplus` counts those beyond them."""

    number: int
    cells: tuple[Cell, ...]
    surplus: int = 0


@dataclass(slots=True)
class Table:
    """`rows` can be walked once. `headers` are unique and never empty; `notes` say what was found out while opening."""

    headers: tuple[str, ...]
    rows: Iterator[Row]
    kind: str
    header_row: int
    encoding: str = ""
    delimiter: str = ""
    sheets: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def open_table(path: Path, options: ReadOptions | None = None) -> Table:
    """Open a CSV or XLSX file. Raises SpreadsheetError, also while the rows are walked."""
    options = options or ReadOptions()
    with path.open("rb") as stream:
        head = stream.read(8)
    if not head:
        raise SpreadsheetError("The file is empty.")
    if head.startswith(b"PK\x03\x04"):
        workbook.precheck(path)
        book = workbook.read(path, options.sheet, MAX_COLUMNS)
        table = _table(book.rows, options, kind="xlsx")
        table.sheets = book.sheets
        return table
    if refusal := _refusal(head):
        raise SpreadsheetError(refusal)
    encoding = delimited.known_encoding(options.encoding) if options.encoding else delimited.detect_encoding(path)
    delimiter = options.delimiter or delimited.detect_delimiter(delimited.read_sample(path, encoding))
    if len(delimiter) != 1 or delimiter in '\r\n"':
        raise SpreadsheetError("The delimiter must be one character, for example a comma.")
    numbered: Iterator[tuple[int, Sequence[Cell]]] = enumerate(delimited.records(path, encoding, delimiter), start=1)
    table = _table(numbered, options, kind="csv")
    table.encoding, table.delimiter = encoding, delimiter
    return table


def _refusal(head: bytes) -> str:
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "This is an old Excel (.xls) or a password-protected workbook. Save it as plain .xlsx or as CSV."
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")):
        return "This is not a CSV or XLSX file."
    return ""


def _table(source: Iterator[tuple[int, Sequence[Cell]]], options: ReadOptions, *, kind: str) -> Table:
    start = options.skip_rows + 1
    head: list[tuple[int, Sequence[Cell]]] = []
    for number, cells in source:
        if number < start or not any(not blank(cell) for cell in cells):
            continue
        if options.header_row is not None and number < options.header_row:
            continue
        head.append((number, cells))
        if options.header_row is not None or len(head) >= _HEADER_SEARCH:
            break
    if not head:
        raise SpreadsheetError("The file holds no row with anything in it.")
    position = 0 if options.header_row is not None else _header_position(head)
    header_row, titles = head[position]
    width = len(titles)
    while width and blank(titles[width - 1]):
        width -= 1
    if width > MAX_COLUMNS:
        raise SpreadsheetError(f"The file has more than {MAX_COLUMNS} columns.")
    rest = _chain(head[position + 1 :], source)
    rows = _cut_footer(_rows(rest, width), options.skip_footer)
    return Table(headers=unique_headers(titles[:width]), rows=rows, kind=kind, header_row=header_row)


def _header_position(head: Sequence[tuple[int, Sequence[Cell]]]) -> int:
    """The first row at least half as wide as the widest: titles and notes above a table are narrow."""
    widths = [sum(not blank(cell) for cell in cells) for _, cells in head]
    return next(index for index, width in enumerate(widths) if width * 2 >= max(widths))


def _chain(
    first: Iterable[tuple[int, Sequence[Cell]]], then: Iterable[tuple[int, Sequence[Cell]]]
) -> Iterator[tuple[int, Sequence[Cell]]]:
    yield from first
    yield from then


def _rows(source: Iterator[tuple[int, Sequence[Cell]]], width: int) -> Iterator[Row]:
    count = 0
    for number, cells in source:
        if all(blank(cell) for cell in cells):
            continue
        if len(cells) > MAX_COLUMNS and any(not blank(cell) for cell in cells[MAX_COLUMNS:]):
            raise SpreadsheetError(f"Line {number} has more than {MAX_COLUMNS} columns.")
        count += 1
        if count > MAX_ROWS:
            raise SpreadsheetError(f"The file has more than {MAX_ROWS:,} rows. Split it and import part by part.")
        surplus = sum(not blank(cell) for cell in cells[width:])
        yield Row(number, tuple(cells[:width]) + (None,) * (width - len(cells)), surplus)


def _cut_footer(rows: Iterator[Row], footer: int) -> Iterator[Row]:
    held: deque[Row] = deque()
    for row in rows:
        held.append(row)
        if len(held) > footer:
            yield held.popleft()


def unique_headers(titles: Sequence[Cell]) -> tuple[str, ...]:
    """Headers as written, trimmed; a blank one is named after its place, a repeated one is numbered."""
    seen: dict[str, int] = {}
    result = []
    for index, title in enumerate(titles, start=1):
        name = cell_text(title).strip().lstrip("\ufeff") or f"Column {index}"
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(result)


def blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def cell_text(cell: Cell) -> str:
    """The cell as a person would read it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return cell


_NUMBER = re.compile(r"^[+-]?[0-9]+([.,][0-9]+)*%?$")


def harmless(text: str) -> str:
    """Text for a cell of an exported file: what a spreadsheet would run as a formula gets an apostrophe."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.match(text) else text
