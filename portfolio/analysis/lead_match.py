"""Who could lead a project: everybody who was ever assessed, ranked, with the reason in words. Pure.

docs/algorithms/skills.md says the order and shows it with numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pmo.analysis.skills import WIDE, Fit, Level, fit

MOST_IN_HAND: Final = 3  # live projects from which on somebody is said to be full


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could lead. `led`: projects brought to their close by tier; `in_hand`: live ones led now."""

    person_id: int
    name: str
    levels: Mapping[int, Level]
    led: Mapping[int, int]
    in_hand: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with the place and why. `experience`: projects of this tier or a harder one led to their close."""

    candidate: Candidate
    place: int
    fit: Fit
    experience: int
    reason: str


def ranked(candidates: Iterable[Candidate], wanted: Mapping[int, int], tier: int, names: Mapping[int, str]) -> (
    tuple[Ranked, ...]
):  # fmt: skip
    """The candidates, the fittest first; `wanted` by skill, `names` of the skills. Those never assessed are left out.

    Order: wide gaps fewer, met skills more, the sum of the gaps less, experience more, live projects fewer, name, id.
    """
    judged = [(each, fit(each.levels, wanted)) for each in candidates if each.levels]
    judged.sort(key=lambda pair: _order(pair[0], pair[1], tier))
    return tuple(
        Ranked(each, place, its, _experience(each, tier), reason(each, its, tier, names))
        for place, (each, its) in enumerate(judged, start=1)
    )


def _order(each: Candidate, its: Fit, tier: int) -> tuple[int, int, int, int, int, str, int]:
    wide = sum((gap.short or 0) >= WIDE for gap in its.gaps)
    total = sum(gap.wanted if gap.short is None else gap.short for gap in its.gaps)  # unknown counts as nothing shown
    return wide, -its.met, total, -_experience(each, tier), each.in_hand, each.name, each.person_id


def _experience(each: Candidate, tier: int) -> int:
    return sum(count for led, count in each.led.items() if led >= tier)


def reason(each: Candidate, its: Fit, tier: int, names: Mapping[int, str]) -> str:
    """One sentence a part: skills, the largest gap, what is not assessed, experience, what is in hand."""
    parts = [f"Meets {its.met} of {its.wanted}"]
    gap = its.widest
    if gap is not None:
        parts.append(f"largest gap: {names.get(gap.skill, '?')}, {gap.level} where {gap.wanted} is needed")
    elif its.unknown < its.wanted:
        parts.append("no gap")
    if its.unknown:
        parts.append(f"{its.unknown} not assessed")
    led = _experience(each, tier)
    if led:
        parts.append(f"led {led} {'project' if led == 1 else 'projects'} of tier {tier} or harder to the end")
    elif total := sum(each.led.values()):
        parts.append(f"led {total} {'project' if total == 1 else 'projects'} to the end, none of tier {tier} or harder")
    else:
        parts.append("has led none to the end")
    hand = f"{each.in_hand} live {'project' if each.in_hand == 1 else 'projects'} in hand"
    parts.append(f"{hand}, already full" if each.in_hand >= MOST_IN_HAND else hand)
    return "; ".join(parts) + "."


@dataclass(frozen=True, slots=True)
class Thin:
    """One skill over all who lead: how many lack it at the hardest tier they lead, and how many were never assessed."""

    skill: int
    below: int
    wide: int
    unknown: int
    asked: int


def thin(fits: Iterable[Fit]) -> tuple[Thin, ...]:
    """Where the office is thin: skills by how many lack them, the thinnest first."""
    counts: dict[int, list[int]] = {}
    for its in fits:
        for gap in its.gaps:
            if gap.wanted == 0:
                continue
            row = counts.setdefault(gap.skill, [0, 0, 0, 0])
            row[0] += bool(gap.short)
            row[1] += (gap.short or 0) >= WIDE
            row[2] += gap.level is None
            row[3] += 1
    found = [Thin(skill, *row) for skill, row in counts.items()]
    return tuple(sorted(found, key=lambda each: (-each.wide, -each.below, -each.unknown, each.skill)))
