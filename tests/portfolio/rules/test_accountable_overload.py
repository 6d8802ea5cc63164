from portfolio.analysis.lifecycle_facts import Answers
from tests.portfolio.factories import facts, found


def look(count: int, red: int = 0, person: int = 5):
    return facts(accountable=tuple(Answers(person, "L. Haque", n, f"P-{n:02}", n <= red) for n in range(1, count + 1)))


def test_somebody_accountable_for_nine_projects_is_found():
    [finding] = found("accountable-overload", look(9))
    assert finding.title == "L. Haque is accountable for 9 live projects"
    assert (finding.subject, finding.project_ids, finding.severity) == ("person:5", tuple(range(1, 10)), "medium")


def test_somebody_accountable_for_a_few_is_not_found():
    assert found("accountable-overload", look(3, red=1)) == []


def test_exactly_at_the_tolerances_is_not_found_and_one_more_of_either_is():
    assert found("accountable-overload", look(8, red=3)) == []
    assert len(found("accountable-overload", look(9, red=3))) == 1
    [finding] = found("accountable-overload", look(4, red=4))
    assert finding.title == "L. Haque is accountable for 4 live projects, 4 of them red"


def test_too_many_and_too_many_red_is_high():
    assert found("accountable-overload", look(9, red=4))[0].severity == "high"


def test_each_person_is_counted_apart():
    one, other = look(8), look(8, person=6)
    assert found("accountable-overload", facts(accountable=one.accountable + other.accountable)) == []
