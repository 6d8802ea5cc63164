from datetime import timedelta

from portfolio.analysis.lifecycle_facts import Late, Lifecycle
from tests.portfolio.factories import STATUS_DATE, facts, figures, found


def look(*ages: int):
    late = tuple(Late(f"Sign {n}", STATUS_DATE - timedelta(days=age), "Start gate") for n, age in enumerate(ages, 1))
    return facts(figures(), lifecycle={1: Lifecycle(conditions=late)})


def test_an_unmet_condition_whose_day_has_gone_by_is_found():
    [finding] = found("overdue-condition", look(1))
    assert (finding.title, finding.severity) == ("A condition of Start gate overdue, by 1 day", "medium")
    assert finding.detail == "“Sign 1” was due on 30 Oct 2026."


def test_a_project_without_overdue_conditions_is_not_found():
    assert found("overdue-condition", facts(figures())) == []


def test_exactly_as_late_as_tolerated_is_not_found_and_a_day_more_is():
    assert found("overdue-condition", look(5), days="5") == []
    assert len(found("overdue-condition", look(6), days="5")) == 1


def test_beyond_fourteen_days_it_is_high():
    assert found("overdue-condition", look(14))[0].severity == "medium"
    assert found("overdue-condition", look(2, 15))[0].severity == "high"
