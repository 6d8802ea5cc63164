from decimal import Decimal

from tests.portfolio.factories import facts, figures, found

RULE = "contingency-burn"


def test_contingency_spent_well_ahead_of_progress_is_found():
    [finding] = found(RULE, facts(figures(contingency=100_000, contingency_spent=80_000)))
    assert finding.title == "80 % of the contingency spent at 50 % complete"
    assert finding.detail == "£80k of £100k is spent."
    assert finding.severity == "medium"


def test_contingency_spent_in_step_with_the_work_is_not_found():
    assert found(RULE, facts(figures(contingency=100_000, contingency_spent=50_000))) == []


def test_exactly_at_the_tolerance_is_not_found_and_a_pound_more_is():
    assert found(RULE, facts(figures(contingency=100_000, contingency_spent=70_000))) == []
    assert len(found(RULE, facts(figures(contingency=100_000, contingency_spent=70_001)))) == 1


def test_all_of_it_spent_before_the_work_is_done_is_high():
    [finding] = found(RULE, facts(figures(contingency=100_000, contingency_spent=100_000)))
    assert finding.severity == "high"


def test_without_contingency_or_progress_nothing_is_said():
    assert found(RULE, facts(figures(contingency_spent=80_000))) == []
    unmeasured = figures(contingency=100_000, contingency_spent=80_000, percent_complete=None)
    assert found(RULE, facts(unmeasured)) == []


def test_the_tolerance_is_the_organisations():
    disturbed = facts(figures(contingency=Decimal(100_000), contingency_spent=Decimal(65_000)))
    assert found(RULE, disturbed) == []
    assert len(found(RULE, disturbed, points="10")) == 1
