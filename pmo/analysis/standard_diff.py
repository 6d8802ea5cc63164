"""What differs between two versions of a standard: by key, field by field. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from pmo.analysis.standard_content import GateContent, StandardContent
from pmo.analysis.standard_fields import SPECS

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
KINDS: Final = ("standard", "phase", "activity", "deliverable", "gate", "criterion", "rule")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """`before` and `after` as they stand in the standard; field "phase" and "order" tell of moves."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that differs. `phase` is the name of the phase it stands in now (or stood in, where removed)."""

    kind: str
    key: str
    name: str
    phase: str
    change: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class _Thing:
    kind: str
    key: str
    name: str
    phase_key: str
    phase: str
    siblings: str
    values: dict[str, Any]


def standard_diff(before: StandardContent, after: StandardContent) -> tuple[Entry, ...]:
    """Everything added, removed and changed, in the order of the newer version, what was removed at the end."""
    old = {(thing.kind, thing.key): thing for thing in _things(before)}
    new = {(thing.kind, thing.key): thing for thing in _things(after)}
    moved = _moved(list(old.values()), list(new.values()))
    entries = []
    for name, thing in new.items():
        was = old.get(name)
        if was is None:
            entries.append(Entry(thing.kind, thing.key, thing.name, thing.phase, ADDED))
            continue
        changes = [
            FieldChange(field, was.values[field], thing.values[field])
            for field in thing.values
            if was.values[field] != thing.values[field]
        ]
        if was.phase_key != thing.phase_key:
            changes.append(FieldChange("phase", was.phase, thing.phase))
        if name in moved:
            changes.append(FieldChange("order", *moved[name]))
        if changes:
            entries.append(Entry(thing.kind, thing.key, thing.name, thing.phase, CHANGED, tuple(changes)))
    entries += [
        Entry(thing.kind, thing.key, thing.name, thing.phase, REMOVED) for name, thing in old.items() if name not in new
    ]
    return tuple(entries)


def _things(content: StandardContent) -> Iterator[_Thing]:
    about = {name: getattr(content, name) for name in SPECS["standard"] if name not in ("slug", "summary")}
    yield _Thing("standard", content.slug, content.name, "", "", "", about)
    for phase in content.phases:
        yield _Thing("phase", phase.key, phase.name, "", phase.name, "phases", _values("phase", phase))
        for kind, found in phase.requirements():
            yield _Thing(
                kind, found.key, found.name, phase.key, phase.name, f"{phase.key}/{kind}", _values(kind, found)
            )
            if isinstance(found, GateContent):
                for each in found.criteria:
                    key, group = f"{found.key}/{each.key}", f"{found.key}/criteria"
                    yield _Thing("criterion", key, each.text, "", found.name, group, _values("criterion", each))
    for rule in content.rules:
        yield _Thing("rule", rule.name, rule.name, "", "", "rules", _values("rule", rule))


def _values(kind: str, thing: Any) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in SPECS[kind] if name != "key"}


def _moved(old: Sequence[_Thing], new: Sequence[_Thing]) -> dict[tuple[str, str], tuple[int, int]]:
    """What stands elsewhere among the siblings both versions have, with its place then and now, from 1."""
    moved = {}
    for group in dict.fromkeys(thing.siblings for thing in new):
        before = [(thing.kind, thing.key) for thing in old if thing.siblings == group]
        after = [(thing.kind, thing.key) for thing in new if thing.siblings == group]
        common_before = [name for name in before if name in set(after)]
        common_after = [name for name in after if name in set(before)]
        if common_before == common_after:
            continue
        blocks = SequenceMatcher(None, common_before, common_after, autojunk=False).get_matching_blocks()
        kept = {name for block in blocks for name in common_after[block.b : block.b + block.size]}
        for name in common_after:
            if name not in kept:
                moved[name] = (before.index(name) + 1, after.index(name) + 1)
    return moved
