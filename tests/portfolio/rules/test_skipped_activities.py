from portfolio.analysis.lifecycle_facts import Lifecycle, Skipped
from tests.portfolio.factories import facts, figures, found


def look(count: int):
    skipped = tuple(Skipped(f"Step {n}", "Planning") for n in range(1, count + 1))
    return facts(figures(), lifecycle={1: Lifecycle(skipped=skipped)})


def test_an_activity_left_open_in_an_earlier_phase_is_found():
    [finding] = found("skipped-activities", look(1))
    assert finding.title == "1 mandatory activity skipped"
    assert finding.detail == "Left open in Planning: Step 1."
    assert finding.severity == "medium"


def test_a_project_that_skipped_nothing_is_not_found():
    assert found("skipped-activities", look(0)) == []


def test_as_many_as_tolerated_are_not_found_and_one_more_is():
    assert found("skipped-activities", look(2), activities="2") == []
    assert found("skipped-activities", look(3), activities="2")[0].title == "3 mandatory activities skipped"


def test_more_than_four_are_high():
    assert found("skipped-activities", look(4))[0].severity == "medium"
    assert found("skipped-activities", look(5))[0].severity == "high"
