"""The checklist of a project: what its standard asks of it, when it is due, and what another tier or version changes.

Pure. Requirements are the same thing from version to version by their kind and key; what was done stays with the row,
and a row that no longer counts is kept, marked as not applying.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from pmo.analysis.standard_content import ActivityContent, GateContent, RequirementContent, StandardContent
from pmo.analysis.tailoring import Tailored, TailoringFacts, tailored

KINDS: Final = ("activity", "deliverable", "gate")
FINISHED: Final[Mapping[str, frozenset[str]]] = {
    "activity": frozenset({"done"}),
    "deliverable": frozenset({"accepted"}),
    "gate": frozenset({"passed", "conditional"}),
}
Span = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A requirement as the standard and the tailoring have it. `values` are fields of the project's row."""

    kind: str
    key: str
    phase: str
    values: Mapping[str, Any]
    due_from: str = "finish"
    due_days: int = 0


@dataclass(frozen=True, slots=True)
class Have:
    """A row of the project. `phase` is the key of its phase; `finished`: done, accepted or passed."""

    id: int
    kind: str
    key: str
    phase: str
    values: Mapping[str, Any]
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would be different. `change`: added, removed, mandatory, recommended or changed; `id` None: a new
    row; `values`: what the row gets, `before` what it had in those fields."""

    kind: str
    key: str
    name: str
    phase: str
    change: str
    id: int | None
    values: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    finished: bool = False


def due_of(due_from: str, due_days: int, span: Span) -> date | None:
    """The day a requirement is due: so many days after the start or the end of its phase. None without that day."""
    base = span[0] if due_from == "start" else span[1]
    return None if base is None else base + timedelta(days=due_days)


def facts_for(tier: int | None, size: Mapping[str, Any], score: int | None, span: Span) -> TailoringFacts:
    """The facts that tailoring rules ask about, from the last assessment; without it the months from the dates."""
    months = size.get("months")
    if months is None:
        months = months_between(span)
    budget = size.get("budget")
    return TailoringFacts(
        tier=tier,
        budget=None if budget in (None, "") else Decimal(str(budget)),
        months=months,
        team=size.get("team"),
        complexity=score,
    )


def months_between(span: Span) -> int | None:
    """Whole months begun between two days; None where one is missing."""
    start, finish = span
    if start is None or finish is None or finish < start:
        return None
    return (finish.year - start.year) * 12 + finish.month - start.month + 1


def wanted(content: StandardContent, facts: TailoringFacts) -> tuple[tuple[Wanted, ...], Tailored]:
    """Every requirement of the version, tailored; those that do not apply as well, marked so."""
    plan = tailored(content, facts)
    verdicts = {(each.kind, each.key): each for each in plan.requirements}
    found = []
    for phase in content.phases:
        places = dict.fromkeys(KINDS, 0)
        for kind, requirement in phase.requirements():
            places[kind] += 1
            verdict = verdicts[kind, requirement.key]
            values = {
                "order": places[kind],
                "name": requirement.name,
                "obligation": verdict.obligation,
                "applies": verdict.applies,
            }
            if isinstance(requirement, GateContent):
                values |= {
                    "at": requirement.at,
                    "quorum": plan.quorum[requirement.key],
                    "in_order": requirement.in_order,
                }
            found.append(Wanted(kind, requirement.key, phase.key, values, *_rhythm(requirement)))
    return tuple(found), plan


def _rhythm(requirement: RequirementContent) -> tuple[str, int]:
    if isinstance(requirement, ActivityContent):
        return requirement.due_from, requirement.due_days
    return (requirement.at if isinstance(requirement, GateContent) else "finish"), 0


def changes(have: Iterable[Have], want: Iterable[Wanted], spans: Mapping[str, Span]) -> tuple[Change, ...]:
    """What turns the rows there are into those wanted. Rows of the project's own (key "own-…") are left alone.

    What does not apply and was never laid is not laid. A row whose requirement is gone stays, not applying; so does
    the state of every row. The due day changes only for what is new, or comes back, and is not finished.
    """
    rows = {(row.kind, row.key): row for row in have if not row.key.startswith("own-")}
    found: list[Change] = []
    for each in want:
        row = rows.pop((each.kind, each.key), None)
        due = due_of(each.due_from, each.due_days, spans.get(each.phase, (None, None)))
        if row is None:
            if each.values["applies"]:
                values = {**each.values, "due": due}
                found.append(Change(each.kind, each.key, values["name"], each.phase, "added", None, values))
            continue
        values = {name: value for name, value in each.values.items() if row.values.get(name) != value}
        if row.phase != each.phase:
            values["phase"] = each.phase
        if "phase" in values or (values.get("applies") and row.values.get("due") is None):
            values["due"] = row.values.get("due") if row.finished else due
        if values:
            found.append(_changed(each, row, values))
    gone = (row for row in rows.values() if row.values.get("applies"))
    found += [
        Change(row.kind, row.key, row.values["name"], row.phase, "removed", row.id, {"applies": False},
               {"applies": True}, row.finished)
        for row in gone
    ]  # fmt: skip
    return tuple(found)


def _changed(each: Wanted, row: Have, values: dict[str, Any]) -> Change:
    if "applies" in values:
        what = "added" if values["applies"] else "removed"
    elif "obligation" in values and row.values.get("applies"):
        what = values["obligation"]
    else:
        what = "changed"
    before = {name: row.phase if name == "phase" else row.values.get(name) for name in values}
    return Change(each.kind, each.key, each.values["name"], each.phase, what, row.id, values, before, row.finished)


def told(found: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes worth telling a person: not those of a mere place in the list, nor of what applies neither way."""
    return [
        {"kind": each.kind, "key": each.key, "name": each.name, "phase": each.phase, "change": each.change,
         "finished": each.finished}
        for each in found
        if each.change != "changed" or set(each.values) - {"order"}
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class GateFact:
    """A gate on the way: `order` of its phase, `at` its start or finish; `open`: mandatory, counting, not passed."""

    name: str
    order: int
    at: str
    open: bool


def gates_in_the_way(gates: Sequence[GateFact], current: int | None, target: int) -> tuple[str, ...]:
    """The names of the open gates between the current phase and the one to be entered. Going back is never barred."""
    since = current if current is not None else target
    return tuple(
        gate.name
        for gate in gates
        if gate.open and (since <= gate.order < target if gate.at == "finish" else since < gate.order <= target)
    )


def shares(count: int) -> tuple[float, ...]:
    """Where in the project's time each phase begins and the last one ends: of five as process groups usually take."""
    five = (0.0, 0.08, 0.25, 0.82, 0.94, 1.0)
    return five if count == 5 else tuple(place / max(count, 1) for place in range(max(count, 1) + 1))


def phase_spans(keys: Sequence[str], span: Span) -> dict[str, Span]:
    """The phases laid one after another between start and finish; without both, without dates."""
    start, finish = span
    if start is None or finish is None:
        return dict.fromkeys(keys, (None, None))
    marks = [date.fromordinal(start.toordinal() + round((finish - start).days * share)) for share in shares(len(keys))]
    return {key: (marks[place], marks[place + 1]) for place, key in enumerate(keys)}


def closing_lacks(
    open_names: Collection[tuple[str, str]], *, lessons: int, benefit_owners: int
) -> tuple[tuple[str, str], ...]:
    """What keeps a project from being closed, as (kind, name): `open_names` are the mandatory things of its last phase
    that are neither done nor waived."""
    lacking = list(open_names)
    if not lessons:
        lacking.append(("lesson", ""))
    if not benefit_owners:
        lacking.append(("benefit_owner", ""))
    return tuple(lacking)
