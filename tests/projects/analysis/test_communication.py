"""When a message is due, and what became of each date."""

from datetime import date

import pytest

from projects.analysis.communication import MOST, due_dates, months_later, states_of


def days(cadence, start, first, last, end=None):
    return [day.isoformat() for day in due_dates(cadence, start, end, first, last)]


def test_monthly_messages_keep_their_day_and_fall_on_the_last_one_of_shorter_months():
    found = days("monthly", date(2026, 1, 31), date(2026, 1, 1), date(2026, 5, 31))
    assert found == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
    assert days("monthly", date(2027, 12, 30), date(2028, 2, 1), date(2028, 3, 1)) == ["2028-02-29"]


def test_quarterly_messages_count_from_their_first_day():
    assert days("quarterly", date(2025, 11, 30), date(2026, 1, 1), date(2026, 9, 1)) == [
        "2026-02-28", "2026-05-30", "2026-08-30",
    ]  # fmt: skip


def test_weekly_dates_cross_the_change_of_the_clocks_unmoved():
    found = days("weekly", date(2026, 3, 22), date(2026, 3, 20), date(2026, 4, 6))
    assert found == ["2026-03-22", "2026-03-29", "2026-04-05"]


@pytest.mark.parametrize("first", [date(2026, 3, day) for day in range(1, 20)])
def test_a_window_that_begins_late_finds_the_same_days_as_one_that_begins_early(first):
    for cadence in ("weekly", "fortnightly", "monthly", "quarterly"):
        whole = days(cadence, date(2024, 8, 31), date(2024, 1, 1), date(2026, 6, 1))
        assert days(cadence, date(2024, 8, 31), first, date(2026, 6, 1)) == [d for d in whole if d >= str(first)]


def test_nothing_is_due_before_the_start_or_after_the_end():
    assert days("weekly", date(2026, 5, 1), date(2026, 1, 1), date(2026, 4, 30)) == []
    assert days("fortnightly", date(2026, 5, 1), date(2026, 5, 1), date(2026, 9, 1), end=date(2026, 5, 15)) == [
        "2026-05-01", "2026-05-15",
    ]  # fmt: skip
    assert days("once", date(2026, 5, 1), date(2026, 5, 1), date(2026, 5, 1)) == ["2026-05-01"]
    assert days("once", date(2026, 5, 1), date(2026, 5, 2), date(2026, 6, 1)) == []


def test_a_window_of_centuries_ends():
    assert len(due_dates("weekly", date(1900, 1, 1), None, date(1900, 1, 1), date(2400, 1, 1))) == MOST


def test_an_unknown_cadence_is_refused():
    with pytest.raises(ValueError, match="hourly"):
        due_dates("hourly", date(2026, 1, 1), None, date(2026, 1, 1), date(2026, 2, 1))


def test_a_month_later_than_december_is_january():
    assert months_later(date(2026, 12, 31), 2) == date(2027, 2, 28)


def test_a_passed_day_is_missed_unless_something_was_done_and_today_is_still_due():
    week = [date(2026, 11, day) for day in (10, 17, 24)]
    found = states_of(
        7, week, {(7, date(2026, 11, 10)): "left_out", (8, date(2026, 11, 17)): "sent"}, date(2026, 11, 24)
    )
    assert [each.state for each in found] == ["left_out", "missed", "due"]
