"""Dates as people and systems write them. The order of day and month is found per column, never per cell."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Final, Literal

from pmo.kit.spreadsheet import Cell, cell_text
from projects.imports.values import ValueProblem, as_day

Edge = Literal["start", "finish"]
_YEARS: Final = range(1900, 2200)
_TIME: Final = re.compile(r"[T\s]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|[+-]\d{2}:?\d{2})?$")
_ISO: Final = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_COMPACT: Final = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_SHORT: Final = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$")
_MONTH_ONLY: Final = re.compile(r"^(\d{4})[-/](\d{1,2})$")
_WORDED: Final = re.compile(
    r"^(?:(\d{1,2})(?:st|nd|rd|th)?[\s.-]+)?([A-Za-z]{3,9})\.?[\s,-]+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4}|\d{2})$"
)
_MONTHS: Final = {
    name: index
    for index, names in enumerate(
        (
            "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
            "november", "december",
        ),
        start=1,
    )
    for name in (names, names[:3], "sept" if index == 9 else names)
}  # fmt: skip


def column_order(cells: Iterable[Cell]) -> Literal["DMY", "MDY", ""] | None:
    """The order of day and month in a column of short dates: the one that fits them all.

    Empty text: both fit every value, so the column does not say. None: neither fits.
    """
    day_first = month_first = True
    for cell in cells:
        if not isinstance(cell, str):
            continue
        if match := _SHORT.match(_TIME.sub("", cell.strip())):
            first, second = int(match[1]), int(match[2])
            day_first &= second <= 12
            month_first &= first <= 12
    if day_first and month_first:
        return ""
    if day_first or month_first:
        return "DMY" if day_first else "MDY"
    return None


def is_short(cell: Cell) -> bool:
    """Is it written as three numbers, the year last? Then the order of day and month matters."""
    return isinstance(cell, str) and _SHORT.match(_TIME.sub("", cell.strip())) is not None


def parse(cell: Cell, *, order: str, written: str = "", swap: bool = False, edge: Edge = "start") -> date:
    """The day that a cell means. `written` is a strptime format and then the only one tried; `swap` exchanges day and
    month wherever the day is at most 12 (files once read with the wrong order). A month without a day means its first
    day, or its last for `edge` "finish". Raises ValueProblem.
    """
    day = as_day(cell)
    if day is None:
        day = _parse_text(cell_text(cell).strip(), order, written, edge)
    if swap and day.day <= 12:
        day = date(day.year, day.day, day.month)
    if day.year not in _YEARS:
        raise ValueProblem(f"lies outside the years {_YEARS.start} to {_YEARS.stop - 1}")
    return day


@lru_cache(maxsize=8192)
def _parse_text(text: str, order: str, written: str, edge: Edge) -> date:
    if written:
        try:
            return datetime.strptime(text, written).date()  # noqa: DTZ007 - a day has no zone
        except ValueError as error:
            raise ValueProblem(f"is not a date written as {written}") from error
    bare = _TIME.sub("", text)
    try:
        if match := _ISO.match(bare) or _COMPACT.match(bare):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _SHORT.match(bare):
            first, second, year = int(match[1]), int(match[2]), _year(match[3])
            return date(year, first, second) if order == "MDY" else date(year, second, first)
        if match := _MONTH_ONLY.match(bare):
            return _of_month(int(match[1]), int(match[2]), edge)
        if (match := _WORDED.match(bare)) and (month := _MONTHS.get(match[2].casefold())):
            number = match[1] or match[3]
            year = _year(match[4])
            return date(year, month, int(number)) if number else _of_month(year, month, edge)
    except ValueError as error:
        raise ValueProblem("is not a day of the calendar" + _other_order(bare, order)) from error
    raise ValueProblem("is not a date")


def _other_order(bare: str, order: str) -> str:
    other = "DMY" if order == "MDY" else "MDY"
    return f" in the order {order}; other values of the column may need {other}" if _SHORT.match(bare) else ""


def _year(text: str) -> int:
    year = int(text)
    return year if year >= 100 else 2000 + year if year < 70 else 1900 + year


def _of_month(year: int, month: int, edge: Edge) -> date:
    return date(year, month, monthrange(year, month)[1] if edge == "finish" else 1)
