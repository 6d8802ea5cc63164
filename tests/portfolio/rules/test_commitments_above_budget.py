from decimal import Decimal

from tests.portfolio.factories import facts, figures, found


def test_more_ordered_than_is_left_is_found():
    [finding] = found("commitments-above-budget", facts(figures(1, committed=550_000)))
    assert finding.title == "£50k more is committed than the budget has left"
    assert finding.detail == "£550k is ordered and not invoiced; £500k of the budget is left."
    assert (finding.subject, finding.severity) == ("project:1", "high")


def test_orders_within_the_remaining_budget_are_not_found():
    assert found("commitments-above-budget", facts(figures(1, committed=400_000), figures(2, bac=None))) == []


def test_exactly_what_is_left_is_not_found_and_a_penny_more_is():
    assert found("commitments-above-budget", facts(figures(1, committed=500_000))) == []
    assert len(found("commitments-above-budget", facts(figures(1, committed=Decimal("500000.01"))))) == 1


def test_beyond_a_tenth_of_the_budget_it_is_critical_and_at_it_not():
    assert found("commitments-above-budget", facts(figures(1, committed=600_000)))[0].severity == "high"
    assert found("commitments-above-budget", facts(figures(1, committed=600_001)))[0].severity == "critical"


def test_an_overspent_project_without_orders_is_for_another_rule():
    assert found("commitments-above-budget", facts(figures(1, ac=1_200_000))) == []
