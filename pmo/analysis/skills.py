"""A person's level in a skill as at a day, and how it compares with what is wanted. Pure.

docs/algorithms/skills.md says it in prose, with the numbers that the tests use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

HIGHEST: Final = 5
ENDING: Final = timedelta(days=60)  # a certificate that ends within this is listed
WIDE: Final = 2  # levels below what is wanted from which a gap is wide


@dataclass(frozen=True, slots=True)
class Judgement:
    """One assessment. `by`: who judged (two peers are two voices); `id` orders those of one day."""

    kind: str  # self, peer, assessor
    level: int
    on: date
    by: int | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Credential:
    """One certificate that evidences a level; None where it names none."""

    level: int | None
    issued_on: date
    expires_on: date | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """What somebody is held to be able to do. `source`: assessor, peer, self, certificate."""

    level: int
    source: str
    on: date
    voices: int = 1


@dataclass(frozen=True, slots=True)
class Gap:
    """One skill that a role wants at a tier. `level` None: never assessed; `short` is then unknown, not all of it."""

    skill: int
    wanted: int
    level: int | None

    @property
    def short(self) -> int | None:
        """Levels below what is wanted; 0 where it is met, None where nothing is known."""
        return None if self.level is None else max(self.wanted - self.level, 0)

    @property
    def met(self) -> bool:
        """Wanted and shown. Where 0 is wanted there is nothing to show."""
        return self.wanted == 0 or (self.level is not None and self.level >= self.wanted)


@dataclass(frozen=True, slots=True)
class Fit:
    """A person against all that a role wants at a tier."""

    gaps: tuple[Gap, ...]

    @property
    def wanted(self) -> int:
        return len(self.gaps)

    @property
    def met(self) -> int:
        return sum(gap.met for gap in self.gaps)

    @property
    def unknown(self) -> int:
        return sum(gap.level is None and gap.wanted > 0 for gap in self.gaps)

    @property
    def widest(self) -> Gap | None:
        """The largest known gap, the first of its kind; None where there is none."""
        short = [gap for gap in self.gaps if gap.short]
        return max(short, key=lambda gap: gap.short or 0) if short else None

    @property
    def largest(self) -> int | None:
        """Levels of the largest known gap; None where nothing was ever assessed."""
        known = [gap.short for gap in self.gaps if gap.short is not None]
        return max(known) if known else None


def level_at(judgements: Iterable[Judgement], credentials: Iterable[Credential], day: date) -> Level | None:
    """The level held at `day`; None where nobody has judged and no certificate is valid.

    The latest assessor's; else the lower median of each peer's latest; else the latest of one's own. A certificate that
    is valid raises it, unless an assessor has judged on the day of its issue or since.
    """
    latest: dict[tuple[str, int | None], Judgement] = {}
    for item in judgements:
        if item.on <= day:
            key = (item.kind, item.by if item.kind == "peer" else None)
            before = latest.get(key)
            if before is None or (item.on, item.id) > (before.on, before.id):
                latest[key] = item
    found = _judged(latest)
    valid = [
        item for item in credentials if item.level is not None and credential_state(item, day) in ("valid", "ending")
    ]
    best = max(valid, key=lambda item: (item.level or 0, item.issued_on), default=None)
    if best is None or best.level is None:
        return found
    if found is not None:
        judged_since = found.source == "assessor" and found.on >= best.issued_on
        if judged_since or found.level >= best.level:
            return found
    return Level(best.level, "certificate", best.issued_on)


def _judged(latest: Mapping[tuple[str, int | None], Judgement]) -> Level | None:
    if assessed := latest.get(("assessor", None)):
        return Level(assessed.level, "assessor", assessed.on)
    peers = sorted((item for (kind, _by), item in latest.items() if kind == "peer"), key=lambda item: item.level)
    if peers:
        middle = peers[(len(peers) - 1) // 2]  # of an even number the lower: better cautious than flattering
        return Level(middle.level, "peer", max(item.on for item in peers), len(peers))
    if own := latest.get(("self", None)):
        return Level(own.level, "self", own.on)
    return None


def credential_state(item: Credential, day: date) -> str:
    """withdrawn, future, expired, ending (within 60 days) or valid, as at `day`. The last day still counts."""
    if item.withdrawn:
        return "withdrawn"
    if item.issued_on > day:
        return "future"
    if item.expires_on is None:
        return "valid"
    if item.expires_on < day:
        return "expired"
    return "ending" if item.expires_on <= day + ENDING else "valid"


def fit(levels: Mapping[int, Level], wanted: Mapping[int, int]) -> Fit:
    """Somebody's levels by skill against the wanted ones, in the order of `wanted`."""
    return Fit(
        tuple(Gap(skill, want, levels[skill].level if skill in levels else None) for skill, want in wanted.items())
    )
