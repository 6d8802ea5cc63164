"""What happened to a project: changes from the log, and postings to its ledger, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pmo.models import AuditEvent
from projects.models import CostEntry, HealthDeclaration, Progress, Project

# Changes whose words may tell an amount of money.
MONEY = frozenset({"cost_entry", "budget", "baseline", "change_request", "forecast", "finding"})


@dataclass(frozen=True, slots=True)
class Happening:
    """Who did what and when: `event`, a change from the log, or `entries` that one person posted in one minute."""

    at: datetime
    who: str
    event: AuditEvent | None = None
    entry: CostEntry | None = None
    entries: int = 0
    amount: Decimal | None = None
    statement: Progress | HealthDeclaration | None = None


def happenings(project: Project, *, log: bool, money: bool, limit: int = 10) -> list[Happening]:
    """The newest `limit`: statements for everybody, the log where `log` is allowed, the ledger where `money` is. Four
    queries at most.
    """
    events: list[AuditEvent] = []
    if log:
        mine = AuditEvent.objects.filter(organisation_id=project.organisation_id, project_ref=project.pk)
        if not money:
            mine = mine.exclude(object_type__in=MONEY)
        events = list(mine.select_related("user").order_by("-id")[:limit])
    found = [Happening(event.at, str(event.user) if event.user else "", event=event) for event in events]
    found += _statements(project, {(event.object_type, event.object_id) for event in events}, limit)
    if money:
        told = {event.object_id for event in events if event.object_type == "cost_entry"}
        found += _postings(project, told, limit)
    return sorted(found, key=lambda happening: happening.at, reverse=True)[:limit]


def _statements(project: Project, told: set[tuple[str, str]], limit: int) -> list[Happening]:
    """Progress and health as stated, but for what the log tells of already."""
    progress = Progress.objects.filter(project=project).select_related("recorded_by", "project_phase")
    health = HealthDeclaration.objects.filter(project=project).select_related("declared_by")
    return [
        *(
            Happening(row.recorded_at, str(row.recorded_by or ""), statement=row)
            for row in progress.order_by("-recorded_at", "-id")[:limit]
            if ("progress", str(row.pk)) not in told
        ),
        *(
            Happening(row.recorded_at, str(row.declared_by or ""), statement=row)
            for row in health.order_by("-recorded_at", "-id")[:limit]
            if ("health", str(row.pk)) not in told
        ),
    ]


def _postings(project: Project, told: set[str], limit: int) -> list[Happening]:
    """Ledger entries the log does not tell of, those recorded together as one line."""
    rows = (
        CostEntry.objects.filter(project=project)
        .select_related("recorded_by", "vendor")
        .order_by("-recorded_at", "-id")
    )
    together: dict[tuple[Any, ...], list[CostEntry]] = {}
    for entry in rows[: limit * 4]:
        if str(entry.pk) not in told:
            minute = entry.recorded_at.replace(second=0, microsecond=0)
            together.setdefault((minute, entry.recorded_by_id, entry.kind), []).append(entry)
    return [
        Happening(
            group[0].recorded_at,
            str(group[0].recorded_by) if group[0].recorded_by else "",
            entry=group[0],
            entries=len(group),
            amount=sum((entry.amount for entry in group), Decimal(0)),
        )
        for group in together.values()
    ]
