"""Gate reviews: who may speak when, when a review is decided, and what is still missing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

PASSES: Final = frozenset({"pass", "conditional"})
GATE_STATE: Final[Mapping[str, str]] = {
    "pass": "passed",
    "conditional": "conditional",
    "hold": "held",
    "stop": "stopped",
}


@dataclass(frozen=True, slots=True)
class Seat:
    """One approver's seat, in the order of asking. `verdict` "" until given; `revoked`: no longer asked."""

    id: int
    order: int
    verdict: str = ""
    revoked: bool = False


def outcome(seats: Sequence[Seat], quorum: int) -> str | None:
    """The decision, or None while it is open.

    Passed as soon as `quorum` seats say so (conditional where one of them sets conditions). Not passed as soon as the
    quorum cannot be reached any more: stop where somebody says stop, else hold. Revoked seats do not count.
    """
    counted = [seat for seat in seats if not seat.revoked]
    said = [seat.verdict for seat in counted if seat.verdict]
    passing = [verdict for verdict in said if verdict in PASSES]
    if len(passing) >= quorum:
        return "conditional" if "conditional" in passing else "pass"
    against = len(said) - len(passing)
    if against and len(counted) - against < quorum:
        return "stop" if "stop" in said else "hold"
    return None


def asked_now(seats: Sequence[Seat], *, in_order: bool) -> tuple[Seat, ...]:
    """The seats that may speak now: all open ones, or in order only the first of them."""
    still = tuple(sorted((s for s in seats if not s.verdict and not s.revoked), key=lambda s: s.order))
    return still[:1] if in_order else still


def reachable(seats: Sequence[Seat], quorum: int) -> bool:
    """Can the quorum still be reached?"""
    return sum(1 for seat in seats if not seat.revoked and (not seat.verdict or seat.verdict in PASSES)) >= quorum


@dataclass(frozen=True, slots=True)
class Standing:
    """How the criteria stand. `barring`: texts of mandatory ones that are not met, so that only a conditional pass is
    open; `unanswered`: texts of those nobody has judged."""

    met: int
    total: int
    barring: tuple[str, ...]
    unanswered: tuple[str, ...]


def standing(criteria: Iterable[Mapping[str, Any]]) -> Standing:
    """Count the criteria of a review: dicts with text, mandatory and verdict (met, not_met, waived or "")."""
    rows = list(criteria)
    return Standing(
        met=sum(1 for row in rows if row.get("verdict") in ("met", "waived")),
        total=len(rows),
        barring=tuple(row["text"] for row in rows if row.get("mandatory") and row.get("verdict") == "not_met"),
        unanswered=tuple(row["text"] for row in rows if not row.get("verdict")),
    )


@dataclass(frozen=True, slots=True)
class StandIn:
    """A delegation as it is kept. `review` None: every review in that time."""

    approver: int
    delegate: int
    starts_on: date
    ends_on: date
    review: int | None = None
    ended: bool = False


def stands_in(delegations: Iterable[StandIn], *, approver: int, person: int, review: int, day: date) -> bool:
    """May `person` speak in the seat of `approver` in this review on that day?"""
    return any(
        each.approver == approver
        and each.delegate == person
        and not each.ended
        and each.starts_on <= day <= each.ends_on
        and each.review in (None, review)
        for each in delegations
    )
