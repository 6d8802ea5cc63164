"""Is anything lost or doubled when processes are killed while costs are posted?

Run: `python benchmarks/faults.py [--posts 1000] [--writers 8]`; `--redis` makes the queue a Redis of its own, which is
then killed too; DATABASE_URL chooses the database. The supervisor of `up` runs the three processes and brings back what
ends. Writers post as a sane client does: an Idempotency-Key and an external_id with each post, repeated until it is
answered. Meanwhile worker, clock and web server are killed -9 in turn. At the end the ledger must hold exactly what
was acknowledged, and everything derived must equal a full recompute.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import os
import sys
import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.installation import Api, Installation, cost, installation, quantile, redis, running_project

PATIENCE = 150.0  # seconds a client repeats one post


@dataclass
class Outcome:
    """What the writers saw."""

    acknowledged: dict[str, tuple[str, Decimal]] = field(default_factory=dict)  # external id -> (entry id, amount)
    repeats: int = 0
    refused: list[str] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def post_until_answered(api: Api, project: str, number: int, outcome: Outcome) -> None:
    """One post, repeated with the same key and body while the server is away, busy or dies over it."""
    name = f"fault-{number:05}"
    amount = Decimal(number % 997 + 1) + Decimal(number % 100) / 100
    body = cost(project, f"{amount:.2f}", source="faults", external_id=name)
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        try:
            status, answer = api.ask("POST", "/api/v1/cost-entries/", body, Idempotency_Key=name)
        except (OSError, http.client.HTTPException, ValueError):
            status, answer = 0, None
        if status == 201:
            with outcome.lock:
                outcome.acknowledged[name] = (answer["id"], amount)
                outcome.spent.append(time.monotonic() - began)
            return
        if status not in (0, 409, 429, 502, 503):
            break
        with outcome.lock:
            outcome.repeats += 1
        time.sleep(0.2)
    with outcome.lock:
        outcome.refused.append(f"{name}: {status} {str(answer)[:200]}")


def write(here: Installation, project: str, posts: int, writers: int, outcome: Outcome) -> list[threading.Thread]:
    """Start the writers; together they post `posts` entries."""
    numbers = itertools.count()

    def run() -> None:
        api = here.api()
        while (number := next(numbers)) < posts:
            post_until_answered(api, project, number, outcome)

    threads = [threading.Thread(target=run, daemon=True) for _ in range(writers)]
    for thread in threads:
        thread.start()
    return threads


def kill_in_turn(
    here: Installation, threads: list[threading.Thread], pause: float, broker: Any, most: int
) -> list[str]:
    """Kill worker, clock, web (and Redis) in turn, a `pause` apart, while the writers are at it."""
    names = ["worker", "beat", "web", *(["redis"] if broker else [])]
    killed: list[str] = []
    next_kill = time.monotonic() + pause
    for name in itertools.cycle(names):
        while time.monotonic() < next_kill and any(thread.is_alive() for thread in threads):
            here.supervisor.tick(0.1)
        if not any(thread.is_alive() for thread in threads) or len(killed) >= most:
            break
        if name == "redis":
            broker.kill()
            broker.start()
        elif (process := here.children[name].process) is not None:
            process.kill()
        killed.append(name)
        next_kill = time.monotonic() + pause
    while any(thread.is_alive() for thread in threads):
        here.supervisor.tick(0.1)
    return killed


def ledger(api: Api, project: str) -> list[dict[str, Any]]:
    """Every entry of the project that this run posted, page by page."""
    found: list[dict[str, Any]] = []
    for page in itertools.count(1):
        query = f"?project={project}&source=faults&page_size=200&page={page}"
        status, answer = api.ask("GET", f"/api/v1/cost-entries/{query}")
        if status != 200:
            raise RuntimeError(f"the ledger answers {status}: {answer}")
        found += answer["results"]
        if answer["next"] is None:
            return found
    raise AssertionError


def faults(
    here: Installation, *, posts: int, writers: int, pause: float, broker: Any = None, most: int = 99
) -> list[str]:
    """Run it; one sentence for everything that is wrong, none where all is right."""
    here.start("web", "worker", "beat")
    here.worker_is_up()
    api = here.api()
    project = running_project(api)["id"]
    address = f"/api/v1/projects/{project}/performance/"
    before = Decimal(api.ask("GET", address)[1]["ac"])
    outcome = Outcome()
    began = time.monotonic()
    killed = kill_in_turn(here, write(here, project, posts, writers, outcome), pause, broker, most)
    took = time.monotonic() - began
    settled = here.settled(150)
    api.close()
    entries = ledger(api, project)
    print(
        f"{posts} posts by {writers} writers in {took:.1f} s, {outcome.repeats} repeated; "
        f"killed: {', '.join(killed) or 'nothing'}; settled {settled:.1f} s after the last answer",
        flush=True,
    )
    if outcome.spent:
        print(f"a post with its repeats: p50 {quantile(outcome.spent, 0.5):.2f} s, slowest {max(outcome.spent):.1f} s")
    return wrong(outcome, entries, before, api.ask("GET", address)[1], posts) + rebuilt(here)


def wrong(
    outcome: Outcome, entries: list[dict[str, Any]], before: Decimal, shown: dict[str, Any], posts: int
) -> list[str]:
    """What was lost or doubled."""
    said = [f"given up: {line}" for line in outcome.refused]
    kept = {entry["external_id"]: entry for entry in entries}
    if len(entries) != len(kept):
        said.append(f"{len(entries) - len(kept)} entries are there twice")
    if lost := outcome.acknowledged.keys() - kept.keys():
        said.append(f"{len(lost)} acknowledged entries are lost: {sorted(lost)[:5]}")
    if extra := kept.keys() - outcome.acknowledged.keys():
        said.append(f"{len(extra)} entries nobody was told of: {sorted(extra)[:5]}")
    for name, (number, amount) in outcome.acknowledged.items():
        if name in kept and (kept[name]["id"] != number or Decimal(kept[name]["amount"]) != amount):
            said.append(f"{name} was acknowledged as {number} over {amount}, kept as {kept[name]}")
    if len(outcome.acknowledged) != posts:
        said.append(f"{len(outcome.acknowledged)} of {posts} posts were acknowledged")
    total = before + sum((amount for _, amount in outcome.acknowledged.values()), Decimal(0))
    if Decimal(shown["ac"]) != total or shown["pending"]:
        said.append(f"the actual cost shown is {shown['ac']} (pending: {shown['pending']}), the posts make {total}")
    return said


def rebuilt(here: Installation) -> list[str]:
    """What `manage.py rebuild --check` finds."""
    return [
        line
        for line in here.manage("rebuild", "--check", check=False).splitlines()
        if line and "equals a full recompute" not in line
    ]


def main(arguments: list[str] | None = None) -> int:
    """0 when nothing is wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--posts", type=int, default=1_000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--pause", type=float, default=5.0, help="seconds between two kills")
    parser.add_argument("--redis", action="store_true")
    options = parser.parse_args(arguments)
    print(f"load average {os.getloadavg()[0]:.1f}", flush=True)
    with (
        redis() if options.redis else nullcontext() as broker,
        installation(**({"CELERY_BROKER_URL": broker.url} if broker else {})) as here,
    ):
        found = faults(here, posts=options.posts, writers=options.writers, pause=options.pause, broker=broker)
    print("\n".join(found) or "nothing lost, nothing doubled, everything derived equals a full recompute")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
