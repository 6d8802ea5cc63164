"""What does the cockpit of a large portfolio cost, beside a bare view of the same size?

Run: `python benchmarks/cockpit.py [--projects 10000] [--rounds 15]`; DATABASE_URL and PMO_DATA choose the database (a
fresh temporary SQLite file otherwise). Both pages go through the same middleware, session and database in this one
process. The bare view reads one aggregate over all performance rows of the organisation and one page of fifty, and
writes them as a plain table. Reported: CPU seconds per request, statements, and the ratio. CPU is that of this process
(median) and, on PostgreSQL, of the database's process beside it (mean of the same requests, for the system tells it in
hundredths of a second): SQLite does within this process what PostgreSQL does in its own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
os.environ.setdefault("PMO_DATA", tempfile.mkdtemp(prefix="plumbline-bench-"))
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.db.models import Avg, Count, Sum
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from rebuild import backend_seconds

from pmo.models import Organisation, User
from projects.models import ProjectPerformance

MOST_STATEMENTS = 12
MOST_TIMES = 3.0


def bare(request: HttpRequest) -> HttpResponse:
    """The floor: somebody signed in, one aggregate, one page, no design."""
    organisation = Organisation.objects.get(slug="demo", pk__in=request.user.memberships.values("organisation_id"))  # type: ignore[union-attr]
    mine = ProjectPerformance.objects.filter(organisation=organisation)
    total = mine.aggregate(n=Count("id"), bac=Sum("bac"), ac=Sum("ac"), eac=Sum("eac"), ev=Sum("ev"), cpi=Avg("cpi"))
    rows = mine.order_by("vac_percent", "pk").values_list(
        "project__code", "project__name", "project__project_manager__name", "bac", "ac", "eac", "cv", "cpi", "spi"
    )[:50]
    lines = "".join("<tr>" + "".join(f"<td>{value}</td>" for value in row) + "</tr>" for row in rows)
    return HttpResponse(f"<p>{total}</p><table>{lines}</table>")


urlpatterns = [path("bare/", bare), path("", include("pmo.urls"))]


class Cost(NamedTuple):
    """Of one request: CPU seconds of this process and of the database's, statements, bytes."""

    web: float
    database: float
    statements: int
    size: int

    @property
    def cpu(self) -> float:
        return self.web + self.database


def cost(client: Client, address: str, rounds: int) -> Cost:
    for _ in range(3):
        answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    statements = len(queries)  # now: the next request clears the log
    spent = []
    before = backend_seconds()
    for _ in range(rounds):
        begun = time.process_time()
        client.get(address)
        spent.append(time.process_time() - begun)
    database = (backend_seconds() - before) / rounds
    return Cost(statistics.median(spent), database, statements, len(answer.content))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--cost-entries", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    if not Organisation.objects.filter(slug="demo").exists():
        call_command("seed_demo", projects=options.projects, cost_entries=options.cost_entries, seed=1, verbosity=0)
    client = Client()
    client.force_login(User.objects.get(email="director@demo.example"))
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"]):
        floor = cost(client, "/bare/", options.rounds)
        page = cost(client, "/o/demo/", options.rounds)
        rows = cost(client, "/o/demo/rows/", options.rounds)
    count = ProjectPerformance.objects.filter(organisation__slug="demo").count()
    print(f"{connection.vendor}, {count} projects, {options.rounds} requests, CPU of web process + database process")
    for name, one in (("bare view", floor), ("cockpit", page), ("poll of rows", rows)):
        print(
            f"{name:<12} {one.cpu * 1000:7.1f} ms = {one.web * 1000:.1f} + {one.database * 1000:.1f}"
            f"  {one.statements} statements  {one.size / 1000:.0f} kB  {one.cpu / floor.cpu:.2f} x bare"
        )
    good = page.statements <= MOST_STATEMENTS and page.cpu / floor.cpu <= MOST_TIMES
    print(f"goal: at most {MOST_STATEMENTS} statements and {MOST_TIMES:.0f} x bare: {'met' if good else 'NOT met'}")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
