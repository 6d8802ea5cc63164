"""From a posted cost to the changed row, with real processes. The goal (p95 under 1 s) is measured by the benchmark;
here the limits are wide enough for a busy machine."""

from __future__ import annotations

from benchmarks.installation import Installation
from benchmarks.latency import to_the_figure, without_worker


def test_a_posted_cost_is_in_the_figure_and_in_the_row_of_the_cockpit_soon(running: Installation) -> None:
    answered, figure, row = to_the_figure(running, 4)
    assert sorted(answered)[1] < 2
    assert sorted(figure)[1] < 3
    assert sorted(row)[1] < 5


def test_without_a_worker_posts_succeed_the_row_says_so_and_it_is_right_soon_after_its_return(
    running: Installation,
) -> None:
    spent, says_so, catch_up = without_worker(running, posts=4)
    assert sorted(spent)[1] < 2
    assert says_so
    assert catch_up < 15
