"""Services are kept running, slowly when they keep failing, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pmo.boot import supervisor
from pmo.boot.supervisor import Service, Supervisor, pause_before

ROOT = Path(__file__).resolve().parents[2]
SLEEPER = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
DEAF = [
    sys.executable,
    "-S",
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('up'); time.sleep(600)",
]


@pytest.fixture
def house(tmp_path):
    said = []
    house = Supervisor(tmp_path, os.environ, said.append)
    house.said = said
    yield house
    house.stop(seconds=0)


def until(condition, house=None, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        if house is None:
            time.sleep(0.02)
        else:
            house.tick(0.02)


def test_pauses_double_up_to_half_a_minute():
    assert [pause_before(failures) for failures in range(8)] == [1, 1, 2, 4, 8, 16, 30, 30]
    assert pause_before(10_000) == 30


def test_a_killed_service_is_started_again_and_the_reason_is_said(house):
    child = house.add(Service("dummy", SLEEPER))
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    until(lambda: child.running() and child.process.pid != first, house)
    assert child.starts == 2
    assert house.said == ["  dummy ended (killed by SIGKILL); starting it again in 1 s"]


def test_a_service_that_keeps_failing_is_started_ever_more_slowly(house, monkeypatch):
    monkeypatch.setattr(supervisor, "pause_before", lambda failures: failures / 100)
    child = house.add(Service("dummy", [sys.executable, "-S", "-c", "raise SystemExit(3)"]))
    until(lambda: child.starts == 4, house)
    assert child._failures == 3
    assert all("exit code 3" in line for line in house.said)


def test_a_long_run_forgives_earlier_failures(house, monkeypatch):
    child = house.add(Service("dummy", SLEEPER))
    child._failures = 5
    monkeypatch.setattr(supervisor, "SETTLED_AFTER", 0.0)
    os.kill(child.process.pid, signal.SIGKILL)
    until(lambda: child.process is None, house)
    assert child._failures == 0


def test_stopping_ends_every_service_and_kills_the_one_that_will_not(house):
    gentle, deaf = house.add(Service("gentle", SLEEPER)), house.add(Service("deaf", DEAF))
    until(lambda: deaf.log.tail(1) == ["up"])
    started = time.monotonic()
    assert house.stop(seconds=0.5) == ["deaf"]
    assert time.monotonic() - started < 3
    assert not gentle.running()
    assert not deaf.running()


def test_a_second_request_to_stop_kills_at_once(house):
    deaf = house.add(Service("deaf", DEAF))
    until(lambda: deaf.log.tail(1) == ["up"])
    house.ask_to_stop()
    assert deaf.running()
    house.ask_to_stop()
    until(lambda: not deaf.running())


def test_nothing_is_restarted_once_a_stop_was_asked_for(house):
    child = house.add(Service("dummy", SLEEPER))
    house.ask_to_stop()
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.wait()
    house.tick(0.01)
    assert child.starts == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can tie a process to its parent")
def test_a_supervisor_killed_outright_leaves_no_process_behind(tmp_path):
    script = (
        "import os, sys; from pathlib import Path; from pmo.boot.supervisor import Service, Supervisor\n"
        "house = Supervisor(Path(sys.argv[1]), os.environ, print)\n"
        "code = \"print('up'); import time; time.sleep(600)\"\n"
        "child = house.add(Service('dummy', [sys.executable, '-S', '-c', code]))\n"
        "while child.log.tail(1) != ['up']: house.tick(0.02)\n"
        "print(child.process.pid, flush=True); house.watch()"
    )
    variables = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True) as process:
        grandchild = int(process.stdout.readline())
        assert _alive(grandchild)
        process.kill()
    until(lambda: not _alive(grandchild))


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
