"""How long from a posted cost to the changed figure, and what a stopped worker or broker does to it?

Run: `python benchmarks/latency.py [--posts 60]`; with `--redis` the queue is a Redis of its own, which is then also
killed and frozen. DATABASE_URL chooses the database (SQLite otherwise). One caller posts by API, waits for the answer,
and asks until the figure of the project and its row in the cockpit show it; then it posts again.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import signal
import statistics
import sys
import threading
import time
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.installation import Api, Installation, cost, installation, quantile, redis, running_project, wait_for

GOAL = 1.0
CATCH_UP = 5.0
BROKER_TIMES = 1.2
ROW = r'<tr role="row" id="row-{}".*?</tr>'


def row_of(pages: Api, project: str) -> str:
    """The project's row in the cockpit, as HTML."""
    found = re.search(ROW.format(project), pages.ask("GET", "/o/demo/rows/?page_size=100")[1], re.DOTALL)
    return found[0] if found else ""


def current(row: str, before: str) -> bool:
    """Whether the row shows new figures, and none that are being worked out."""
    return row != before and "Recalculating" not in row and "Failed" not in row


def one_post(api: Api, project: str, amount: str = "12345.67") -> float:
    """Seconds until the answer."""
    began = time.monotonic()
    key = secrets.token_hex(8)
    status, answer = api.ask("POST", "/api/v1/cost-entries/", cost(project, amount), Idempotency_Key=key)
    if status != 201:
        raise RuntimeError(f"the post was answered {status}: {answer}")
    return time.monotonic() - began


def to_the_figure(here: Installation, posts: int) -> tuple[list[float], list[float], list[float]]:
    """Seconds from sending to the answer, to the changed figure, to the changed row, for each post."""
    api, figures, pages = here.api(), here.api(), here.pages()
    project = running_project(api)["id"]
    address = f"/api/v1/projects/{project}/performance/"
    answered: list[float] = []
    figure: list[float] = []
    row: list[float] = []
    for _ in range(posts):
        ac_before, row_before = figures.ask("GET", address)[1]["ac"], row_of(pages, project)
        began = time.monotonic()
        answered.append(one_post(api, project))

        def changed() -> bool:
            return bool(figures.ask("GET", address)[1]["ac"] != ac_before)  # noqa: B023

        def shown() -> bool:
            return current(row_of(pages, project), row_before)  # noqa: B023

        def watch_row() -> None:
            wait_for(shown, 30, "the changed row")
            row.append(time.monotonic() - began)  # noqa: B023

        watcher = threading.Thread(target=watch_row)
        watcher.start()
        wait_for(changed, 30, "the changed figure")
        figure.append(time.monotonic() - began)
        watcher.join()
    return answered, figure, row


def without_worker(here: Installation, posts: int = 20) -> tuple[list[float], bool, float]:
    """With the worker stopped: (seconds of each post, whether the row says so, seconds from return to right)."""
    api, pages = here.api(), here.pages()
    project = running_project(api)["id"]
    address = f"/api/v1/projects/{project}/performance/"
    before, row_before = api.ask("GET", address)[1]["ac"], row_of(pages, project)
    here.kill("worker")
    spent = [one_post(api, project, "1000.00") for _ in range(posts)]
    says_so = "Recalculating" in row_of(pages, project)
    expected = f"{float(before) + 1000 * posts:.2f}"
    here.start("worker")
    mark = time.monotonic()
    here.worker_is_up()
    up = time.monotonic()
    wait_for(lambda: api.ask("GET", address)[1]["ac"] == expected, 60, "the right figure")
    wait_for(lambda: current(row_of(pages, project), row_before), 60, "the right row")
    print(f"  worker back after {up - mark:.1f} s of starting")
    return spent, says_so, time.monotonic() - up


def report(name: str, values: list[float], goal: float | None = None) -> bool:
    """Print one line; whether the goal for the 95th percentile is met."""
    p95 = quantile(values, 0.95)
    verdict = "" if goal is None else f"   goal {goal:.2f} s: {'met' if p95 <= goal else 'NOT met'}"
    middle = statistics.median(values)
    print(f"{name:<34} n {len(values):>4}   median {middle:6.3f} s   p95 {p95:6.3f} s{verdict}", flush=True)
    return goal is None or p95 <= goal


def main(arguments: list[str] | None = None) -> int:
    """0 when every goal is met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--posts", type=int, default=60)
    parser.add_argument("--redis", action="store_true", help="a Redis of its own as the queue, killed and frozen")
    options = parser.parse_args(arguments)
    good = True
    with (
        redis() if options.redis else nullcontext() as broker,
        installation(**({"CELERY_BROKER_URL": broker.url} if broker else {})) as here,
    ):
        here.start("web", "worker", "beat")
        here.worker_is_up()
        print(f"load average {os.getloadavg()[0]:.1f}, {'Redis' if broker else 'folder queue'}", flush=True)
        to_the_figure(here, 3)  # first pages compile their templates
        answered, figure, row = to_the_figure(here, options.posts)
        report("POST answered", answered)
        good &= report("POST to the changed figure", figure, GOAL)
        good &= report("POST to the changed row", row, GOAL)
        spent, says_so, catch_up = without_worker(here)
        report("POST, worker stopped", spent)
        print(f"row says it is recalculating: {says_so}; right {catch_up:.2f} s after the worker's first heartbeat")
        good &= says_so and catch_up <= CATCH_UP
        if broker:
            good &= without_broker(here, broker, options.posts)
    return 0 if good else 1


def without_broker(here: Installation, broker, posts: int) -> bool:  # type: ignore[no-untyped-def]
    """Posts with the broker there, killed, back, and frozen."""
    api = here.api()
    project = running_project(api)["id"]
    normal = [one_post(api, project, "1.00") for _ in range(posts)]
    report("POST, Redis there", normal)
    goal = BROKER_TIMES * quantile(normal, 0.95)
    broker.kill()
    good = report("POST, Redis killed", [one_post(api, project, "1.00") for _ in range(posts)], goal)
    broker.start()
    print(f"settled {here.settled(90):.1f} s after Redis is back")
    broker.process.send_signal(signal.SIGSTOP)
    good &= report("POST, Redis frozen", [one_post(api, project, "1.00") for _ in range(posts)], goal)
    broker.process.send_signal(signal.SIGCONT)
    print(f"settled {here.settled(90):.1f} s after Redis goes on")
    return good


if __name__ == "__main__":
    raise SystemExit(main())
