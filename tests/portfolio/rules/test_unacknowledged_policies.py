from datetime import timedelta

from portfolio.analysis.lifecycle_facts import Late, Lifecycle
from tests.portfolio.factories import STATUS_DATE, facts, figures, found


def look(*ages: int):
    late = tuple(Late(f"Policy {n}", STATUS_DATE - timedelta(days=age), "I. Frame") for n, age in enumerate(ages, 1))
    return facts(figures(), lifecycle={1: Lifecycle(policies=late)})


def test_a_policy_that_the_lead_has_not_acknowledged_is_found():
    [finding] = found("unacknowledged-policies", look(2))
    assert (finding.title, finding.severity) == ("I. Frame has not acknowledged Policy 1", "low")
    assert finding.detail == "Policy 1 was to be acknowledged by 29 Oct 2026, 2 days ago."


def test_a_lead_who_has_read_everything_is_not_found():
    assert found("unacknowledged-policies", facts(figures())) == []


def test_exactly_as_late_as_tolerated_is_not_found_and_a_day_more_is():
    assert found("unacknowledged-policies", look(10), days="10") == []
    assert len(found("unacknowledged-policies", look(11), days="10")) == 1


def test_beyond_thirty_days_it_is_medium():
    assert found("unacknowledged-policies", look(30))[0].severity == "low"
    assert found("unacknowledged-policies", look(31))[0].severity == "medium"
