"""When a message of a communication plan is due, and what became of each date. Pure: days in, days out.

A date is a day of the calendar, without a time zone: summer time cannot move it. Monthly and quarterly dates keep the
day of the month they began on; where a month is shorter, they fall on its last day and return afterwards.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

SOON: Final = timedelta(days=14)  # how far ahead what is due is shown
BACK: Final = timedelta(days=92)  # how far back what was missed is shown
MOST: Final = 1_000  # dates of one item: nineteen years of weeks
DAYS: Final = {"weekly": 7, "fortnightly": 14}
MONTHS: Final = {"monthly": 1, "quarterly": 3}
STATES: Final = ("missed", "due", "sent", "left_out")


@dataclass(frozen=True, slots=True)
class Due:
    """One date of one item. `state`: due (today or later), missed (passed, nothing done), sent, left_out."""

    item: int
    day: date
    state: str


def due_dates(cadence: str, starts_on: date, ends_on: date | None, first: date, last: date) -> list[date]:
    """The dates of an item from `first` to `last`, both included, never before its start or after its end.

    Raises ValueError for a cadence that is not known. At most MOST dates.
    """
    last = min(last, ends_on) if ends_on is not None else last
    if cadence == "once":
        return [starts_on] if first <= starts_on <= last else []
    found: list[date] = []
    if cadence in DAYS:
        step = DAYS[cadence]
        skipped = max(0, -((starts_on - first).days // step)) if first > starts_on else 0
        day = starts_on + timedelta(days=step * skipped)
        while day <= last and len(found) < MOST:
            if day >= first:
                found.append(day)
            day += timedelta(days=step)
        return found
    if cadence not in MONTHS:
        raise ValueError(f"“{cadence}” is no cadence.")
    step = MONTHS[cadence]
    apart = (first.year - starts_on.year) * 12 + first.month - starts_on.month
    place = max(0, apart // step)
    while len(found) < MOST:
        day = months_later(starts_on, place * step)
        if day > last:
            return found
        if day >= first:
            found.append(day)
        place += 1
    return found


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def states_of(item: int, days: Iterable[date], done: Mapping[tuple[int, date], str], today: date) -> list[Due]:
    """What became of each day: what was done counts, else it is missed once it has passed."""
    return [Due(item, day, done.get((item, day)) or ("missed" if day < today else "due")) for day in days]
