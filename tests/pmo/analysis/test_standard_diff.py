"""What differs between two versions of a standard."""

from __future__ import annotations

from dataclasses import replace

from pmo.analysis.standard_diff import standard_diff
from pmo.selectors.shipped import shipped_standard

BEFORE = shipped_standard("five-phases")


def with_phase(index, **changes):
    phases = list(BEFORE.phases)
    phases[index] = replace(phases[index], **changes)
    return replace(BEFORE, phases=tuple(phases))


def told(after):
    return [
        (each.kind, each.key, each.change, [field.field for field in each.fields])
        for each in standard_diff(BEFORE, after)
    ]


def test_the_same_differs_in_nothing():
    assert standard_diff(BEFORE, BEFORE) == ()


def test_an_activity_added_removed_and_changed_is_told_by_its_key_and_field():
    first, *rest = BEFORE.phases[0].activities
    added = replace(first, key="new", name="New")
    after = with_phase(0, activities=(replace(first, obligation="recommended", why="Else."), *rest[1:], added))
    assert told(after) == [
        ("activity", "charter", "changed", ["obligation", "why"]),
        ("activity", "new", "added", []),
        ("activity", "business-case", "removed", []),
    ]
    change = standard_diff(BEFORE, after)[0].fields[0]
    assert (change.before, change.after) == ("mandatory", "recommended")


def test_a_move_to_another_phase_is_a_change_and_neither_added_nor_removed():
    charter = BEFORE.phases[0].activities[0]
    phases = list(BEFORE.phases)
    phases[0] = replace(phases[0], activities=phases[0].activities[1:])
    phases[1] = replace(phases[1], activities=(*phases[1].activities, charter))
    (entry,) = standard_diff(BEFORE, replace(BEFORE, phases=tuple(phases)))
    assert (entry.key, [(each.field, each.before, each.after) for each in entry.fields]) == (
        "charter",
        [("phase", "Initiation", "Planning")],
    )


def test_only_what_was_moved_is_told_when_the_order_changes():
    activities = BEFORE.phases[1].activities
    after = with_phase(1, activities=(activities[-1], *activities[:-1]))
    (entry,) = standard_diff(BEFORE, after)
    assert (entry.key, entry.fields[0].field) == (activities[-1].key, "order")
    assert (entry.fields[0].before, entry.fields[0].after) == (len(activities), 1)


def test_criteria_and_rules_are_compared_too():
    gate = BEFORE.phases[0].gates[0]
    criteria = (replace(gate.criteria[0], text="Else"), *gate.criteria[1:])
    after = replace(with_phase(0, gates=(replace(gate, quorum=1, criteria=criteria),)), rules=BEFORE.rules[1:])
    assert told(after) == [
        ("criterion", "initiation-gate/criterion-1", "changed", ["text"]),
        ("rule", BEFORE.rules[0].name, "removed", []),
    ]
