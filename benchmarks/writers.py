"""What happens when many people post to one project at once?

Run: `python benchmarks/writers.py [--writers 200] [--posts 2000]`; DATABASE_URL and CELERY_BROKER_URL choose database
and queue. Web, worker and clock run as `up` starts them; each writer has a connection of its own and sends the next
post when the last one is answered. First 20 writers, then all; then fifty approvals of one budget (approvals.py).
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import os
import secrets
import sys
import threading
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.faults import rebuilt
from benchmarks.installation import Installation, cost, installation, quantile, running_project

FEW, FEW_GOAL = 20, 0.4
GOALS = {"sqlite": 3.0, "postgres": 2.0}


def post_together(
    here: Installation, project: str, writers: int, posts: int
) -> tuple[list[float], Counter[str], float]:
    """(seconds of each post, what went wrong, posts per second)."""
    numbers = itertools.count()
    spent: list[float] = []
    run_name = secrets.token_hex(4)
    errors: Counter[str] = Counter()
    lock = threading.Lock()
    start = threading.Barrier(writers + 1)

    def run() -> None:
        api = here.api()
        start.wait()
        while (number := next(numbers)) < posts:
            key = f"{run_name}-{number}"
            began = time.monotonic()
            try:
                status, answer = api.ask("POST", "/api/v1/cost-entries/", cost(project, "1.00"), Idempotency_Key=key)
                wrong = "" if status == 201 else f"{status} {str(answer)[:100]}"
            except (OSError, http.client.HTTPException) as error:
                wrong = repr(error)
            with lock:
                spent.append(time.monotonic() - began)
                if wrong:
                    errors[wrong] += 1

    threads = [threading.Thread(target=run, daemon=True) for _ in range(writers)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.monotonic()
    for thread in threads:
        thread.join()
    return spent, errors, posts / (time.monotonic() - began)


def crowd(here: Installation, writers: int, posts: int) -> tuple[float, Counter[str], list[str]]:
    """Post and settle: (p95 in seconds, errors, what is wrong with the sums)."""
    api = here.api()
    project = running_project(api)["id"]
    address = f"/api/v1/projects/{project}/performance/"
    before = Decimal(api.ask("GET", address)[1]["ac"])
    spent, errors, rate = post_together(here, project, writers, posts)
    settled = here.settled()
    after = Decimal(api.ask("GET", address)[1]["ac"])
    wrong = [] if after - before == posts else [f"{posts} posts of 1.00 made {after - before}"]
    p95 = quantile(spent, 0.95)
    print(
        f"{writers:>4} writers, {posts} posts: {sum(errors.values())} errors, {rate:.0f} posts/s, "
        f"p50 {quantile(spent, 0.5):.3f} s, p95 {p95:.3f} s, slowest {max(spent):.2f} s; settled {settled:.1f} s later",
        flush=True,
    )
    return p95, errors, wrong


def main(arguments: list[str] | None = None) -> int:
    """0 when every goal is met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--writers", type=int, default=200)
    parser.add_argument("--posts", type=int, default=2_000)
    options = parser.parse_args(arguments)
    print(f"load average {os.getloadavg()[0]:.1f}", flush=True)
    with installation() as here:
        goal = GOALS["postgres" if here.database else "sqlite"]
        here.start("web", "worker", "beat")
        here.worker_is_up()
        few, few_errors, wrong = crowd(here, FEW, min(400, options.posts))
        many, many_errors, more = crowd(here, options.writers, options.posts)
        wrong += more + [f"{count} x {text}" for text, count in (few_errors + many_errors).items()]
        print(here.run("approvals.py").strip(), flush=True)
        here.settled()
        wrong += rebuilt(here)
    if few > FEW_GOAL:
        wrong.append(f"p95 of {FEW} writers {few:.3f} s is above {FEW_GOAL} s")
    if many > goal:
        wrong.append(f"p95 of {options.writers} writers {many:.3f} s is above {goal} s")
    print("\n".join(wrong) or "no error, every goal met, everything derived equals a full recompute")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
