from datetime import timedelta

from portfolio.analysis.lifecycle_facts import Lifecycle
from tests.portfolio.factories import STATUS_DATE, facts, figures, found


def look(age: int = 60, **values):
    project = figures(created_on=STATUS_DATE - timedelta(days=age))
    return facts(project, lifecycle={1: Lifecycle(**{"asked": True, **values})})


def test_a_project_that_nobody_is_accountable_for_is_found():
    [finding] = found("nobody-accountable", look())
    assert (finding.title, finding.severity) == ("Nobody is accountable for the project", "medium")
    assert "Project manager: I. Frame; sponsor: L. Haque." in finding.detail


def test_one_that_somebody_is_accountable_for_is_not_found():
    assert found("nobody-accountable", look(accountable="L. Haque")) == []


def test_one_that_was_asked_for_nothing_is_not_found():
    assert found("nobody-accountable", look(asked=False)) == []


def test_exactly_as_old_as_tolerated_is_not_found_and_a_day_more_is():
    assert found("nobody-accountable", look(14)) == []
    assert len(found("nobody-accountable", look(15))) == 1
