"""The full rebuild in several processes. For the command line.

A part is some of the projects: their figures, and what is judged inside each of them (rules about one project, their
findings, their standing). Meanwhile this process reads what the rules across projects need of the ledger; when the
parts are done it evaluates those rules, and writes standings and roll-ups.

It holds the organisation for all of them from before the first part until everything is written, so no worker
refreshes standings in between. The parts do not take that lock; they hold the projections of their projects, as every
writer of figures does, and refer to the organisation, which the lock allows. A part that dies takes nothing with it but
itself: parts are transactions, what they write is right by itself, and the next rebuild does the rest.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing import get_context
from typing import Any, Final

from django.db import connection, connections, transaction

from pmo.kit.bulk import unswept
from portfolio.services.compliance import compliance_rebuild
from portfolio.services.rebuild import organisation_hold, organisation_rebuild, unhurried
from portfolio.services.standings import Compared, standings_across, standings_inside, wide_facts_of
from projects.models import Project
from projects.services.baselines import baselines_ensure
from projects.services.performance import performance_rebuild

WORTH_SPLITTING: Final = 2_000  # projects; below, starting processes costs more than they save
PARTS_EACH: Final = 2


def organisation_rebuild_split(organisation_id: int, processes: int) -> int:
    """What `organisation_rebuild` does, in several processes. Call outside any transaction.

    SQLite has one writer: there it is one process. Raises what a part raised, after all of them have ended.
    """
    ids = list(Project.objects.filter(organisation_id=organisation_id).order_by("id").values_list("id", flat=True))
    if processes < 2 or connection.vendor == "sqlite" or len(ids) < WORTH_SPLITTING:
        return organisation_rebuild(organisation_id)
    baselines_ensure(organisation_id)
    size = -(-len(ids) // (processes * PARTS_EACH))
    connections.close_all()  # a connection cannot be shared with a child
    with ProcessPoolExecutor(processes, mp_context=get_context("fork"), initializer=_connect_anew) as pool:
        pool.submit(int).result()  # all processes start here, before this one connects again
        with transaction.atomic(), unswept():
            _alone()
            organisation_hold(organisation_id)
            parts = [
                pool.submit(_part, organisation_id, ids[start : start + size]) for start in range(0, len(ids), size)
            ]
            try:
                wide = wide_facts_of(organisation_id)
            finally:
                wait(parts)  # none may write once the organisation is let go
            standings_across(organisation_id, wide, [part.result() for part in parts])
    return len(ids)


_INHERITED: list[Any] = []  # kept, for dropping one would end the parent's session


def _connect_anew() -> None:
    """In a child: forget every connection that came along, so that no two processes speak through one."""
    for inherited in connections.all(initialized_only=True):
        _INHERITED.append(inherited.connection)
        inherited.connection = None
        inherited.in_atomic_block = inherited.needs_rollback = inherited.closed_in_transaction = False
        inherited.savepoint_ids, inherited.atomic_blocks, inherited.run_on_commit = [], [], []


def _alone() -> None:
    """The processors are busy with the parts already: no query of one is divided again."""
    unhurried()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")


def _part(organisation_id: int, project_ids: list[int]) -> Compared:
    with transaction.atomic(), unswept():
        _alone()
        performance_rebuild(organisation_id, project_ids)
        compliance_rebuild(organisation_id, project_ids)
        return standings_inside(organisation_id, project_ids)
