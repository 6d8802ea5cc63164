"""What a full rebuild costs, as a multiple of what no rebuild can do without.

    DATABASE_URL=postgres://... python benchmarks/rebuild.py [--projects N] [--cost-entries M] [--rounds R]

Needs a database of its own: it migrates it, seeds it where it is empty, and rebuilds it again and again.

The floor, in the same run and on the same rows: one SQL aggregate of the ledger by project, month and kind, fetched
into Python, and one rewrite of the projection's rows, same columns, same way of inserting, with constant values. The
rebuild: everything that is derived (figures, standings, findings, roll-ups), every row of figures rewritten, in as many
processes as asked for and in one. Floor and rebuild take turns and the best of each counts, because machines do other
things too. For one process the processor time is told as well (of Python and of its database backend, where that can be
read): it hardly depends on what else runs.
"""

import argparse
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")

FLOOR, SPLIT, ALONE = "floor", "rebuild", "rebuild, one process"


def backend_seconds() -> float:
    """Processor seconds of this connection's PostgreSQL backend; 0 where it is not on this machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.is_file() or "postgres" not in (text := stat.read_text()):
        return 0.0
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def timed(call: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    backend, cpu, began = backend_seconds(), process_time(), perf_counter()
    call()
    wall, cpu = perf_counter() - began, process_time() - cpu
    return wall, cpu + max(backend_seconds() - backend, 0.0)


def constant_rows(organisation_id: int) -> list[tuple[object, ...]]:
    """The projection's rows with the values of the fullest of them, as the database takes them."""
    import json

    from django.db import connection

    from projects.services.performance import COLUMNS

    with connection.cursor() as cursor:
        names = ", ".join(connection.ops.quote_name(column) for column in COLUMNS)
        cursor.execute(f"SELECT {names} FROM projects_projectperformance WHERE organisation_id = %s", [organisation_id])
        kept = cursor.fetchall()
    fullest = max(kept, key=lambda row: sum(value is not None for value in row))
    constant = [
        json.dumps(value) if isinstance(value, dict | list) else value.isoformat() if isinstance(value, date) else value
        for value in fullest
    ]
    place = COLUMNS.index("project_id")
    return [(*constant[:place], row[place], *constant[place + 1 :]) for row in kept]


def floor(organisation_id: int, status_date: date, rows: list[tuple[object, ...]]) -> None:
    """The bare aggregate and the bare rewrite. Rolled back: it would falsify figures."""
    from django.db import connection, transaction

    from pmo.kit.bulk import insert_rows, unswept
    from projects.models import ProjectPerformance
    from projects.services.performance import COLUMNS

    month = (
        "date_trunc('month', incurred_on)::date"
        if connection.vendor == "postgresql"
        else "substr(incurred_on, 1, 7) || '-01'"
    )
    sql = (
        f"SELECT project_id, {month}, kind, SUM(amount), COUNT(id), MAX(id), MAX(incurred_on) "
        "FROM projects_costentry WHERE organisation_id = %s AND incurred_on <= %s GROUP BY 1, 2, 3"
    )
    with transaction.atomic(), unswept(), connection.cursor() as cursor:
        cursor.execute(sql, [organisation_id, status_date.isoformat()])
        cursor.fetchall()
        insert_rows(ProjectPerformance, COLUMNS, rows, replace_by="project_id", page=500)
        transaction.set_rollback(True)


def main(arguments: list[str] | None = None) -> dict[str, float]:
    """Measure, print and answer seconds by part, and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--cost-entries", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--processes", type=int, default=min(os.cpu_count() or 1, 4))
    options = parser.parse_args(arguments)

    from pmo.models import Organisation
    from pmo.selectors.clock import status_date_of
    from portfolio.services.demo import demo_seed
    from portfolio.services.rebuild_split import organisation_rebuild_split
    from projects.models import CostEntry, Project

    if not Project.objects.exists():
        loading, _ = timed(lambda: demo_seed(count=options.projects, cost_entries=options.cost_entries, seed=7))
        print(f"loaded in {loading:.1f} s")
    organisation = Organisation.objects.get(slug="demo")
    pk, status_date = organisation.pk, status_date_of(organisation)
    rows = constant_rows(pk)
    found: dict[str, float] = {}
    for _ in range(options.rounds):
        taken = {
            FLOOR: timed(lambda: floor(pk, status_date, rows)),
            SPLIT: timed(lambda: organisation_rebuild_split(pk, options.processes)),
            ALONE: timed(lambda: organisation_rebuild_split(pk, 1)),
        }
        print("   ".join(f"{part} {wall:.2f} s" for part, (wall, _) in taken.items()), flush=True)
        for part, (wall, cpu) in taken.items():
            found[part] = min(found.get(part, wall), wall)
            found[f"{part}, processor"] = min(found.get(f"{part}, processor", cpu), cpu)
    found["ratio"] = found[SPLIT] / found[FLOOR]
    found["ratio, one process"] = found[ALONE] / found[FLOOR]
    found["ratio, processor"] = found[f"{ALONE}, processor"] / found[f"{FLOOR}, processor"]
    entries = CostEntry.objects.filter(organisation=organisation).count()
    print(
        f"{len(rows):,} projects, {entries:,} ledger entries\n"
        f"floor {found[FLOOR]:.2f} s\n"
        f"rebuild in {options.processes} processes {found[SPLIT]:.2f} s = {found['ratio']:.2f} × floor\n"
        f"rebuild in one process {found[ALONE]:.2f} s = {found['ratio, one process']:.2f} × floor\n"
        f"processor time in one process {found[f'{ALONE}, processor']:.2f} s against "
        f"{found[f'{FLOOR}, processor']:.2f} s "
        f"= {found['ratio, processor']:.2f} × floor"
    )
    return found


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    main()
