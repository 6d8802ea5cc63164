"""What the rule about leads looks at: the skills in which the lead of a hard project is below its benchmark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

HARD: Final = 3  # the tier from which on a project counts as hard


@dataclass(frozen=True, slots=True)
class LeadGap:
    """One skill of the lead, as at the status date; `level` is known: what was never assessed is no gap."""

    skill: str
    wanted: int
    level: int
    lead: str
    tier: int

    @property
    def short(self) -> int:
        return self.wanted - self.level
