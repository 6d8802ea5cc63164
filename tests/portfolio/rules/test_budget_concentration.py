from tests.portfolio.factories import facts, figures, found


def red(id: int, **changes):
    return figures(id, ev=400_000, ac=500_000, **changes)


def test_a_third_of_the_budget_in_red_projects_is_found():
    [finding] = found("budget-concentration", facts(red(1, bac=1_500_000), *(figures(n) for n in (2, 3, 4))))
    assert finding.title == "Capital: 33 % of the budget is in red projects"
    assert finding.detail == "£1,500k of £4,500k is in 1 of 4 projects: P-001."
    assert (finding.subject, finding.project_ids, finding.severity) == ("portfolio:1:GBP", (1,), "high")


def test_a_portfolio_without_red_projects_is_not_found():
    assert found("budget-concentration", facts(*(figures(n) for n in range(1, 6)))) == []


def test_a_share_exactly_at_the_tolerance_is_not_found_and_a_pound_more_is():
    rest = [figures(n) for n in (2, 3, 4)]
    assert found("budget-concentration", facts(red(1), *rest)) == []
    assert len(found("budget-concentration", facts(red(1, bac=1_000_001), *rest))) == 1


def test_more_than_half_is_critical_and_half_is_not():
    rest = [figures(3), figures(4)]
    assert found("budget-concentration", facts(red(1), red(2), *rest))[0].severity == "high"
    assert found("budget-concentration", facts(red(1, bac=1_000_001), red(2), *rest))[0].severity == "critical"


def test_three_projects_are_too_few_for_a_share_to_mean_anything():
    assert found("budget-concentration", facts(red(1), figures(2), figures(3))) == []


def test_currencies_are_judged_apart():
    euros = [figures(n, currency="EUR") for n in (2, 3, 4)]
    assert found("budget-concentration", facts(red(1), *euros)) == []


def test_beyond_ten_the_projects_are_summed_up():
    [finding] = found("budget-concentration", facts(*(red(n) for n in range(1, 13))))
    assert finding.evidence[10].label == "2 others"
    assert finding.evidence[10].value == 2_000_000
    assert len(finding.project_ids) == 12
