"""What does the matrix of compliance cost, over many projects with many requirements each?

    python benchmarks/compliance.py [--projects 1000] [--requirements 60] [--rounds 5]

DATABASE_URL and PMO_DATA choose the database (a fresh temporary SQLite file otherwise). Measured in one process, the
best of `--rounds`: judging every project anew from its rows; one page of the matrix, with its statements; the whole
matrix as CSV and as XLSX. Exit 1 where a page takes more than ten statements.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
os.environ.setdefault("PMO_DATA", tempfile.mkdtemp(prefix="plumbline-bench-"))
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings

from pmo.models import Activity, Membership, Organisation, Phase, Standard, StandardVersion, User
from pmo.services.organisations import organisation_create
from portfolio.models import Portfolio, ProjectCompliance
from portfolio.services.compliance import compliance_rebuild
from portfolio.services.compliance_days import compliance_day_record
from projects.models import Project, ProjectActivity, ProjectPhase

AS_OF = date(2026, 11, 30)
MOST_STATEMENTS = 10
PHASES = 5


def filled(projects: int, requirements: int) -> Organisation:
    """An organisation whose projects all follow one standard with that many activities in five phases."""
    found = Organisation.objects.filter(slug="bench").first()
    if found is not None:
        return found
    office = organisation_create(slug="bench", name="Bench", currency="GBP")
    office.status_date = AS_OF
    office.save()
    version, asked = _standard(office, requirements)
    portfolio = Portfolio.objects.create(organisation=office, code="P", name="P", currency="GBP")
    own = {"organisation": office}
    made = Project.objects.bulk_create(
        Project(
            **own, code=f"P-{n:05}", name=f"Project {n}", portfolio=portfolio, currency="GBP", standard_version=version
        )
        for n in range(projects)
    )
    keys = list(dict.fromkeys(activity.phase for activity in asked))
    phases = ProjectPhase.objects.bulk_create(
        ProjectPhase(**own, project=project, order=phase.order, name=phase.name, phase=phase)
        for project in made
        for phase in keys
    )
    by_project = {(phase.project_id, phase.phase_id): phase for phase in phases}
    ProjectActivity.objects.bulk_create(
        (
            _activity(own, by_project[project.pk, activity.phase_id], activity, number)
            for project in made
            for number, activity in enumerate(asked)
        ),
        batch_size=2_000,
    )
    user = User.objects.create(email="bench@bench.example", name="Bench")
    Membership.objects.create(organisation=office, user=user, role="pmo_director")
    return office


def _standard(office: Organisation, requirements: int) -> tuple[StandardVersion, list[Activity]]:
    """A draft while it is filled: a published version takes no more rows."""
    standard = Standard.objects.create(organisation=office, slug="bench", name="Bench")
    version = StandardVersion.objects.create(organisation=office, standard=standard, number=1)
    phases = [
        Phase.objects.create(organisation=office, version=version, order=n, key=f"phase-{n}", name=f"Phase {n}")
        for n in range(1, PHASES + 1)
    ]
    asked = [
        Activity.objects.create(
            organisation=office, phase=phases[n * PHASES // requirements], order=n, key=f"act-{n}", name=f"Activity {n}"
        )
        for n in range(requirements)
    ]
    version.published_at = "2026-01-01T00:00:00Z"
    version.save()
    return version, asked


def _activity(own: dict[str, Any], phase: ProjectPhase, activity: Activity, number: int) -> ProjectActivity:
    due = date(2026, 1, 10) + timedelta(days=7 * number)
    done = (phase.project_id + number) % 9
    ended = {"state": "done", "done_on": due + timedelta(days=done - 6)} if due < AS_OF and done else {}
    return ProjectActivity(
        **own, project_id=phase.project_id, project_phase=phase, activity=activity, order=number, key=activity.key,
        name=activity.name, due=due, **ended,
    )  # fmt: skip


def best(rounds: int, work: Callable[[], Any]) -> float:
    """The shortest of `rounds` runs, in seconds."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took)


def main(given: list[str] | None = None) -> dict[str, float]:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("projects", 1000), ("requirements", 60), ("rounds", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args(given)
    call_command("migrate", verbosity=0)
    office = filled(options.projects, options.requirements)
    with transaction.atomic():
        began = time.perf_counter()
        compliance_rebuild(office.pk)
        judged = time.perf_counter() - began
        compliance_day_record(office)
    client = Client()
    client.force_login(User.objects.get(email="bench@bench.example"))

    def page(query: str = "") -> Any:
        answer = client.get(f"/o/bench/compliance/{query}")
        assert answer.status_code == 200, answer.status_code
        return b"".join(answer) if answer.streaming else answer.content

    with override_settings(ALLOWED_HOSTS=["*"]):
        page()
        statements: list[str] = []

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            statements.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            size = len(page())
        found = {
            "judged": judged,
            "page": best(options.rounds, page),
            "last": best(options.rounds, lambda: page(f"?page={-(-options.projects // 50)}")),
            "csv": best(1, lambda: page("?format=csv")),
            "xlsx": best(1, lambda: page("?format=xlsx")),
            "statements": float(len(statements)),
        }
    cells = sum(len(cells) for cells in ProjectCompliance.objects.values_list("cells", flat=True))
    print(f"{options.projects:,} projects x {options.requirements} requirements, {cells:,} cells, {connection.vendor}")
    print(f"judge all anew   {found['judged']:8.2f} s")
    print(f"page of 50       {found['page'] * 1000:8.0f} ms, {len(statements)} statements, {size / 1024:,.0f} KiB")
    print(f"last page        {found['last'] * 1000:8.0f} ms")
    print(f"all as CSV       {found['csv']:8.2f} s")
    print(f"all as XLSX      {found['xlsx']:8.2f} s")
    return found


if __name__ == "__main__":
    sys.exit(1 if main()["statements"] > MOST_STATEMENTS else 0)
