"""What a project and its phases were at an earlier moment: today's row with every later change taken back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from pmo.models import AuditEvent
from projects.analysis.facts import Milestone
from projects.models import Budget, ImportBatch

DATES = ("start", "finish", "actual_finish", "forecast_finish")
Then = dict[tuple[str, int], dict[str, Any]]


def values_then(
    known_at: datetime, project_ids: Collection[int] | None = None, organisation_id: int | None = None
) -> Then:
    """By ("project" or "project_phase", id): the fields changed after `known_at`, as they were at that time.

    One query, over the log of changes, where what an import changed is told as well. The weighted milestones of a
    phase are one field of it.
    """
    events = AuditEvent.objects.filter(
        at__gt=known_at, action__in=("project.update", "project_phase.update"), before__isnull=False
    )
    if project_ids is not None:
        events = events.filter(project_ref__in=project_ids)
    if organisation_id is not None:
        events = events.filter(organisation_id=organisation_id)
    then: Then = {}
    for kind, pk, before in events.order_by("id").values_list("object_type", "object_id", "before"):
        was = then.setdefault((kind, int(pk)), {})
        for field, value in (before or {}).items():
            was.setdefault(field, _value(field, value))  # the first change after the moment tells what held at it
    return then


def approved_then(known_at: datetime | None) -> Q:
    """The budgets that were approved at a moment: also those that an import brought and that left with it since."""
    approved = Q(state=Budget.State.APPROVED)
    if known_at is None:
        return approved
    undone = Q(import_batch__state=ImportBatch.State.UNDONE, import_batch__finished_at__gt=known_at)
    left = Q(state=Budget.State.REJECTED, effective_on__isnull=False) & undone
    return (approved | left) & Q(approved_at__lte=known_at)


def _value(field: str, value: Any) -> Any:
    if field == "milestones" and isinstance(value, list):
        return tuple(
            Milestone(
                one["id"],
                one["name"],
                Decimal(one["weight"]),
                date.fromisoformat(one["planned_on"]) if one["planned_on"] else None,
            )
            for one in value
        )
    if isinstance(value, str) and field in DATES:
        return date.fromisoformat(value)
    if isinstance(value, str) and field == "units_total":
        return Decimal(value)
    return value
