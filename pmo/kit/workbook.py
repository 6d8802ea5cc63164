"""XLSX, read in a child process with limits on memory, processor time and the clock. No domain word in here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Timer
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from pmo.kit.delimited import SpreadsheetError

Cell = str | Decimal | date | datetime | bool | None

MAX_ENTRIES: Final = 2_000
MAX_UNPACKED: Final = 64 * 1024 * 1024
MAX_RATIO: Final = 100
SECONDS: Final = 20
_ROOT: Final = Path(__file__).resolve().parents[2]
_SENTENCES: Final = {
    "memory": "The workbook needs too much memory to be read. Save the sheet as CSV.",
    "damaged": "The workbook is damaged or not an Excel file. Open it and save it again as .xlsx, or as CSV.",
    "empty": "The workbook has no sheet.",
}


@dataclass(slots=True)
class Book:
    """Rows are (number, cells); `sheets` names all sheets of the workbook."""

    sheets: tuple[str, ...]
    rows: Iterator[tuple[int, Sequence[Cell]]]


def precheck(path: Path) -> None:
    """Look at the archive's table of contents before anything is unpacked. Raises SpreadsheetError."""
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise SpreadsheetError(_SENTENCES["damaged"]) from error
    if len(entries) > MAX_ENTRIES:
        raise SpreadsheetError(f"The workbook consists of more than {MAX_ENTRIES:,} parts and is not read.")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MAX_UNPACKED:
        raise SpreadsheetError(
            f"The workbook unpacks to {unpacked >> 20:,} MiB; at most {MAX_UNPACKED >> 20} are read. "
            "Save the sheet as CSV or split it."
        )
    if unpacked > MAX_RATIO * max(packed, 1):
        raise SpreadsheetError("The workbook is packed more than a hundredfold, as no honest one is, and is not read.")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise SpreadsheetError("The workbook is protected by a password. Save it without one.")
    if not any(entry.filename.endswith("workbook.xml") for entry in entries):
        raise SpreadsheetError("This is an archive, but not an Excel workbook.")


def read(path: Path, sheet: str, max_columns: int) -> Book:
    """Start the reader and wait for its first line. Raises SpreadsheetError, also while the rows are walked."""
    lines = _lines(path, sheet, max_columns)
    first = next(lines)
    return Book(sheets=tuple(first["sheets"]), rows=_rows(lines))


def _rows(lines: Iterator[Any]) -> Iterator[tuple[int, Sequence[Cell]]]:
    for line in lines:
        if isinstance(line, list):
            yield line[0], [_decode(cell) for cell in line[1]]


def _lines(path: Path, sheet: str, max_columns: int) -> Iterator[Any]:
    command = [sys.executable, "-m", "pmo.kit.spreadsheet_child", str(path), sheet, str(max_columns)]
    environment = {
        key: value for key, value in os.environ.items() if key in {"PATH", "LANG", "SYSTEMROOT", "VIRTUAL_ENV"}
    }
    environment |= {"PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8"}
    child = subprocess.Popen(  # our own module, no shell
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=environment, cwd=_ROOT
    )
    late = False

    def stop() -> None:
        nonlocal late
        late = True
        child.kill()

    clock = Timer(SECONDS, stop)
    clock.daemon = True
    clock.start()
    finished = False
    try:
        assert child.stdout is not None
        for raw in child.stdout:
            if not raw.endswith(b"\n"):
                break
            line = json.loads(raw)
            if isinstance(line, dict) and "error" in line:
                raise SpreadsheetError(_sentence(line))
            if isinstance(line, dict) and "end" in line:
                finished = True
                return
            yield line
        if not finished:
            status = child.wait()
            if late or status == -24:
                raise SpreadsheetError(
                    f"The workbook took longer than {SECONDS} seconds to read. Save the sheet as CSV or split it."
                )
            raise SpreadsheetError(_SENTENCES["memory"] if status == -9 else _SENTENCES["damaged"])
    finally:
        clock.cancel()
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()


def _sentence(line: dict[str, Any]) -> str:
    if line["error"] == "sheet":
        return "The workbook has no sheet of that name. It has: " + ", ".join(line["facts"][:20]) + "."
    return _SENTENCES[line["error"]]


def _decode(cell: Any) -> Cell:
    if cell is None or isinstance(cell, str):
        return cell
    kind, text = str(cell[0]), str(cell[1])
    if kind == "n":
        return Decimal(text)
    if kind == "d":
        return date.fromisoformat(text)
    if kind == "t":
        return datetime.fromisoformat(text)
    return text == "true" if kind == "b" else text
