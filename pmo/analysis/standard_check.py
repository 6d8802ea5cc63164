"""What a version as a whole must hold before projects follow it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from pmo.analysis.standard_content import GateContent, RuleContent, StandardContent
from pmo.analysis.standard_fields import Problem, shown
from pmo.analysis.tailoring import ON_REQUIREMENTS, number

MOST_PHASES: Final = 30
MOST_IN_A_PHASE: Final = 200
MOST_CRITERIA: Final = 50
MOST_RULES: Final = 200
LONGEST_REPORT_DAYS: Final = 366


def problems(content: StandardContent) -> Iterator[Problem]:
    """Everything that stands in the way of publishing, in the order of the standard."""
    if not content.phases:
        yield Problem("phases", "a standard needs at least one phase.")
    if len(content.phases) > MOST_PHASES:
        yield Problem("phases", f"has {len(content.phases)} phases; at most {MOST_PHASES} are taken.")
    seen: dict[tuple[str, str], str] = {}
    for number_, phase in enumerate(content.phases, start=1):
        path = f"phases[{number_}]"
        yield from _once(seen, "phase", phase.key, path)
        counted = {"activity": 0, "deliverable": 0, "gate": 0}
        for kind, found in phase.requirements():
            counted[kind] += 1
            here = f"{path}.{PLURAL[kind]}[{counted[kind]}]"
            yield from _once(seen, kind, found.key, here)
            if isinstance(found, GateContent):
                yield from _gate(found, here)
        for kind, count in counted.items():
            if count > MOST_IN_A_PHASE:
                yield Problem(f"{path}.{PLURAL[kind]}", f"has {count} entries; at most {MOST_IN_A_PHASE} are taken.")
    yield from _rules(content)


PLURAL: Final = {"activity": "activities", "deliverable": "deliverables", "gate": "gates", "criterion": "criteria"}


def _once(seen: dict[tuple[str, str], str], kind: str, key: str, path: str) -> Iterator[Problem]:
    before = seen.setdefault((kind, key), path)
    if before != path:
        yield Problem(f"{path}.key", f"{shown(key)} is taken by {before}: in a version each {kind} has its own key.")


def _gate(gate: GateContent, path: str) -> Iterator[Problem]:
    if not gate.approver_roles:
        yield Problem(f"{path}.approver_roles", "somebody has to decide: name at least one role.")
    elif gate.quorum > len(gate.approver_roles):
        yield Problem(
            f"{path}.quorum",
            f"{gate.quorum} approvals are asked for, but only {len(gate.approver_roles)} roles can give one.",
        )
    if len(gate.criteria) > MOST_CRITERIA:
        yield Problem(f"{path}.criteria", f"has {len(gate.criteria)} entries; at most {MOST_CRITERIA} are taken.")
    seen: dict[tuple[str, str], str] = {}
    for place, criterion in enumerate(gate.criteria, start=1):
        yield from _once(seen, "criterion", criterion.key, f"{path}.criteria[{place}]")


def _rules(content: StandardContent) -> Iterator[Problem]:
    if len(content.rules) > MOST_RULES:
        yield Problem("rules", f"has {len(content.rules)} entries; at most {MOST_RULES} are taken.")
    known = content.targets()
    names: set[str] = set()
    for place, rule in enumerate(content.rules, start=1):
        path = f"rules[{place}]"
        if rule.name in names:
            yield Problem(f"{path}.name", f"{shown(rule.name)} is the name of an earlier rule.")
        names.add(rule.name)
        yield from rule_problems(rule, known, path)


def rule_problems(rule: RuleContent, known: dict[str, str], path: str = "") -> Iterator[Problem]:
    """What is wrong with one tailoring rule, where `known` are the targets of its standard."""
    dot = f"{path}." if path else ""
    for place, target in enumerate(rule.targets, start=1):
        if target not in known:
            yield Problem(f"{dot}targets[{place}]", f"{shown(target)} is nothing of this standard.")
    if rule.effect in ON_REQUIREMENTS and not rule.targets:
        yield Problem(f"{dot}targets", "names nothing for the rule to act on.")
    value = number(rule.value)
    if rule.effect == "report_days" and not _between(value, 1, LONGEST_REPORT_DAYS):
        yield Problem(f"{dot}value", f"{shown(rule.value)} is not a number of days from 1 to {LONGEST_REPORT_DAYS}.")
    if rule.effect == "quorum" and not _between(value, 1, 10):
        yield Problem(f"{dot}value", f"{shown(rule.value)} is not a number of approvals from 1 to 10.")
    if rule.effect == "approval_limit" and (value is None or not 0 < value < 10**12):
        yield Problem(f"{dot}value", f"{shown(rule.value)} is not an amount above zero.")
    if rule.effect in ("leave_out", "mandatory", "recommended") and rule.value:
        yield Problem(f"{dot}value", "has no meaning for this effect; leave it empty.")


def _between(value: Decimal | None, least: int, most: int) -> bool:
    return value is not None and value == value.to_integral_value() and least <= value <= most
