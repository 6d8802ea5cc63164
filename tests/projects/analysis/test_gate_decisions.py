"""When a gate review is decided, who may speak, and what bars a plain pass."""

from __future__ import annotations

from datetime import date

import pytest

from projects.analysis.gate_decisions import Seat, StandIn, asked_now, outcome, reachable, standing, stands_in


def seats(*verdicts: str) -> list[Seat]:
    return [Seat(place, place, verdict) for place, verdict in enumerate(verdicts, start=1)]


@pytest.mark.parametrize(
    ("verdicts", "quorum", "decision"),
    [
        (("pass",), 1, "pass"),
        (("", "pass"), 1, "pass"),
        (("", "pass"), 2, None),
        (("pass", "conditional"), 2, "conditional"),
        (("hold", ""), 1, None),
        (("hold", ""), 2, "hold"),
        (("hold", "stop"), 1, "stop"),
        (("hold", "hold"), 1, "hold"),
        (("stop", "pass", "pass"), 2, "pass"),
        (("", ""), 1, None),
    ],
)
def test_a_review_is_decided_when_the_quorum_is_reached_or_lost(
    verdicts: tuple[str, ...], quorum: int, decision: str | None
) -> None:
    assert outcome(seats(*verdicts), quorum) == decision


def test_a_revoked_seat_does_not_count_and_alone_decides_nothing() -> None:
    rows = [Seat(1, 1, "", revoked=True), Seat(2, 2, "")]
    assert outcome(rows, 2) is None
    assert not reachable(rows, 2)
    assert outcome([Seat(1, 1, "hold"), Seat(2, 2, "", revoked=True)], 1) == "hold"


def test_in_order_only_the_first_open_seat_is_asked() -> None:
    rows = [Seat(1, 2), Seat(2, 1), Seat(3, 3)]
    assert [seat.id for seat in asked_now(rows, in_order=True)] == [2]
    assert [seat.id for seat in asked_now(rows, in_order=False)] == [2, 1, 3]
    assert [seat.id for seat in asked_now([Seat(1, 1, "", revoked=True), Seat(2, 2)], in_order=True)] == [2]


def test_a_mandatory_criterion_that_is_not_met_bars_a_plain_pass() -> None:
    found = standing(
        [
            {"text": "A", "mandatory": True, "verdict": "not_met"},
            {"text": "B", "mandatory": False, "verdict": "not_met"},
            {"text": "C", "mandatory": True, "verdict": "waived"},
            {"text": "D", "mandatory": True, "verdict": ""},
        ]
    )
    assert (found.met, found.total, found.barring, found.unanswered) == (1, 4, ("A",), ("D",))


@pytest.mark.parametrize(
    ("delegation", "may"),
    [
        (StandIn(1, 2, date(2026, 1, 1), date(2026, 1, 31)), True),
        (StandIn(1, 2, date(2026, 1, 1), date(2026, 1, 9)), False),
        (StandIn(1, 2, date(2026, 1, 1), date(2026, 1, 31), review=7), True),
        (StandIn(1, 2, date(2026, 1, 1), date(2026, 1, 31), review=8), False),
        (StandIn(1, 2, date(2026, 1, 1), date(2026, 1, 31), ended=True), False),
        (StandIn(3, 2, date(2026, 1, 1), date(2026, 1, 31)), False),
    ],
)
def test_a_delegate_speaks_in_the_time_and_the_review_it_is_for(delegation: StandIn, may: bool) -> None:
    assert stands_in([delegation], approver=1, person=2, review=7, day=date(2026, 1, 10)) is may
