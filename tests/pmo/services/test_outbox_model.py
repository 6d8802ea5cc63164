"""All interleavings of two posters and two workers, in a model of the outbox as small as it can be.

A poster commits one ledger entry together with one mark: one step. A worker's steps are what another process can come
between: claim (in a transaction of its own), lock, note the marks, read the ledger, and write the figure with the
deletion of marks (they commit together). A figure is stale for good when no mark is open any more, no worker has
anything left to do, and the figure is not the sum.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import pytest

NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Rules:
    """What is left out, to see what it is there for."""

    lock: bool = True
    skip: bool = True  # a worker that meets a lock gives its claim back; else it waits for the lock
    delete: str = "noted"  # the marks noted before the reading; or "all" that are there at the end
    note: str = "existing"  # all marks that exist under the lock; or only the "claimed" ones


@dataclass(frozen=True)
class Worker:
    at: str = "idle"
    claimed: frozenset[int] = NOTHING
    noted: frozenset[int] = NOTHING
    read: int = 0


@dataclass(frozen=True)
class World:
    left: int = 2  # posters who have not posted yet
    entries: int = 0  # committed ledger entries
    figure: int = 0  # how many of them the kept figure counts
    marks: frozenset[int] = NOTHING
    locked: bool = False
    workers: tuple[Worker, ...] = (Worker(), Worker())


def post(world: World) -> World:
    """A poster's transaction: the entry and its mark."""
    number = world.entries + 1
    return replace(world, entries=number, marks=world.marks | {number}, left=world.left - 1)


def work(world: World, who: int, rules: Rules) -> World | None:
    """The worker's next step; None where it can do nothing now."""
    me = world.workers[who]
    if me.at == "idle":
        free = world.marks.difference(*(worker.claimed for worker in world.workers))
        return _with(world, who, Worker("claimed", claimed=free)) if free else None
    if me.at == "claimed":
        if rules.lock and world.locked:
            return _with(world, who, Worker()) if rules.skip else None
        return _with(replace(world, locked=True), who, replace(me, at="locked"))
    if me.at == "locked":
        noted = world.marks if rules.note == "existing" else world.marks & me.claimed
        return _with(world, who, replace(me, at="noted", noted=noted))
    if me.at == "noted":
        return _with(world, who, replace(me, at="read", read=world.entries))
    gone = me.noted if rules.delete == "noted" else world.marks
    figure = me.read if me.noted or rules.delete == "all" else world.figure  # nothing noted: nothing to do
    return _with(replace(world, figure=figure, marks=world.marks - gone, locked=False), who, Worker())


def _with(world: World, who: int, worker: Worker) -> World:
    return replace(world, workers=tuple(worker if i == who else other for i, other in enumerate(world.workers)))


def onward(world: World, rules: Rules) -> list[World]:
    """What can happen next."""
    steps = [post(world)] if world.left else []
    return steps + [step for who in range(len(world.workers)) if (step := work(world, who, rules)) is not None]


def reachable(rules: Rules, start: World = World()) -> dict[World, list[World]]:
    """Every state that some interleaving leads to, with what can follow it."""
    found: dict[World, list[World]] = {}
    stack = [start]
    while stack:
        world = stack.pop()
        if world not in found:
            found[world] = onward(world, rules)
            stack.extend(found[world])
    return found


def interleavings(rules: Rules) -> tuple[int, int]:
    """(all, those that end stale for good). Needs rules without circles: no skipping."""

    @cache
    def from_here(world: World) -> tuple[int, int]:
        steps = onward(world, rules)
        if not steps:
            return 1, int(world.figure != world.entries)
        each = [from_here(step) for step in steps]
        return sum(ends for ends, _ in each), sum(stale for _, stale in each)

    return from_here(World())


def stale_ends(rules: Rules) -> int:
    """How many different ends have a figure that nobody will ever correct."""
    return sum(not steps and world.figure != world.entries for world, steps in reachable(rules).items())


def test_with_the_lock_and_exact_deletion_no_interleaving_leaves_a_figure_stale() -> None:
    assert stale_ends(Rules()) == 0
    assert interleavings(Rules(skip=False)) == (40, 0)


def test_nor_with_three_posters_and_three_workers() -> None:
    states = reachable(Rules(), World(left=3, workers=(Worker(), Worker(), Worker())))
    assert len(states) > 1_000
    assert not any(world.figure != world.entries for world, steps in states.items() if not steps)


def test_without_the_lock_an_older_sum_can_overwrite_a_newer_one() -> None:
    assert stale_ends(Rules(lock=False)) > 0
    assert interleavings(Rules(lock=False)) == (428, 2)


def test_deleting_all_marks_loses_the_entry_that_came_after_the_reading() -> None:
    assert stale_ends(Rules(delete="all")) > 0
    assert interleavings(Rules(delete="all", skip=False)) == (36, 2)


def test_noting_only_the_claimed_marks_would_be_right_too_but_does_the_work_twice() -> None:
    assert stale_ends(Rules(note="claimed")) == 0


@pytest.mark.parametrize("rules", [Rules(), Rules(lock=False), Rules(delete="all"), Rules(note="claimed")], ids=str)
def test_every_state_can_still_come_to_an_end_with_no_mark_open(rules: Rules) -> None:
    states = reachable(rules)
    ends = {world for world, steps in states.items() if not steps}
    assert ends and not any(world.marks or world.locked for world in ends)
    finishing = set(ends)
    while grown := {w for w, steps in states.items() if w not in finishing and finishing & set(steps)}:
        finishing |= grown
    assert finishing == set(states)
