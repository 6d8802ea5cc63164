"""What the standing of a project is made of, beside its figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import OuterRef, Subquery

from pmo.kit.among import among
from pmo.models import Organisation
from portfolio.models import Finding, FindingProject
from portfolio.selectors.rollups import UNRESOLVED
from projects.models import HealthDeclaration


class Declared(NamedTuple):
    """The latest word of a project's manager."""

    health: str
    on: date
    reason: str
    expires_on: date | None


class Top(NamedTuple):
    """The gravest unresolved finding inside a project, and how many there are."""

    finding_id: int
    title: str
    severity: str
    open_findings: int


def declared_health(
    organisation: Organisation,
    status_date: date,
    project_ids: Collection[int] | None,
    *,
    known_at: datetime | None = None,
) -> dict[int, Declared]:
    """The declaration in force by project: the latest dated up to `status_date` (and recorded up to `known_at`), "none"
    once it has expired. One query.
    """
    mine = HealthDeclaration.objects.filter(organisation=organisation, status_date__lte=status_date)
    if known_at is not None:
        mine = mine.filter(recorded_at__lte=known_at)
    latest = mine.filter(project=OuterRef("project")).order_by("-status_date", "-id").values("pk")[:1]
    rows = mine.filter(among(project_ids), pk=Subquery(latest))
    found: dict[int, Declared] = {}
    for project_id, health, on, reason, expires in rows.values_list(
        "project_id", "health", "status_date", "reason", "expires_on"
    ):
        over = expires is not None and expires < status_date
        found[project_id] = Declared("none" if over else health, on, reason, expires)
    return found


def top_findings(organisation: Organisation, project_ids: Collection[int] | None) -> dict[int, Top]:
    """By project, its gravest unresolved finding and the count of them. One query.

    Only findings inside the one project: whoever sees a project sees its standing, and may not see the others that a
    finding across projects tells of.
    """
    links = FindingProject.objects.filter(
        among(project_ids),
        organisation=organisation,
        finding__status__in=UNRESOLVED,
        finding__scope=Finding.Scope.PROJECT,
    ).order_by("finding__severity_rank", "finding_id")
    by_project: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for project_id, *finding in links.values_list("project_id", "finding_id", "finding__title", "finding__severity"):
        by_project[project_id].append(tuple(finding))  # type: ignore[arg-type]
    return {project_id: Top(*rows[0], len(rows)) for project_id, rows in by_project.items()}
