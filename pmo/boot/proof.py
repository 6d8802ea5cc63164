"""`up --check`: prove from the outside that a started installation serves its pages and works off its queue."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from pmo.boot import ports
from pmo.boot.steps import Steps
from pmo.boot.supervisor import Supervisor

QUEUE_SECONDS = 60.0
SIGN_IN_PAGE = "/accounts/login/"


def prove(supervisor: Supervisor, host: str, port: int, account: tuple[str, str] | None, steps: Steps) -> int:
    """0 when the sign-in page is served, `account` (e-mail, password) can sign in, and the queue works; else 1."""
    status, body = ports.fetch(host, port, SIGN_IN_PAGE, timeout=20)
    if status != 200 or b"<form" not in body:
        steps.say(f"FAILED: the sign-in page {SIGN_IN_PAGE} answers {status}")
        return 1
    steps.say("The sign-in page is served")
    if account:
        status, path = sign_in(host, port, *account)
        if status != 200 or path == SIGN_IN_PAGE:
            steps.say(f"FAILED: after signing in, {path} answers {status}")
            return 1
        steps.say(f"Signing in leads to {path}")
    steps.say("Waiting for a task to go through the queue")
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


def sign_in(host: str, port: int, email: str, password: str) -> tuple[int, str]:
    """Sign in as a browser does and follow where that leads: (status, path of the last page)."""
    address = ports.url(host, port, SIGN_IN_PAGE)
    browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor())
    try:
        form = browser.open(address, timeout=20).read().decode("utf-8", "replace")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        fields = {"csrfmiddlewaretoken": token.group(1) if token else "", "login": email, "password": password}
        request = urllib.request.Request(address, urllib.parse.urlencode(fields).encode(), {"Referer": address})
        with browser.open(request, timeout=20) as page:
            return page.status, urllib.parse.urlsplit(page.url).path
    except urllib.error.HTTPError as error:
        return error.code, urllib.parse.urlsplit(error.url or address).path
    except OSError:
        return 0, SIGN_IN_PAGE


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
