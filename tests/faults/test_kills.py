"""kill -9 in turn while costs are posted: nothing lost, nothing doubled, everything derived right."""

from __future__ import annotations

from benchmarks.faults import faults
from benchmarks.installation import Installation


def test_killing_worker_clock_and_web_under_load_loses_and_doubles_nothing(running: Installation) -> None:
    assert faults(running, posts=160, writers=4, pause=0.5, most=3) == []
