from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.analysis.working_time import TimedAmount, WorkingCalendar, planned_by_hours, working_hours

OFFICE = WorkingCalendar()
MONDAY = datetime(2026, 3, 2)
few = settings(max_examples=50, deadline=None, database=None, derandomize=True)


def at(days: int, hour: int, minute: int = 0) -> datetime:
    return MONDAY + timedelta(days=days, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("start", "finish", "hours"),
    [
        (at(0, 8), at(0, 17), "8"),
        (at(0, 10), at(0, 14), "3"),
        (at(0, 12), at(0, 13), "0"),
        (at(0, 16), at(1, 9, 30), "2.5"),
        (at(4, 13), at(7, 12), "8"),
        (at(0, 8), at(14, 8), "80"),
        (at(5, 8), at(6, 17), "0"),
        (at(1, 8), at(0, 17), "0"),
    ],
)
def test_hours_are_those_of_the_working_day(start: datetime, finish: datetime, hours: str) -> None:
    assert working_hours(OFFICE, start, finish) == Decimal(hours)


def test_holidays_hold_no_hours() -> None:
    calendar = WorkingCalendar(holidays=frozenset({date(2026, 3, 3), date(2026, 3, 7)}))
    assert working_hours(calendar, at(0, 8), at(4, 17)) == 32
    assert working_hours(calendar, at(1, 8), at(1, 17)) == 0


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda one: one.replace(microsecond=0))


@few
@given(moments, moments, moments, st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20))
def test_hours_of_two_stretches_add_up(a: datetime, b: datetime, c: datetime, holidays: frozenset[date]) -> None:
    calendar = WorkingCalendar(holidays=holidays)
    first, middle, last = sorted((a, b, c))
    parts = working_hours(calendar, first, middle) + working_hours(calendar, middle, last)
    assert abs(parts - working_hours(calendar, first, last)) < Decimal("1e-20")


def test_an_amount_is_planned_evenly_over_its_working_hours() -> None:
    amounts = [TimedAmount(at(0, 8), at(1, 17), Decimal(160)), TimedAmount(at(3, 8), at(3, 17), Decimal(40))]
    planned = [planned_by_hours(amounts, t, OFFICE) for t in (at(0, 7), at(0, 10), at(1, 8), at(2, 0), at(9, 0))]
    assert planned == [0, 20, 80, 160, 200]


def test_an_amount_without_working_hours_falls_due_at_its_finish() -> None:
    weekend = [TimedAmount(at(5, 8), at(6, 17), Decimal(7))]
    assert [planned_by_hours(weekend, t, OFFICE) for t in (at(6, 16), at(6, 17))] == [0, 7]
