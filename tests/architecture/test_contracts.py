"""The layers of the house hold, in the suite as in the lint run."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def test_every_contract_is_kept():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in answer.stdout


def test_every_package_inside_the_apps_has_its_floor():
    """Exhaustive layers: a new package must be given a floor, or the contract breaks."""
    floors = [contract for contract in CONTRACTS if contract["type"] == "layers" and "containers" in contract]
    assert {name for contract in floors for name in contract["containers"]} == {"pmo", "projects", "portfolio"}
    assert all(contract["exhaustive"] for contract in floors)


def test_the_pure_packages_may_not_reach_a_framework():
    forbidden = [contract for contract in CONTRACTS if contract["type"] == "forbidden"]
    pure = next(contract for contract in forbidden if "*.analysis" in contract["source_modules"])
    assert {"*.analysis", "*.rules", "*.imports"} == set(pure["source_modules"])
    assert {"django", "rest_framework", "celery", "redis", "psycopg2"} <= set(pure["forbidden_modules"])
