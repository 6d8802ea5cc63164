"""Dates as the figures count them: calendar months, and Monday to Friday inside a month. Arithmetic, no loops."""

from calendar import monthrange
from datetime import date
from decimal import Decimal
from functools import lru_cache

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def working_days(first: date, last: date) -> int:
    """Mondays to Fridays from `first` to `last`, both included; 0 when `last` is before `first`."""
    if last < first:
        return 0
    return _weekdays_through(last.toordinal()) - _weekdays_through(first.toordinal() - 1)


def _weekdays_through(ordinal: int) -> int:
    """Mondays to Fridays among the days 1..ordinal of the proleptic calendar, whose day 1 is a Monday."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5)


def month_index(day: date) -> int:
    """Months since year 0: consecutive months have consecutive numbers."""
    return day.year * 12 + day.month - 1


def month_first(index: int) -> date:
    """First day of the month with this index."""
    year, month = divmod(index, 12)
    return date(year, month + 1, 1)


@lru_cache(maxsize=2_048)
def month_last(index: int) -> date:
    """Last day of the month with this index."""
    year, month = divmod(index, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def month_end(day: date) -> date:
    """Last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


@lru_cache(maxsize=2_048)
def month_share(day: date) -> tuple[int, int]:
    """Working days of the month of `day` gone by its end, and working days of the whole month (20 to 23)."""
    first = day.replace(day=1)
    return working_days(first, day), working_days(first, month_end(day))


@lru_cache(maxsize=2_048)
def time_at_end(day: date) -> Decimal:
    """Position of the end of `day` on an axis of months; a month has length 1, passing evenly on its working days."""
    gone, whole = month_share(day)
    return month_index(day) + Decimal(gone) / whole


@lru_cache(maxsize=2_048)
def time_at_start(day: date) -> Decimal:
    """Position of the beginning of `day` on the same axis."""
    first = day.replace(day=1)
    before = working_days(first, day) - (1 if day.weekday() < 5 else 0)
    return month_index(day) + Decimal(before) / working_days(first, month_end(day))


def in_words(day: date) -> str:
    """A date as sentences give it, such as "31 October 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
