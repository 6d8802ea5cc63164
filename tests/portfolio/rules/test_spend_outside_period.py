from tests.portfolio.factories import facts, figures, found


def test_cost_outside_the_period_is_found():
    [finding] = found("spend-outside-period", facts(figures(1, spend_outside=20_000)))
    assert finding.title == "£20k is dated outside start and finish"
    assert finding.detail == "That is 4.0 % of the cost so far."
    assert finding.severity == "medium"


def test_cost_inside_the_period_is_not_found():
    assert found("spend-outside-period", facts(figures(1))) == []


def test_exactly_at_the_tolerance_is_not_found_and_a_pound_more_is():
    assert found("spend-outside-period", facts(figures(1, spend_outside=5_000))) == []
    assert len(found("spend-outside-period", facts(figures(1, spend_outside=5_001)))) == 1


def test_beyond_a_tenth_it_is_high():
    assert found("spend-outside-period", facts(figures(1, spend_outside=50_001)))[0].severity == "high"
