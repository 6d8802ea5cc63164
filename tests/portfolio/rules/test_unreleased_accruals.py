from datetime import timedelta

from tests.portfolio.factories import STATUS_DATE, facts, figures, found


def aged(days: int):
    return facts(figures(1, accruals_open=12_000, oldest_accrual_on=STATUS_DATE - timedelta(days=days)))


def test_an_old_accrual_is_found():
    [finding] = found("unreleased-accruals", aged(90))
    assert finding.title == "£12k of accruals is not released"
    assert finding.detail == "The oldest is of 2 Aug 2026, 90 days ago."
    assert finding.severity == "low"


def test_without_accruals_nothing_is_found():
    assert found("unreleased-accruals", facts(figures(1))) == []


def test_exactly_at_the_tolerance_is_not_found_and_a_day_more_is():
    assert found("unreleased-accruals", aged(60)) == []
    assert len(found("unreleased-accruals", aged(61))) == 1


def test_after_half_a_year_it_is_medium():
    assert found("unreleased-accruals", aged(180))[0].severity == "low"
    assert found("unreleased-accruals", aged(181))[0].severity == "medium"
