from datetime import timedelta

from portfolio.analysis.lifecycle_facts import Ending, Lifecycle
from tests.portfolio.factories import STATUS_DATE, facts, figures, found


def look(*left: int):
    waivers = tuple(Ending(f"Charter {n}", STATUS_DATE + timedelta(days=days)) for n, days in enumerate(left, 1))
    return facts(figures(), lifecycle={1: Lifecycle(waivers=waivers)})


def test_a_waiver_that_ends_soon_is_found():
    [finding] = found("waiver-ending", look(3))
    assert (finding.title, finding.severity) == ("Waiver of Charter 1 ends in 3 days", "low")
    assert finding.detail == "Charter 1: waived until 3 Nov 2026, and still not done."


def test_a_project_without_waivers_is_not_found():
    assert found("waiver-ending", facts(figures())) == []


def test_as_many_days_as_tolerated_are_not_found_and_one_fewer_is():
    assert found("waiver-ending", look(14)) == []
    assert len(found("waiver-ending", look(13))) == 1


def test_the_last_day_is_not_expired_yet_and_the_next_is():
    assert found("waiver-ending", look(0))[0].title == "Waiver of Charter 1 ends today"
    [finding] = found("waiver-ending", look(5, -1))
    assert (finding.title, finding.severity) == ("Waiver of Charter 2 expired", "high")
