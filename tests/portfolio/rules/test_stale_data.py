from datetime import date, timedelta

from tests.portfolio.factories import STATUS_DATE, facts, figures, found


def last_on(on: date | None):
    return facts(figures(last_cost_on=on, last_progress_on=on))


def test_a_project_nobody_reported_on_for_months_is_found():
    [finding] = found("stale-data", last_on(date(2026, 9, 1)))
    assert finding.title == "No cost or progress for 60 days"
    assert finding.detail == "The last one is of 1 Sep 2026."
    assert finding.severity == "low"


def test_the_later_of_cost_and_progress_counts():
    fresh = figures(last_cost_on=date(2026, 1, 1), last_progress_on=date(2026, 10, 20))
    assert found("stale-data", facts(fresh)) == []


def test_data_exactly_as_old_as_tolerated_are_not_found_and_a_day_older_are():
    assert found("stale-data", last_on(STATUS_DATE - timedelta(days=35))) == []
    assert len(found("stale-data", last_on(STATUS_DATE - timedelta(days=36)))) == 1


def test_a_quarter_without_news_is_one_step_more_severe():
    ages = (90, 91)
    severities = [found("stale-data", last_on(STATUS_DATE - timedelta(days=age)))[0].severity for age in ages]
    assert severities == ["low", "medium"]


def test_a_project_never_reported_on_counts_from_its_entry():
    [finding] = found("stale-data", facts(figures(last_cost_on=None, last_progress_on=None)))
    assert finding.title == "Nothing reported since it was entered, 334 days"


def test_a_project_on_hold_is_not_expected_to_report():
    held = figures(status="on_hold", last_cost_on=date(2026, 1, 1), last_progress_on=None)
    assert found("stale-data", facts(held)) == []
