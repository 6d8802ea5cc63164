"""Every benchmark runs, once and small, so that none of them rots."""

import importlib.util
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def benchmark(name):
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", BENCHMARKS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.django_db
def test_the_rebuild_benchmark_measures_floor_and_rebuild(capsys):
    found = benchmark("rebuild").main(
        ["--projects", "50", "--cost-entries", "1500", "--rounds", "1", "--processes", "1"]
    )
    assert 0 < found["floor"] < found["rebuild"]
    assert found["ratio"] == found["rebuild"] / found["floor"]
    assert "50 projects, 1,500 ledger entries" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_money_benchmark_measures_the_report_and_counts_statements(capsys):
    benchmark("money").main(["--projects", "12", "--months", "3", "--rounds", "1"])
    said = capsys.readouterr().out
    assert "12 projects x 3 months" in said
    assert "page, commitments" in said


@pytest.mark.django_db
def test_the_compliance_benchmark_measures_the_matrix_within_ten_statements(capsys):
    found = benchmark("compliance").main(["--projects", "12", "--requirements", "10", "--rounds", "1"])
    assert 5 < found["statements"] <= 10
    assert "12 projects x 10 requirements, 120 cells" in capsys.readouterr().out


def test_the_measure_benchmark_measures_each_part():
    found = benchmark("measure").main(20)
    assert set(found) == {"adding up", "measure", "cpi_trend", "both"}
    assert all(microseconds > 0 for microseconds in found.values())


@pytest.mark.django_db
def test_the_benchmark_of_moving_projects_moves_them_and_brings_them_back():
    seconds = benchmark("move_standard").measure(projects=6, activities=4)
    assert set(seconds) == {"lay", "preview", "move", "undo"}
