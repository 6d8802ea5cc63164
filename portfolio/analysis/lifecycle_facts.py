"""What the rules about running projects look at: gates, activities, waivers, conditions, policies, responsibilities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Late:
    """A mandatory gate that is not passed, a gate's condition that is not met, or a policy that is not acknowledged:
    since when it is due. `note`: the gate of a condition, or who has to acknowledge."""

    name: str
    due: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A mandatory activity of a phase that the project has left, neither done nor waived."""

    name: str
    phase: str


@dataclass(frozen=True, slots=True)
class Ending:
    """A granted waiver of something that is still not done."""

    name: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """One project. `asked`: requirements were laid or somebody was made responsible; `accountable`: who is, or None."""

    asked: bool = False
    accountable: str | None = None
    gates: tuple[Late, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    waivers: tuple[Ending, ...] = ()
    conditions: tuple[Late, ...] = ()
    policies: tuple[Late, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """Somebody is accountable for a live project; `red`: its computed health."""

    person_id: int
    person: str
    project_id: int
    code: str
    red: bool


NOTHING = Lifecycle()
