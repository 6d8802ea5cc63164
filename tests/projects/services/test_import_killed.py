"""A worker killed in the middle of an import: nothing of it is there, or all of it; the retry brings exactly all."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROWS = int(os.environ.get("IMPORT_KILL_ROWS", "4000"))
KILLS = int(os.environ.get("IMPORT_KILLS", "4"))
ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import sys
from datetime import timedelta
import django
django.setup()
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone
from pmo.kit import queue
queue._waker.wake = lambda *args, **named: None
from projects.models import CostEntry, ImportBatch, ImportRow
from projects.services.import_run import import_run
from projects.services.imports import import_create

what = sys.argv[1]
if what == "set-up":
    call_command("migrate", verbosity=0)
    from tests.conftest import make_cast
    cast = make_cast("alder", "Alder")
    lines = ["Project,Date,Amount,Id"] + [f"ALDER-1,2026-03-01,{n}.25,{n}" for n in range(1, int(sys.argv[2]) + 1)]
    mapping = {"project": "Project", "incurred_on": "Date", "amount": "Amount", "external_id": "Id"}
    batch = import_create(
        actor=cast.actor("pmo_analyst"), file=ContentFile("\\n".join(lines).encode()), file_name="l.csv",
        target="cost-entries", mapping=mapping, mode="apply",
    )
    print(batch.pk)
elif what == "run":
    print("go", flush=True)
    print(f"ended as “{import_run(int(sys.argv[2]))}”")
elif what == "look":
    # what the sweep finds a minute after the worker fell silent
    ImportBatch.objects.filter(state="running").update(started_at=timezone.now() - timedelta(minutes=2))
    batch = ImportBatch.objects.get(pk=int(sys.argv[2]))
    print(batch.state, CostEntry.objects.count(), ImportRow.objects.count())
"""


@pytest.fixture
def program(tmp_path: Path) -> Iterator[list[str]]:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    yield [sys.executable, str(path)]


@pytest.mark.slow
def test_killed_at_random_points_leaves_nothing_or_everything(tmp_path: Path, program: list[str]) -> None:
    environment = os.environ | {
        "PMO_DATA": str(tmp_path / "data"),
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "pmo.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path}/killed.sqlite3",
    }

    def run(*args: str) -> str:
        done = subprocess.run([*program, *args], env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout.strip().splitlines()[-1]

    (tmp_path / "data").mkdir()
    batch = run("set-up", str(ROWS))
    chance = random.Random(7)
    longest = ROWS / 4000
    for _kill in range(KILLS):
        worker = subprocess.Popen(
            [*program, "run", batch], env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert worker.stdout is not None
        worker.stdout.readline()
        time.sleep(chance.uniform(0, longest))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        state, entries, rows = run("look", batch).split()
        assert int(entries) in (0, ROWS) and (state == "applied") == (int(entries) == ROWS), (state, entries, rows)
        if state == "applied":
            break
    if state != "applied":
        assert run("run", batch) == "ended as “applied”"
    assert run("look", batch).split() == ["applied", str(ROWS), str(ROWS)]
    assert run("run", batch) == "ended as “”", "finished: there is nothing to do"
