"""Fifty people approve one budget in the same instant: exactly one of them does.

Run: `python benchmarks/approvals.py [--people 50]`, with DATABASE_URL or PMO_DATA naming a database that holds the demo
organisation. Each approver is a thread with a connection of its own, calling the service; all wait for one another
first. Also in one instant: as many proposals of budgets for one project, which must get different numbers, as many
posts that name the same new vendor, which must name it once, and as many posts of one external id.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.db import connection

from pmo.kit.errors import ApplicationError
from pmo.models import Membership, Organisation, User
from pmo.selectors.actors import Actor, actor_for
from projects.models import Budget, CostEntry, Project, Vendor
from projects.services.budgets import LineDraft, budget_approve, budget_propose, budget_submit
from projects.services.costs import Posting, cost_entry_post
from projects.services.projects import ProjectDraft, project_create


def directors(organisation: Organisation, count: int) -> list[Actor]:
    """`count` PMO directors, made where they are missing."""
    found = []
    for number in range(count):
        email = f"approver{number}@demo.example"
        user, _ = User.objects.get_or_create(email=email, defaults={"name": f"Approver {number}"})
        Membership.objects.get_or_create(organisation=organisation, user=user, role="pmo_director")
        found.append(actor_for(user, organisation))
    return found


def together(actors: list[Actor], act: Callable[[Actor], object]) -> Counter[str]:
    """Let every actor act in one instant; how often each outcome was seen ("done", a refusal's code,
    an error's name)."""
    start = threading.Barrier(len(actors))
    seen: Counter[str] = Counter()
    lock = threading.Lock()

    def run(actor: Actor) -> None:
        connection.ensure_connection()
        start.wait()
        try:
            act(actor)
            outcome = "done"
        except ApplicationError as refusal:
            outcome = refusal.code
        except Exception as error:
            outcome = f"{type(error).__name__}: {error}"[:120]
        finally:
            connection.close()
        with lock:
            seen[outcome] += 1

    threads = [threading.Thread(target=run, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=50)
    options = parser.parse_args()
    organisation = Organisation.objects.get(slug="demo")
    proposer = actor_for(User.objects.get(email="director@demo.example"), organisation)
    older = Project.objects.filter(organisation=organisation, status="active").order_by("pk")[0]
    project = project_create(  # a new one: where a baseline stands, only a change request approves a budget
        actor=proposer,
        draft=ProjectDraft(f"RACE-{time.time_ns()}", "Approved in one instant", older.portfolio_id, older.currency),
    )
    actors = directors(organisation, options.people)
    line = [LineDraft(Decimal("1000.00"))]
    draft = budget_propose(actor=proposer, project_id=project.pk, lines=line)
    budget = budget_submit(actor=proposer, budget_id=draft.pk, version=draft.version)

    began = time.monotonic()
    approved = together(actors, lambda a: budget_approve(actor=a, budget_id=budget.pk, version=budget.version))
    print(f"approvals in {time.monotonic() - began:.2f} s: {dict(approved)}")
    proposed = together(actors, lambda a: budget_propose(actor=a, project_id=project.pk, lines=line))
    print(f"proposals: {dict(proposed)}")
    name = f"New vendor {time.time_ns()}"
    posting = Posting(project.pk, Decimal("1.00"), date(2026, 1, 1), vendor_name=name)
    posted = together(actors, lambda a: cost_entry_post(actor=a, posting=posting))
    print(f"posts: {dict(posted)}")
    same = Posting(project.pk, Decimal("1.00"), date(2026, 1, 1), source="race", external_id=name)
    repeated = together(actors, lambda a: cost_entry_post(actor=a, posting=same))
    print(f"posts of one external id: {dict(repeated)}")

    numbers = list(Budget.objects.filter(project=project).values_list("number", flat=True))
    good = (
        approved["done"] == 1
        and proposed["done"] == posted["done"] == repeated["done"] == options.people
        and len(numbers) == len(set(numbers))
        and Vendor.objects.filter(organisation=organisation, name=name).count() == 1
        and CostEntry.objects.filter(organisation=organisation, external_id=name).count() == 1
    )
    print("exactly one approval, no number twice, one vendor, one entry" if good else "WRONG")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
