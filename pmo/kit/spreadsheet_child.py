"""Reads one sheet of an XLSX workbook in a process of its own and writes it to stdout, one JSON line a row.

Kept apart because a hostile workbook can make the reader eat memory or time without end: limits are set on this
process before the file is opened, and the parent kills it when it is late. Cells: null, text, or [kind, text] with
kind "n" (number, exact as shown), "d" (date), "t" (date and time), "b" (true or false), "e" (a formula's error).
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal

try:
    import resource
except ImportError:  # no such limits on Windows; the parent's clock still holds
    resource = None  # type: ignore[assignment]

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 20
MAX_ROW = 1_048_576  # of a sheet, by the format; the reader would walk every row up to a bogus number


def limit() -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))


def encode(value: object) -> object:
    """A cell as JSON. Numbers keep the 15 significant digits a spreadsheet shows, so 0.1 + 0.2 arrives as 0.3."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return ["b", "true" if value else "false"]
    if isinstance(value, int):
        return ["n", str(value)]
    if isinstance(value, float):
        return ["n", format(Decimal(format(value, ".15g")), "f")]
    if isinstance(value, datetime):
        return (
            ["d", value.date().isoformat()]
            if value.time() == time()
            else ["t", value.isoformat(sep=" ", timespec="seconds")]
        )
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, (time, timedelta)):
        return str(value)
    text = str(value)
    return ["e", text] if text.startswith("#") and text.rstrip("!?").isupper() else text


def main(path: str, sheet: str, max_columns: int) -> int:
    limit()
    out = sys.stdout
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        names = [ws.title for ws in book.worksheets]
        if sheet and sheet not in names:
            return _fail("sheet", names)
        visible = [ws for ws in book.worksheets if ws.sheet_state == "visible"] or list(book.worksheets)
        if not visible:
            return _fail("empty", names)
        ws = book[sheet] if sheet else visible[0]
        out.write(json.dumps({"sheets": names, "sheet": ws.title}) + "\n")
        previous = 0
        blank: tuple[object, ...] = ()
        for number, cells in enumerate(ws.iter_rows(values_only=True, max_col=max_columns + 1), start=1):
            previous = number
            if cells is blank:  # the reader gives one and the same row for all that are not there
                if number > MAX_ROW:
                    return _fail("damaged", ["row"])
                continue
            if not any(cell is not None for cell in cells):
                blank = cells
                continue
            row = [encode(cell) for cell in cells]
            while row and row[-1] is None:
                row.pop()
            if row:
                out.write(json.dumps([number, row]) + "\n")
        out.write(json.dumps({"end": previous}) + "\n")
    except MemoryError:
        return _fail("memory", [])
    except InvalidFileException:
        return _fail("damaged", [])
    except Exception as error:  # the process ends here; whatever the reader stumbled over is the file's fault
        return _fail("damaged", [type(error).__name__])
    return 0


def _fail(code: str, facts: list[str]) -> int:
    sys.stdout.write(json.dumps({"error": code, "facts": facts}) + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
