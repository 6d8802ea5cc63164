from decimal import Decimal

from tests.portfolio.factories import facts, figures, found


def test_cost_far_over_the_work_done_is_found_with_its_figures():
    [finding] = found("cost-overrun", facts(figures(ev=1_953_000, ac=2_332_000)))
    assert finding.title == "Cost is 19.4 % over the value of the work done"
    assert finding.detail == "£2,332k spent, work worth £1,953k done."
    assert (finding.severity, finding.subject, finding.project_ids) == ("high", "project:1", (1,))
    assert {item.metric for item in finding.evidence} >= {"ac", "ev", "cv", "cv_percent", "cpi"}


def test_a_project_on_budget_is_not_found():
    assert found("cost-overrun", facts(figures())) == []


def test_cost_exactly_at_the_tolerance_is_not_found_and_a_pound_more_is():
    assert found("cost-overrun", facts(figures(ev=1_000_000, ac=1_100_000))) == []
    assert len(found("cost-overrun", facts(figures(ev=1_000_000, ac=1_100_001)))) == 1


def test_beyond_the_severe_line_it_is_critical_and_on_it_not_yet():
    severities = [found("cost-overrun", facts(figures(ev=100, ac=ac)))[0].severity for ac in (125, 126)]
    assert severities == ["high", "critical"]


def test_a_project_without_earned_value_is_not_judged():
    assert found("cost-overrun", facts(figures(ev=None, ac=900_000))) == []


def test_a_closed_project_is_not_found_any_more():
    assert found("cost-overrun", facts(figures(ev=100, ac=200, status="closed"))) == []


def test_only_changed_projects_are_looked_at():
    two = figures(1, ev=100, ac=200), figures(2, ev=100, ac=200)
    assert [each.project_ids for each in found("cost-overrun", facts(*two, changed=frozenset({2})))] == [(2,)]


def test_an_organisation_may_tolerate_more():
    assert found("cost-overrun", facts(figures(ev=100, ac=119)), percent="20") == []


def test_figures_are_carried_unrounded():
    [finding] = found("cost-overrun", facts(figures(ev=3, ac=4)))
    assert finding.evidence[3].value == Decimal(-1) / 3 * 100
