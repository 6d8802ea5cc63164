from datetime import timedelta

from tests.portfolio.factories import STATUS_DATE, facts, figures, found


def bare(**changes):
    return figures(has_baseline=False, bac=None, pv=None, ev=None, eac=None, **({"ac": 0} | changes))


def test_money_spent_without_an_approved_budget_is_found():
    [finding] = found("missing-baseline", facts(bare(ac=18_000)))
    assert finding.title == "£18k spent without an approved budget"
    assert finding.severity == "high"


def test_a_project_with_an_approved_budget_is_not_found():
    assert found("missing-baseline", facts(figures())) == []


def test_days_exactly_at_the_tolerance_are_not_found_and_one_more_is():
    assert found("missing-baseline", facts(bare(start=STATUS_DATE - timedelta(days=14)))) == []
    [finding] = found("missing-baseline", facts(bare(start=STATUS_DATE - timedelta(days=15))))
    assert finding.title == "No approved budget, so no earned value"
    assert finding.severity == "medium"


def test_spend_exactly_at_the_tolerance_is_not_found_and_a_pound_more_is():
    today = {"start": STATUS_DATE}
    assert found("missing-baseline", facts(bare(ac=1000, **today)), spend="1000") == []
    assert len(found("missing-baseline", facts(bare(ac=1001, **today)), spend="1000")) == 1


def test_a_project_on_hold_needs_no_baseline_yet():
    assert found("missing-baseline", facts(bare(status="on_hold", ac=18_000))) == []
