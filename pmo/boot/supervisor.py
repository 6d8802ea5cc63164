"""Keep a handful of services running under one process: start, restart with back-off, stop together.

The loop runs in the main thread because the services are tethered to the thread that starts them (see tether.py).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pmo.boot import logs

TETHER = Path(__file__).with_name("tether.py")
LONGEST_PAUSE = 30.0  # seconds between two starts of a service that keeps ending
SETTLED_AFTER = 60.0  # a service that ran this long starts again with a short pause
STOP_SECONDS = 10.0  # Celery notices a stop only after its current poll; then it is killed


@dataclass(frozen=True)
class Service:
    """A command to keep running. `name` is also the name of its log file."""

    name: str
    command: Sequence[str]


class Child:
    """One service and its present process, if any."""

    def __init__(
        self, service: Service, environment: Mapping[str, str], log: logs.LogFile, say: Callable[[str], None]
    ) -> None:
        self.service = service
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self.next_start: float | None = None
        self._environment = environment
        self._say = say
        self._started_at = 0.0
        self._failures = 0

    def start(self, now: float) -> None:
        """Start the process, tethered to this one; in its own session, so that Ctrl-C reaches only the supervisor."""
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), *self.service.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(self._environment),
            start_new_session=True,
        )
        assert self.process.stdout is not None
        logs.follow(self.service.name, self.process.stdout, self.log, self._say)
        self.starts += 1
        self.next_start = None
        self._started_at = now

    def check(self, now: float) -> None:
        """Notice that the process ended and plan its next start, or start it when that time has come."""
        if self.process is not None and self.process.poll() is not None:
            self._failures = 0 if now - self._started_at >= SETTLED_AFTER else self._failures + 1
            pause = pause_before(self._failures)
            self._say(
                f"  {self.service.name} ended ({_ending(self.process.returncode)}); starting it again in {pause:.0f} s"
            )
            self.kill()  # what a killed web server leaves behind still holds the port
            self.process = None
            self.next_start = now + pause
        elif self.process is None and self.next_start is not None and now >= self.next_start:
            self.start(now)

    def terminate(self) -> None:
        """Ask the process to end. Only itself: it ends its own helpers in an orderly way."""
        if self.running() and self.process is not None:
            self.process.terminate()

    def kill(self) -> None:
        """End the process and everything it started, at once."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):  # nothing is left of it; macOS says so in the second way
                return

    def running(self) -> bool:
        """Whether the process is alive."""
        return self.process is not None and self.process.poll() is None


def pause_before(failures: int) -> float:
    """Seconds to wait before the next start after `failures` quick endings in a row: 1, 2, 4 ... 30."""
    return min(LONGEST_PAUSE, float(2 ** max(0, min(failures, 10) - 1)))


def _ending(returncode: int) -> str:
    if returncode >= 0:
        return f"exit code {returncode}"
    try:
        return f"killed by {signal.Signals(-returncode).name}"
    except ValueError:
        return f"killed by signal {-returncode}"


class Supervisor:
    """Starts services in the order they are added and keeps them running until it is told to stop."""

    def __init__(self, folder: Path, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
        """`folder` takes one log file per service; `say` shows a line to the person at the terminal."""
        self.children: list[Child] = []
        self.stopping = False
        self._folder = folder
        self._environment = environment
        self._say = say

    def add(self, service: Service) -> Child:
        """Start one more service."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        log = logs.LogFile(self._folder / f"{service.name}.log")
        child = Child(service, self._environment, log, self._say)
        self.children.append(child)
        child.start(time.monotonic())
        return child

    def tick(self, seconds: float = 0.1) -> None:
        """Wait a moment, then look after every service once."""
        time.sleep(seconds)
        if self.stopping:
            return
        now = time.monotonic()
        for child in self.children:
            child.check(now)

    def watch(self) -> None:
        """Look after the services until a stop is asked for."""
        while not self.stopping:
            self.tick()

    def ask_to_stop(self, *_: object) -> None:
        """Signal handler: the first call asks for an orderly stop, a second one kills at once."""
        if self.stopping:
            for child in self.children:
                child.kill()
        self.stopping = True

    def stop(self, seconds: float = STOP_SECONDS) -> list[str]:
        """End every service, by SIGKILL those that take longer than `seconds`. Returns the names of the killed ones."""
        self.stopping = True
        for child in self.children:
            child.terminate()
        deadline = time.monotonic() + seconds
        while any(child.running() for child in self.children) and time.monotonic() < deadline:
            time.sleep(0.05)
        killed = [child.service.name for child in self.children if child.running()]
        for child in self.children:
            child.kill()
        for child in self.children:
            if child.process is not None:
                child.process.wait()
        return killed
