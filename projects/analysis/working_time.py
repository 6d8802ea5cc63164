"""Working hours between two moments, and the value planned over them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Hours of a working day as (from, to), days of the week from Monday on (the first `days`), and holidays."""

    hours: tuple[tuple[time, time], ...] = ((time(8), time(12)), (time(13), time(17)))
    days: int = 5
    holidays: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        return day.weekday() < self.days and day not in self.holidays


class TimedAmount(NamedTuple):
    """A budget that is planned evenly over the working hours from `start` to `finish`."""

    start: datetime
    finish: datetime
    amount: Decimal


def working_hours(calendar: WorkingCalendar, start: datetime, finish: datetime) -> Decimal:
    """Working hours from `start` to `finish`; 0 where the finish is not after the start. Weeks are counted at once."""
    if finish <= start:
        return ZERO
    if start.date() == finish.date():
        return _hours(_seconds(calendar, start.date(), start.time(), finish.time()))
    first, last = start.date() + timedelta(days=1), finish.date()
    between = sum(1 for holiday in calendar.holidays if first <= holiday < last and holiday.weekday() < calendar.days)
    whole = _days_of_week(calendar, last.toordinal() - 1) - _days_of_week(calendar, first.toordinal() - 1) - between
    seconds = _seconds(calendar, start.date(), start.time(), time.max)
    seconds += _seconds(calendar, last, time.min, finish.time())
    return _hours(seconds + whole * sum(_length(begin, end) for begin, end in calendar.hours))


def _days_of_week(calendar: WorkingCalendar, ordinal: int) -> int:
    """Days of the working week among the days 1..ordinal of the proleptic calendar, whose day 1 is a Monday."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * calendar.days + min(rest, calendar.days)


def _seconds(calendar: WorkingCalendar, day: date, begin: time, end: time) -> int:
    if not calendar.works(day):
        return 0
    return sum(_length(max(begin, opens), min(end, closes)) for opens, closes in calendar.hours)


def _length(begin: time, end: time) -> int:
    seconds = (end.hour - begin.hour) * 3600 + (end.minute - begin.minute) * 60 + end.second - begin.second
    return max(seconds, 0)


def _hours(seconds: int) -> Decimal:
    return Decimal(seconds) / 3600


def planned_by_hours(amounts: Iterable[TimedAmount], t: datetime, calendar: WorkingCalendar) -> Decimal:
    """PV at the moment `t`. An amount whose dates hold no working hour falls due at its finish."""
    total = ZERO
    for start, finish, amount in amounts:
        if t >= finish:
            total += amount
        elif t > start:
            hours = working_hours(calendar, start, finish)
            if hours:
                total += amount * working_hours(calendar, start, t) / hours
    return total
