from datetime import date

from pmo.analysis.skills import Level, fit
from portfolio.analysis.lead_match import Candidate, Thin, ranked, thin

NAMES = {1: "Scheduling", 2: "Cost", 3: "Risk"}
WANTED = {1: 4, 2: 4, 3: 3}


def somebody(pk: int, name: str, *levels: int | None, led: dict[int, int] | None = None, in_hand: int = 0) -> Candidate:
    held = {
        skill: Level(level, "assessor", date(2026, 1, 1))
        for skill, level in enumerate(levels, start=1)
        if level is not None
    }
    return Candidate(pk, name, held, led or {}, in_hand)


ANN = somebody(1, "Ann", 4, 4, 3, in_hand=1)
BEN = somebody(2, "Ben", 4, 4, 3, led={3: 1, 4: 1}, in_hand=3)
CID = somebody(3, "Cid", 5, 2, 5, led={4: 4})
DEE = somebody(4, "Dee", 4, 3, None)


def test_the_worked_order_of_the_document_whatever_the_order_asked_in():
    for asked in ((ANN, BEN, CID, DEE), (DEE, CID, BEN, ANN)):
        found = ranked(asked, WANTED, 3, NAMES)
        assert [(each.place, each.candidate.name) for each in found] == [(1, "Ben"), (2, "Ann"), (3, "Dee"), (4, "Cid")]


def test_the_reason_says_skills_gap_experience_and_what_is_in_hand():
    reasons = {each.candidate.name: each.reason for each in ranked((ANN, BEN, CID, DEE), WANTED, 3, NAMES)}
    assert reasons["Ben"] == (
        "Meets 3 of 3; no gap; led 2 projects of tier 3 or harder to the end; 3 live projects in hand, already full."
    )
    assert reasons["Cid"] == (
        "Meets 2 of 3; largest gap: Cost, 2 where 4 is needed; led 4 projects of tier 3 or harder to the end; "
        "0 live projects in hand."
    )
    assert reasons["Dee"] == (
        "Meets 1 of 3; largest gap: Cost, 3 where 4 is needed; 1 not assessed; has led none to the end; "
        "0 live projects in hand."
    )


def test_easier_projects_are_told_but_do_not_count_as_experience():
    [found] = ranked([somebody(1, "Eve", 4, 4, 3, led={1: 5})], WANTED, 3, NAMES)
    assert found.experience == 0
    assert "led 5 projects to the end, none of tier 3 or harder" in found.reason


def test_who_was_never_assessed_is_not_ranked():
    assert ranked([somebody(1, "Eve")], WANTED, 3, NAMES) == ()


def test_the_office_is_thin_where_most_are_far_below():
    fits = [fit(each.levels, WANTED) for each in (ANN, CID, DEE)]
    assert thin(fits) == (Thin(2, 2, 1, 0, 3), Thin(3, 0, 0, 1, 3), Thin(1, 0, 0, 0, 3))
