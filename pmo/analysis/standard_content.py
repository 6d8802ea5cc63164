"""A version of a standard as facts: what the file, the difference, the tailoring and the preview all speak of.

Keys are unique inside a version for each kind, and stay the same from version to version: by them things are compared,
aimed at by tailoring rules, and carried over in running projects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MANDATORY, RECOMMENDED = "mandatory", "recommended"


@dataclass(frozen=True, slots=True)
class CriterionContent:
    key: str
    text: str
    mandatory: bool = True


@dataclass(frozen=True, slots=True)
class ActivityContent:
    key: str
    name: str
    obligation: str = MANDATORY
    responsible_role: str = ""
    why: str = ""
    how: str = ""
    template: str = ""  # key of a document template
    due_from: str = "finish"
    due_days: int = 0


@dataclass(frozen=True, slots=True)
class DeliverableContent:
    key: str
    name: str
    obligation: str = MANDATORY
    responsible_role: str = ""
    description: str = ""
    acceptance: str = ""
    template: str = ""


@dataclass(frozen=True, slots=True)
class GateContent:
    key: str
    name: str
    obligation: str = MANDATORY
    responsible_role: str = ""
    purpose: str = ""
    at: str = "finish"
    approver_roles: tuple[str, ...] = ()
    quorum: int = 1
    in_order: bool = False
    criteria: tuple[CriterionContent, ...] = ()


RequirementContent = ActivityContent | DeliverableContent | GateContent


@dataclass(frozen=True, slots=True)
class PhaseContent:
    key: str
    name: str
    purpose: str = ""
    activities: tuple[ActivityContent, ...] = ()
    deliverables: tuple[DeliverableContent, ...] = ()
    gates: tuple[GateContent, ...] = ()

    def requirements(self) -> Iterator[tuple[str, RequirementContent]]:
        """(kind, requirement) of everything the phase asks for."""
        for activity in self.activities:
            yield "activity", activity
        for deliverable in self.deliverables:
            yield "deliverable", deliverable
        for gate in self.gates:
            yield "gate", gate


@dataclass(frozen=True, slots=True)
class RuleContent:
    """See pmo.models.standards.TailoringRule: all `conditions` must hold; the effect is on `targets`, or `value`."""

    name: str
    effect: str
    conditions: Mapping[str, Any] = field(default_factory=dict)
    targets: tuple[str, ...] = ()
    value: str = ""


@dataclass(frozen=True, slots=True)
class StandardContent:
    slug: str
    name: str
    description: str = ""
    source: str = ""
    licence: str = ""
    summary: str = ""
    phases: tuple[PhaseContent, ...] = ()
    rules: tuple[RuleContent, ...] = ()

    def targets(self) -> dict[str, str]:
        """Everything a tailoring rule can aim at, with its name: "*", "phase:…", "activity:…" and so on."""
        known = {"*": "Everything"}
        for phase in self.phases:
            known[f"phase:{phase.key}"] = phase.name
            for kind, requirement in phase.requirements():
                known[f"{kind}:{requirement.key}"] = requirement.name
        return known
