from tests.portfolio.factories import facts, figures, found


def test_a_missing_sponsor_is_found_and_the_others_are_named():
    [finding] = found("missing-owner", facts(figures(sponsor=None)))
    assert finding.title == "No sponsor named"
    assert finding.detail == "Named: project manager I. Frame and budget owner K. Wyatt."
    assert finding.severity == "medium"


def test_a_project_with_everybody_named_is_not_found():
    assert found("missing-owner", facts(figures())) == []


def test_as_many_missing_as_tolerated_is_not_found_and_one_more_is():
    assert found("missing-owner", facts(figures(sponsor=None)), missing="1") == []
    [finding] = found("missing-owner", facts(figures(sponsor=None, budget_owner="")), missing="1")
    assert finding.title == "No sponsor and no budget owner named"


def test_nobody_at_all_is_one_step_more_severe():
    [finding] = found("missing-owner", facts(figures(project_manager=None, sponsor=None, budget_owner=None)))
    assert finding.title == "No project manager, no sponsor and no budget owner named"
    assert finding.severity == "high"
