"""Compliance of a project with what its standard and the policies ask, at a day. Pure.

The rules and their worked numbers stand in docs/algorithms/compliance.md; the tests use those numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final, Literal

Kind = Literal["activity", "deliverable", "gate", "policy"]
State = Literal["breach", "due", "waived", "late", "open", "met", "not_applicable"]

KINDS: Final[tuple[Kind, ...]] = ("activity", "deliverable", "gate", "policy")
# The worst first: what a cell that stands for several shows.
STATES: Final[tuple[State, ...]] = ("breach", "due", "waived", "late", "open", "met", "not_applicable")
PASSES: Final = frozenset({"pass", "conditional"})
SOON: Final = 14  # days before the due day from which a requirement is "due"
NOTHING_DUE: Final = "No mandatory requirement has come due yet."
NOTHING_ASKED: Final = "No requirement has been laid for this project."
CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Leave:
    """A granted waiver: from the day it was granted to the day it expires, both included."""

    granted_on: date
    expires_on: date


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one project has to do. `id` is its row (a policy's: that of the policy), `phase` the key of its phase."""

    id: int
    kind: Kind
    key: str
    name: str
    phase: str
    phase_name: str
    phase_order: int
    order: int
    mandatory: bool = True
    applies: bool = True
    due: date | None = None
    done_on: date | None = None
    leaves: tuple[Leave, ...] = ()

    @property
    def cell(self) -> str:
        """Its identity over projects and versions: what a column of the matrix is."""
        return f"{self.kind}:{self.phase}:{self.key}"


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a requirement. `counted`: in the percentage; `in_time`: on its good side.

    `until`: the last day of a running waiver; `deadline`: the due day, moved by waivers granted in time.
    """

    requirement: Requirement
    state: State
    counted: bool
    in_time: bool
    deadline: date | None
    done_on: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Compliance:
    """The sums of one project, or of several added up. `percent` in percentage points, unrounded."""

    applicable: int = 0
    met: int = 0
    waived: int = 0
    late: int = 0
    breached: int = 0
    due_soon: int = 0
    why_undefined: str = ""

    @property
    def percent(self) -> Decimal | None:
        return Decimal(self.met + self.waived) * 100 / self.applicable if self.applicable else None


def passed_on(reviews: Sequence[tuple[date, str]], day: date) -> date | None:
    """Since when a gate counts as passed at `day`: the first of the passes that no hold or stop followed; else None.

    `reviews`: (decided on, decision) in the order of their numbers.
    """
    since: date | None = None
    for decided_on, decision in reviews:
        if decided_on > day:
            continue
        if decision in PASSES:
            since = since or decided_on
        else:
            since = None
    return since


def judge(requirement: Requirement, day: date, soon: int = SOON) -> Judged:
    """The state of one requirement at the end of `day`."""
    if not requirement.applies:
        return Judged(requirement, "not_applicable", False, False, None)
    done_on = requirement.done_on if requirement.done_on is not None and requirement.done_on <= day else None
    leaves = sorted((x for x in requirement.leaves if x.granted_on <= day), key=lambda x: (x.granted_on, x.expires_on))
    until = max((x.expires_on for x in leaves if x.expires_on >= day), default=None) if done_on is None else None
    deadline = requirement.due
    for leave in leaves:
        if deadline is not None and leave.granted_on <= deadline < leave.expires_on:
            deadline = leave.expires_on
    counted = requirement.mandatory and requirement.due is not None and requirement.due < day
    reached = done_on or day
    in_time = deadline is None or reached <= deadline
    return Judged(
        requirement, _state(requirement, day, soon, done_on, until, in_time), counted, in_time, deadline, done_on, until
    )


def _state(
    requirement: Requirement, day: date, soon: int, done_on: date | None, until: date | None, in_time: bool
) -> State:
    if done_on is not None:
        return "met" if in_time else "late"
    if until is not None:
        return "waived"
    due = requirement.due
    if due is None:
        return "open"
    if due < day:
        return "breach" if requirement.mandatory else "open"
    return "due" if due <= day + timedelta(days=soon) else "open"


def judge_all(requirements: Iterable[Requirement], day: date, soon: int = SOON) -> tuple[Judged, ...]:
    """All of a project's requirements, in the order of phases, kinds and their own."""
    judged = [judge(item, day, soon) for item in requirements]
    return tuple(sorted(judged, key=lambda item: placed(item.requirement)))


def placed(item: Requirement) -> tuple[int, int, int, str]:
    """Where a requirement stands: policies after all phases."""
    phase = 1_000_000 if item.kind == "policy" else item.phase_order
    return phase, KINDS.index(item.kind), item.order, item.key


def summed(judged: Sequence[Judged]) -> Compliance:
    """The sums of one project."""
    counted = [item for item in judged if item.counted]
    met = sum(item.in_time and item.done_on is not None for item in counted)
    waived = sum(item.in_time and item.done_on is None for item in counted)
    breached = sum(item.state == "breach" for item in counted)
    why = "" if counted else NOTHING_DUE if judged else NOTHING_ASKED
    return Compliance(
        applicable=len(counted),
        met=met,
        waived=waived,
        late=len(counted) - met - waived - breached,
        breached=breached,
        due_soon=sum(item.state == "due" and item.requirement.mandatory for item in judged),
        why_undefined=why,
    )


def percent_shown(sums: Compliance) -> Decimal | None:
    """The percentage as it is kept and shown: two places, half to even, never rounded up to 100."""
    exact = sums.percent
    if exact is None:
        return None
    rounded = exact.quantize(CENT, ROUND_HALF_EVEN)
    return Decimal("99.99") if rounded == 100 and exact < 100 else rounded


def packed(judged: Iterable[Judged]) -> dict[str, list[Any]]:
    """What the matrix shows of each requirement: [state, id, due, done on, until, counted as bad (1) or not (0)]."""
    return {
        item.requirement.cell: [
            item.state,
            item.requirement.id,
            _iso(item.requirement.due),
            _iso(item.done_on),
            _iso(item.until),
            int(item.counted and not item.in_time),
        ]
        for item in judged
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def worst(states: Iterable[State]) -> State | None:
    """The state that asks most for attention; None of none."""
    return min(states, key=STATES.index, default=None)


def counts(cells: Mapping[str, Sequence[Any]]) -> dict[State, int]:
    """How many of the packed cells are in each state."""
    found: dict[State, int] = dict.fromkeys(STATES, 0)
    for cell in cells.values():
        found[cell[0]] += 1
    return found
