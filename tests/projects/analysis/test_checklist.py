"""What a standard asks of a project, when it is due, and what another tier or version changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pmo.analysis.standard_content import (
    ActivityContent,
    DeliverableContent,
    GateContent,
    PhaseContent,
    RuleContent,
    StandardContent,
)
from pmo.analysis.tailoring import TailoringFacts
from projects.analysis.checklist import (
    Change,
    GateFact,
    Have,
    changes,
    closing_lacks,
    due_of,
    facts_for,
    gates_in_the_way,
    months_between,
    phase_spans,
    told,
    wanted,
)

SPAN = (date(2026, 1, 1), date(2026, 3, 31))
STANDARD = StandardContent(
    "s", "S",
    phases=(
        PhaseContent(
            "start", "Start",
            activities=(ActivityContent("charter", "Charter", due_from="start", due_days=10),
                        ActivityContent("register", "Register", "recommended", due_days=-5)),
            deliverables=(DeliverableContent("paper", "Paper"),),
            gates=(GateContent("go", "Go", approver_roles=("sponsor", "pmo_director"), quorum=2),),
        ),
        PhaseContent("end", "End", activities=(ActivityContent("lessons", "Lessons"),)),
    ),
    rules=(
        RuleContent("Light", "leave_out", {"tier": [1]}, ("activity:register", "gate:go")),
        RuleContent("Full", "mandatory", {"tier": [3]}, ("activity:register",)),
    ),
)  # fmt: skip


def laid(tier: int | None) -> list[Have]:
    want, _plan = wanted(STANDARD, TailoringFacts(tier=tier))
    return [
        Have(place, each.kind, each.key, each.phase, {**each.values, "due": None})
        for place, each in enumerate(want, start=1)
    ]


def change_of(found: tuple[Change, ...]) -> dict[str, str]:
    return {each.key: each.change for each in found}


def test_an_activity_is_due_so_many_days_from_the_start_or_the_end_of_its_phase() -> None:
    assert due_of("start", 10, SPAN) == date(2026, 1, 11)
    assert due_of("finish", -5, SPAN) == date(2026, 3, 26)
    assert due_of("finish", 0, (date(2026, 1, 1), None)) is None


def test_a_new_project_gets_what_applies_in_its_tier_and_nothing_else() -> None:
    want, _plan = wanted(STANDARD, TailoringFacts(tier=1))
    found = changes([], want, {"start": SPAN, "end": (None, None)})
    assert change_of(found) == {"charter": "added", "paper": "added", "lessons": "added"}
    assert {each.key: each.values["due"] for each in found} == {
        "charter": date(2026, 1, 11), "paper": date(2026, 3, 31), "lessons": None,
    }  # fmt: skip


def test_a_lighter_tier_takes_things_away_and_a_fuller_one_makes_them_mandatory() -> None:
    light, _plan = wanted(STANDARD, TailoringFacts(tier=1))
    full, _plan = wanted(STANDARD, TailoringFacts(tier=3))
    spans = {"start": SPAN, "end": SPAN}
    assert change_of(changes(laid(2), light, spans)) == {"register": "removed", "go": "removed"}
    by_key = {each.key: each for each in changes(laid(2), full, spans)}
    assert by_key["register"].change == "mandatory"
    assert by_key["register"].before["obligation"] == "recommended"


def test_what_comes_back_gets_its_due_day_again_unless_it_is_done() -> None:
    back, _plan = wanted(STANDARD, TailoringFacts(tier=2))
    rows = laid(1)
    found = {each.key: each for each in changes(rows, back, {"start": SPAN, "end": SPAN})}
    assert (found["go"].change, found["go"].values["due"]) == ("added", date(2026, 3, 31))
    done = [Have(r.id, r.kind, r.key, r.phase, r.values, finished=True) for r in rows]
    found = {each.key: each for each in changes(done, back, {"start": SPAN, "end": SPAN})}
    assert found["go"].values.get("due") is None


def test_a_requirement_that_is_gone_stays_without_applying_and_own_activities_are_left_alone() -> None:
    rows = [
        Have(1, "activity", "old", "start", {"name": "Old", "applies": True}, finished=True),
        Have(2, "activity", "own-1-mine", "start", {"name": "Mine", "applies": True}),
    ]
    found = [each for each in changes(rows, (), {}) if each.id]
    assert [(each.id, each.change, dict(each.values), each.finished) for each in found] == [
        (1, "removed", {"applies": False}, True)
    ]


def test_what_moved_to_another_phase_keeps_its_row() -> None:
    want, _plan = wanted(STANDARD, TailoringFacts(tier=2))
    rows = [Have(9, "activity", "lessons", "start", {"order": 1, "name": "Lessons", "obligation": "mandatory",
                                                     "applies": True, "due": None})]  # fmt: skip
    moved = next(each for each in changes(rows, want, {"end": SPAN}) if each.key == "lessons")
    assert (moved.id, moved.values["phase"], moved.before["phase"]) == (9, "end", "start")


def test_a_mere_place_in_the_list_is_not_told() -> None:
    row = laid(2)[0]
    want, _plan = wanted(STANDARD, TailoringFacts(tier=2))
    moved = Have(row.id, row.kind, row.key, row.phase, {**row.values, "order": 7, "due": date(2026, 1, 1)})
    found = changes([moved], want, {"start": SPAN})
    assert [each.key for each in found if each.id] == ["charter"]
    assert "charter" not in [each["key"] for each in told(found)]


@pytest.mark.parametrize(
    ("gate", "barred"),
    [
        (GateFact("Go", 1, "finish", open=True), True),
        (GateFact("Go", 1, "finish", open=False), False),
        (GateFact("Go", 2, "start", open=True), True),
        (GateFact("Go", 2, "finish", open=True), False),
        (GateFact("Go", 1, "start", open=True), False),
    ],
)
def test_a_phase_is_entered_through_the_gates_between(gate: GateFact, barred: bool) -> None:
    assert bool(gates_in_the_way([gate], 1, 2)) is barred


def test_going_back_is_never_barred() -> None:
    assert gates_in_the_way([GateFact("Go", 1, "finish", open=True)], 3, 2) == ()


def test_five_phases_take_their_usual_shares_and_others_even_ones() -> None:
    whole = (date(2026, 1, 1), date(2026, 4, 11))
    assert phase_spans(["a", "b", "c", "d", "e"], whole)["b"] == (date(2026, 1, 9), date(2026, 1, 26))
    assert phase_spans(["a", "b"], whole)["a"] == (date(2026, 1, 1), date(2026, 2, 20))
    assert phase_spans(["a"], (None, date(2026, 1, 1))) == {"a": (None, None)}


def test_facts_come_from_the_assessment_and_the_dates() -> None:
    assert facts_for(2, {"budget": "10.50", "team": 4}, 9, SPAN) == TailoringFacts(2, Decimal("10.50"), 3, 4, 9)
    assert facts_for(None, {"months": 12}, None, SPAN).months == 12
    assert months_between((None, date(2026, 1, 1))) is None


def test_closing_asks_for_lessons_and_an_owner_of_benefits() -> None:
    assert closing_lacks([("gate", "End")], lessons=0, benefit_owners=1) == (("gate", "End"), ("lesson", ""))
    assert closing_lacks([], lessons=1, benefit_owners=1) == ()
