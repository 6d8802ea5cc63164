"""The first command itself, once, from an empty data folder to a proven start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / ".venv").is_dir(), reason="the environment is not installed: `manage.py up` makes it")
def test_up_starts_everything_proves_it_and_leaves_nothing_running(tmp_path: Path) -> None:
    data = tmp_path / "data"
    variables = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CELERY_BROKER_URL")}
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "up", "--check", "--port", "0"],
        env={**variables, "PMO_DATA": str(data)},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The sign-in page is served" in done.stdout
    assert "Signing in leads to /o/demo/" in done.stdout
    assert "A task went through the queue" in done.stdout
    assert "had to be killed" not in done.stdout
    left = [
        path.parent.name for path in Path("/proc").glob("[0-9]*/environ") if _holds(path, f"PMO_DATA={data}".encode())
    ]
    assert left == []


def _holds(path: Path, text: bytes) -> bool:
    try:
        return text in path.read_bytes()
    except OSError:
        return False
