"""What does the money of a portfolio cost, beside the bare SQL that adds up its ledger?

    python benchmarks/money.py [--projects 1000] [--months 24] [--rounds 7]

DATABASE_URL and PMO_DATA choose the database (a fresh temporary SQLite file otherwise). Measured in one process, the
best of `--rounds`: the bare `GROUP BY project, month` over the ledger; the report of cost by project and month, exact
to the cent; the money page in each mode, with its statements. Exit 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
os.environ.setdefault("PMO_DATA", tempfile.mkdtemp(prefix="plumbline-bench-"))
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from pmo.models import Membership, Organisation, User
from pmo.services.organisations import organisation_create
from portfolio.models import Portfolio
from portfolio.selectors.money import cost_by_month
from projects.analysis.periods import month_first
from projects.models import Budget, BudgetLine, CostEntry, Project
from projects.services.performance import performance_rebuild
from projects.services.projects import standard_of

FIRST = 2025 * 12
AS_OF = date(2026, 12, 31)
MOST_STATEMENTS = 15
MOST_TIMES = 5.0
MONTH = {"sqlite": "substr(incurred_on, 1, 7)", "postgresql": "date_trunc('month', incurred_on)"}


def filled(projects: int, months: int) -> Organisation:
    """An organisation with that many projects, each with a budget line, two costs and an order every month."""
    found = Organisation.objects.filter(slug="bench").first()
    if found is not None:
        return found
    office = organisation_create(slug="bench", name="Bench", currency="GBP")
    office.status_date = AS_OF
    office.save()
    portfolio = Portfolio.objects.create(organisation=office, code="P", name="P", currency="GBP")
    own = {"organisation": office}
    standard = standard_of(office.pk)
    made = Project.objects.bulk_create(
        Project(
            **own, code=f"P-{n:05}", name=f"Project {n}", portfolio=portfolio, currency="GBP",
            standard_version=standard, start=month_first(FIRST), finish=date(2027, 6, 30),
        )
        for n in range(projects)
    )  # fmt: skip
    budgets = Budget.objects.bulk_create(
        Budget(
            **own, project=project, number=1, state="approved", origin="imported",
            approved_at="2025-01-01T00:00:00Z", effective_on=month_first(FIRST),
        )
        for project in made
    )  # fmt: skip
    BudgetLine.objects.bulk_create(
        (
            BudgetLine(**own, budget=budget, project=budget.project, period=month_first(FIRST + month), amount=1000)
            for budget in budgets
            for month in range(months + 6)
        ),
        batch_size=2000,
    )
    CostEntry.objects.bulk_create(
        (
            CostEntry(
                **own, project=project, kind=kind, amount=Decimal(f"{300 + month}.{month:02}"), currency="GBP",
                incurred_on=month_first(FIRST + month).replace(day=day),
            )
            for project in made
            for month in range(months)
            for kind, day in (("actual", 5), ("actual", 20), ("commitment", 7))
        ),
        batch_size=2000,
    )  # fmt: skip
    user = User.objects.create(email="director@bench.example", name="Dora")
    Membership.objects.create(**own, user=user, role="pmo_director")
    performance_rebuild(office.pk)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return office


def best(call: Callable[[], object], rounds: int) -> float:
    """Seconds, the shortest of `rounds` runs after a first one."""
    call()
    spent = []
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        spent.append(time.perf_counter() - begun)
    return min(spent)


def bare(office: Organisation) -> list[tuple[object, ...]]:
    """The floor: the sums alone, as the database gives them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT project_id, {MONTH[connection.vendor]}, SUM(amount) FROM projects_costentry "
            "WHERE organisation_id = %s AND kind <> 'commitment' AND incurred_on <= %s GROUP BY 1, 2",
            [office.pk, AS_OF],
        )
        return cursor.fetchall()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--projects", type=int, default=1000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args(arguments)
    call_command("migrate", verbosity=0)
    office = filled(options.projects, options.months)
    rows = Project.objects.filter(organisation=office)
    sums = sum(len(months) for months in cost_by_month(rows, AS_OF).values())
    if sums != len(bare(office)):
        raise SystemExit("the report and the bare SQL have not the same cells")
    floor = best(lambda: bare(office), options.rounds)
    report = best(lambda: cost_by_month(rows, AS_OF), options.rounds)
    print(f"{connection.vendor}, {options.projects} projects x {options.months} months, best of {options.rounds}")
    print(f"bare GROUP BY        {floor * 1000:7.1f} ms  {sums} cells")
    print(f"cost by month        {report * 1000:7.1f} ms  {report / floor:.2f} x bare")
    client = Client()
    client.force_login(User.objects.get(email="director@bench.example"))
    most = 0
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        for mode in ("budget", "forecast", "variance", "commitments"):
            address = f"/o/bench/money/?mode={mode}"
            page = best(lambda address=address: client.get(address), min(options.rounds, 3))  # type: ignore[misc]
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address)
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}")
            most = max(most, len(queries))
            print(f"page, {mode:<14} {page * 1000:7.1f} ms  {len(queries)} statements  {page / floor:.2f} x bare")
    good = most <= MOST_STATEMENTS and report / floor <= MOST_TIMES
    print(f"goal: at most {MOST_STATEMENTS} statements, report {MOST_TIMES:.0f} x bare: {'met' if good else 'NOT met'}")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
