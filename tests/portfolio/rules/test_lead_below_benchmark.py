from portfolio.analysis.skill_facts import LeadGap
from tests.portfolio.factories import facts, figures, found


def look(*gaps: tuple[int, int], **changes):
    short = tuple(
        LeadGap(f"Skill {n}", wanted, level, "I. Frame", 3) for n, (wanted, level) in enumerate(gaps, start=1)
    )
    return facts(figures(**changes), lead_gaps={1: short})


def test_a_lead_two_levels_below_is_found():
    [finding] = found("lead-below-benchmark", look((4, 2)))
    assert (finding.title, finding.severity) == ("The lead is 2 levels below what tier 3 asks in one skill", "medium")


def test_whose_skill_it_is_and_in_what_is_not_told_to_all_who_read_findings():
    [finding] = found("lead-below-benchmark", look((4, 2), (5, 1)))
    assert finding.title == "The lead is 4 levels below what tier 3 asks in 2 skills"
    assert "Skill 1" not in repr(finding) and "I. Frame" not in repr(finding)


def test_a_lead_who_meets_the_benchmark_or_of_whom_nothing_is_known_is_not_found():
    assert found("lead-below-benchmark", facts(figures())) == []


def test_one_level_below_is_tolerated_and_exactly_two_are_not():
    assert found("lead-below-benchmark", look((4, 3))) == []
    assert len(found("lead-below-benchmark", look((4, 2)))) == 1
    assert found("lead-below-benchmark", look((4, 2)), levels="3") == []
    assert len(found("lead-below-benchmark", look((4, 1)), levels="3")) == 1


def test_three_levels_below_or_more_than_three_skills_are_high():
    assert found("lead-below-benchmark", look((4, 1)))[0].severity == "high"
    assert found("lead-below-benchmark", look(*[(4, 2)] * 3))[0].severity == "medium"
    assert found("lead-below-benchmark", look(*[(4, 2)] * 4))[0].severity == "high"


def test_a_project_that_is_not_live_is_left_alone():
    assert found("lead-below-benchmark", look((4, 1), status="closed")) == []
