"""`up --check`: prove from the outside that a started installation serves its pages and works off its queue."""

from __future__ import annotations

import json
import time
from typing import Any

from pmo.boot import ports
from pmo.boot.steps import Steps
from pmo.boot.supervisor import Supervisor

QUEUE_SECONDS = 60.0
SIGN_IN_PAGE = "/accounts/login/"


def prove(supervisor: Supervisor, host: str, port: int, steps: Steps) -> int:
    """0 when the sign-in page is served and the queue works, else 1; says which."""
    status, body = ports.fetch(host, port, SIGN_IN_PAGE, timeout=20)
    if status != 200 or b"<form" not in body:
        steps.say(f"FAILED: the sign-in page {SIGN_IN_PAGE} answers {status}")
        return 1
    steps.say("The sign-in page is served; waiting for a task to go through the queue")
    began = time.monotonic()
    status = 0
    report: dict[str, Any] = {}
    while time.monotonic() - began < QUEUE_SECONDS and not supervisor.stopping:
        status, report = _readiness(host, port)
        if status == 200 and beat_since(report, time.monotonic() - began):
            steps.say("A task went through the queue to the worker and into the database")
            return 0
        supervisor.tick(0.5)
    steps.say(f"FAILED: /readyz answers {status} {json.dumps(report)} after {QUEUE_SECONDS:.0f} s")
    return 1


def _readiness(host: str, port: int) -> tuple[int, dict[str, Any]]:
    status, body = ports.fetch(host, port, "/readyz")
    try:
        report = json.loads(body)
    except ValueError:
        return status, {}
    return status, report if isinstance(report, dict) else {}


def beat_since(report: dict[str, Any], seconds: float) -> bool:
    """Whether the worker's heartbeat, a task that comes through the queue, was stored within the last `seconds`.

    An older one was stored by an earlier run and proves nothing.
    """
    age = report.get("worker_seen_seconds_ago")
    return isinstance(age, (int, float)) and age < seconds
