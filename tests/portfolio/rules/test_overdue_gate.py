from datetime import date, timedelta

from portfolio.analysis.lifecycle_facts import Late, Lifecycle
from tests.portfolio.factories import STATUS_DATE, facts, figures, found


def look(*ages: int):
    gates = tuple(Late(f"Gate {n}", STATUS_DATE - timedelta(days=age)) for n, age in enumerate(ages, 1))
    return facts(figures(), lifecycle={1: Lifecycle(gates=gates)})


def test_a_gate_that_nobody_decided_is_found():
    [finding] = found("overdue-gate", look(5))
    assert (finding.title, finding.severity) == ("Gate 1 overdue, by 5 days", "medium")
    assert finding.detail == "Gate 1 was due on 26 Oct 2026."
    assert finding.evidence[0].value == date(2026, 10, 26)


def test_a_project_without_late_gates_is_not_found():
    assert found("overdue-gate", facts(figures())) == []


def test_exactly_as_late_as_tolerated_is_not_found_and_a_day_more_is():
    assert found("overdue-gate", look(7), days="7") == []
    assert len(found("overdue-gate", look(8), days="7")) == 1


def test_beyond_thirty_days_it_is_high():
    assert found("overdue-gate", look(30))[0].severity == "medium"
    [finding] = found("overdue-gate", look(3, 31))
    assert (finding.severity, finding.title) == ("high", "2 gates overdue")
    assert finding.detail.startswith("Gate 2 and Gate 1; the oldest was due on 30 Sep 2026")


def test_a_closed_project_is_not_judged():
    closed = facts(figures(status="closed"), lifecycle={1: Lifecycle(gates=(Late("Gate", date(2026, 1, 1)),))})
    assert found("overdue-gate", closed) == []
