from datetime import date, timedelta

import pytest

from projects.analysis.periods import (
    in_words,
    month_end,
    month_first,
    month_index,
    month_last,
    month_share,
    time_at_end,
    time_at_start,
    working_days,
)


def test_working_days_agree_with_counting_them_one_by_one() -> None:
    first = date(2023, 12, 28)
    for offset in range(9):
        start = first + timedelta(days=offset)
        counted = 0
        for length in range(400):
            day = start + timedelta(days=length)
            counted += day.weekday() < 5
            assert working_days(start, day) == counted


def test_working_days_backwards_are_none() -> None:
    assert working_days(date(2026, 10, 20), date(2026, 10, 19)) == 0


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (date(2026, 10, 20), (14, 22)),
        (date(2026, 10, 31), (22, 22)),
        (date(2026, 8, 1), (0, 21)),  # a Saturday
        (date(2024, 2, 29), (21, 21)),
    ],
)
def test_a_month_passes_by_its_working_days(day: date, share: tuple[int, int]) -> None:
    assert month_share(day) == share


def test_months_are_numbered_without_gaps() -> None:
    assert month_index(date(2027, 1, 31)) - month_index(date(2026, 12, 1)) == 1
    assert month_first(month_index(date(2026, 12, 9))) == date(2026, 12, 1)
    assert month_last(month_index(date(2024, 2, 9))) == month_end(date(2024, 2, 9)) == date(2024, 2, 29)


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 1)])
def test_the_end_of_a_day_is_the_beginning_of_the_next(day: date) -> None:
    assert time_at_end(day) == time_at_start(day + timedelta(days=1))


def test_a_date_in_words_does_not_depend_on_the_locale() -> None:
    assert in_words(date(2026, 10, 31)) == "31 October 2026"
