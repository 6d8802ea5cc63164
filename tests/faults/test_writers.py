"""Many writers on one project, and many people who do one thing in one instant."""

from __future__ import annotations

from benchmarks.installation import Installation
from benchmarks.writers import crowd


def test_forty_writers_post_to_one_project_without_an_error(running: Installation) -> None:
    _p95, errors, wrong = crowd(running, writers=40, posts=200)
    assert not errors
    assert wrong == []


def test_of_twenty_approvals_in_one_instant_exactly_one_succeeds(running: Installation) -> None:
    assert "exactly one approval, no number twice" in running.run("approvals.py", "--people", "20")
