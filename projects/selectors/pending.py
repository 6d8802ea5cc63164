"""Whether a project's figures are being worked out anew: an old number is never passed off as current."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q

from pmo.models import OutboxMark
from projects.models import Project

KINDS = ("performance", "portfolio")


@dataclass(frozen=True, slots=True)
class Pending:
    """Marks still open for one project: how many changes wait, since when, and whether the work has failed for good."""

    changes: int
    since: datetime
    newest: int
    dead: int

    @property
    def failed(self) -> bool:
        return self.dead > 0


def pending_of(project: Project) -> Pending | None:
    """What is still owed to the project's figures and standing; None when they are up to date. One query."""
    marks = OutboxMark.objects.filter(
        Q(kind__in=KINDS, subject_id=project.pk) | Q(kind="portfolio", subject_id=0),
        organisation_id=project.organisation_id,
    )
    found = marks.aggregate(
        changes=Count("id"),
        since=Min("created_at"),
        newest=Max("id"),
        dead=Count("id", filter=Q(dead_at__isnull=False)),
    )
    if not found["changes"]:
        return None
    return Pending(found["changes"], found["since"], found["newest"], found["dead"])
