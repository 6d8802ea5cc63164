from datetime import date, timedelta

from tests.portfolio.factories import STATUS_DATE, facts, figures, found

LONG_AGO = STATUS_DATE - timedelta(days=31)


def test_money_spent_while_progress_stands_still_is_found():
    [finding] = found(
        "spend-without-progress", facts(figures(spend_since_progress=80_000, last_progress_on=date(2026, 9, 1)))
    )
    assert finding.title == "£80k spent since progress last changed"
    assert finding.detail == "Progress stands at 50 % since 1 Sep 2026, 60 days."
    assert finding.severity == "medium"


def test_a_project_that_reports_is_not_found():
    assert found("spend-without-progress", facts(figures(spend_since_progress=80_000))) == []


def test_spend_exactly_at_the_tolerance_is_not_found_and_a_pound_more_is():
    assert found("spend-without-progress", facts(figures(spend_since_progress=50_000, last_progress_on=LONG_AGO))) == []
    beyond = figures(spend_since_progress=50_001, last_progress_on=LONG_AGO)
    assert len(found("spend-without-progress", facts(beyond))) == 1


def test_standing_still_exactly_as_long_as_tolerated_is_not_found():
    still = figures(spend_since_progress=80_000, last_progress_on=STATUS_DATE - timedelta(days=30))
    assert found("spend-without-progress", facts(still)) == []


def test_a_project_that_never_reported_progress_is_counted_from_its_start():
    never = figures(last_progress_on=None, spend_since_progress=300_000, start=date(2026, 8, 1), percent_complete=None)
    [finding] = found("spend-without-progress", facts(never))
    assert finding.title == "£300k spent and no progress ever reported"
    assert finding.detail == "Nothing measured in 91 days."
    assert finding.severity == "high"


def test_without_a_budget_the_cost_so_far_is_the_measure():
    bare = figures(bac=None, ac=100_000, spend_since_progress=5_000, last_progress_on=LONG_AGO, eac=None)
    assert found("spend-without-progress", facts(bare)) == []
    assert len(found("spend-without-progress", facts(bare), percent="4")) == 1


def test_a_project_that_spent_nothing_is_not_found():
    assert found("spend-without-progress", facts(figures(bac=None, ac=None, ev=None, last_progress_on=None))) == []
