"""How long it takes to see what a new version of a standard changes for many projects, to move them, and to undo it.

    python3 benchmarks/move_standard.py [--projects 500] [--activities 12]

The standard has 5 phases, `--activities` in each and 6 gates. The database is the one of DATABASE_URL or a temporary
SQLite file; everything is rolled back at the end.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
if __name__ == "__main__":
    os.environ.setdefault("PMO_DATA", tempfile.mkdtemp(prefix="plumbline-bench-"))

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from pmo.analysis.standard_content import ActivityContent, GateContent, PhaseContent, StandardContent
from pmo.models import Membership, StandardVersion, User
from pmo.selectors.actors import actor_for
from pmo.services.organisations import organisation_create
from pmo.services.standard_writing import standard_put, version_fill, version_freeze
from portfolio.models import Portfolio
from projects.models import Project, ProjectActivity, ProjectGate, ProjectPhase, TailoringChange
from projects.selectors.tailoring import plans_for
from projects.services.checklists import checklists_lay
from projects.services.standard_moves import moves_run, standard_move, standard_move_undo, undo_run


def content(activities: int) -> StandardContent:
    phases = tuple(
        PhaseContent(
            f"phase-{p}", f"Phase {p}",
            activities=tuple(ActivityContent(f"act-{p}-{n}", f"Activity {p}.{n}") for n in range(activities)),
            gates=tuple(
                GateContent(f"gate-{p}-{n}", f"Gate {p}.{n}", approver_roles=("sponsor",))
                for n in range(2 if p == 0 else 1)
            ),
        )
        for p in range(5)
    )  # fmt: skip
    return StandardContent("bench", "Bench", phases=phases)


def changed(old: StandardContent) -> StandardContent:
    """In each phase one activity is new, one is gone, one has another name."""
    phases = tuple(
        replace(
            phase,
            activities=(
                replace(phase.activities[0], name=f"{phase.activities[0].name} renamed"),
                *phase.activities[1:-1],
                ActivityContent(f"new-{phase.key}", f"New in {phase.name}"),
            ),
        )
        for phase in old.phases
    )
    return replace(old, phases=phases)


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = act()
    return time.perf_counter() - start, found


def measure(projects: int, activities: int) -> dict[str, float]:
    """Seconds of each step. AssertionError where anything is lost or not as it was after the undo."""
    organisation = organisation_create(slug="bench-move", name="Bench", currency="EUR")
    user = User.objects.create(email="bench-move@example.org", name="Bench")
    Membership.objects.create(organisation=organisation, user=user, role="pmo_director")
    actor = actor_for(user, organisation)
    portfolio = Portfolio.objects.create(organisation=organisation, code="B", name="Bench", currency="EUR")
    first = content(activities)
    one = standard_put(organisation, first, publish=True)
    two = StandardVersion.objects.create(organisation=organisation, standard=one.standard, number=2)
    version_fill(two, changed(first))
    two = version_freeze(two, user)
    made = Project.objects.bulk_create(
        Project(organisation=organisation, code=f"P{n}", name=f"P{n}", portfolio=portfolio, currency="EUR",
                standard_version=one)
        for n in range(projects)
    )  # fmt: skip
    ProjectPhase.objects.bulk_create(
        ProjectPhase(organisation=organisation, project=project, phase=phase, order=phase.order, name=phase.name)
        for project in made
        for phase in one.phases.all()
    )
    ids = [project.pk for project in made]
    seconds = {"lay": timed(lambda: checklists_lay(organisation.pk, ids))[0]}
    ProjectActivity.objects.filter(project_id__in=ids, key="act-0-0").update(state="done", note="kept")
    before = picture(ids)
    seconds["preview"], plans = timed(lambda: [len(plan.told) for plan in plans_for(organisation.pk, ids, version=two)])
    assert len(plans) == projects and min(plans) == 15
    seconds["move"], batch = timed(lambda: moved(actor, two.pk, ids))
    assert set(Project.objects.filter(pk__in=ids).values_list("standard_version", flat=True)) == {two.pk}
    kept = ProjectActivity.objects.filter(project_id__in=ids, key="act-0-0", state="done", note="kept", applies=True)
    assert kept.count() == projects
    assert ProjectActivity.objects.filter(project_id__in=ids).count() == projects * 5 * (activities + 1)
    seconds["undo"] = timed(lambda: unmoved(actor, batch))[0]
    assert picture(ids) == before
    return seconds


def picture(ids: list[int]) -> list[tuple[Any, ...]]:
    fields = ("project_id", "key", "name", "order", "obligation", "applies", "due", "state")
    return [
        row
        for model, source in ((ProjectActivity, "activity_id"), (ProjectGate, "gate_id"))
        for row in model.objects.filter(project_id__in=ids, applies=True)
        .order_by("project_id", "key")
        .values_list(*fields, source)
    ]


def moved(actor: Any, version: int, ids: list[int]) -> str:
    """What the request and then the worker do, a hundred projects at a time."""
    batch = standard_move(actor=actor, version_id=version, project_ids=ids)
    for part in parts(batch, "proposed"):
        moves_run(actor.organisation.pk, part)
    return batch


def unmoved(actor: Any, batch: str) -> None:
    standard_move_undo(actor=actor, batch=batch)
    for part in parts(batch, "accepted"):
        undo_run(actor.organisation.pk, part)


def parts(batch: str, state: str) -> list[list[int]]:
    ids = list(TailoringChange.objects.filter(batch=batch, state=state).order_by("pk").values_list("pk", flat=True))
    return [ids[start : start + 100] for start in range(0, len(ids), 100)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--projects", type=int, default=500)
    parser.add_argument("--activities", type=int, default=12)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        seconds = measure(options.projects, options.activities)
        transaction.set_rollback(True)
    both = seconds["preview"] + seconds["move"]
    words = ", ".join(f"{name} {value:.2f} s" for name, value in seconds.items())
    print(f"{connection.vendor}: {options.projects} projects: {words}; preview and move {both:.2f} s (limit 10 s)")
    return 0 if both < 10 else 1


if __name__ == "__main__":
    sys.exit(main())
