"""The benchmark runs, and a project stays cheap beside adding up its own amounts."""

from benchmarks.measure import STATUS_DATE, main, project
from projects.analysis.earned_value import measure


def test_the_benchmark_runs_and_a_project_stays_cheap(capsys: object) -> None:
    found = main(rounds=50)
    # Measured: about 12. Ten times that would be a repeated scan, not a slow machine: both sides run here.
    assert found["both"] < 60 * found["adding up"]


def test_the_measured_project_defines_every_figure() -> None:
    assert measure(project(), STATUS_DATE).undefined == {}
