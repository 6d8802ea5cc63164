"""What roll-ups are summed from: the figures of every live project, as few columns as that takes."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pmo.models import Organisation
from portfolio.analysis.facts import LIVE
from portfolio.models import Finding, FindingProject
from projects.models import Project

UNRESOLVED = (Finding.Status.OPEN, Finding.Status.ACKNOWLEDGED, Finding.Status.IN_TREATMENT)


class Summand(NamedTuple):
    """One live project, as far as sums and counts need it."""

    id: int
    portfolio_id: int
    programme_id: int | None
    currency: str
    finish: date | None
    last_update_on: date | None
    health: str | None
    declared: str | None
    gravest: str | None
    bac: Decimal | None
    pv: Decimal | None
    ev: Decimal | None
    ac: Decimal | None
    committed: Decimal | None
    eac: Decimal | None


def summands(organisation: Organisation) -> list[Summand]:
    """Every live, unarchived project of the organisation: one query."""
    mine = Project.objects.filter(organisation=organisation, archived_at__isnull=True, status__in=sorted(LIVE))
    columns = [f"standing__{name}" for name in ("health", "declared", "top_finding_severity")]
    columns += [f"performance__{name}" for name in ("bac", "pv", "ev", "ac", "committed", "eac")]
    rows = mine.order_by("id").values_list(
        "id", "portfolio_id", "programme_id", "currency", "finish", "performance__last_update_on", *columns
    )
    return [Summand(*row) for row in rows]


def unresolved_by_project(organisation: Organisation) -> dict[int, set[int]]:
    """Ids of the unresolved, unsuppressed findings that concern each project: one query."""
    found: dict[int, set[int]] = defaultdict(set)
    links = FindingProject.objects.filter(organisation=organisation, finding__status__in=UNRESOLVED)
    for project_id, finding_id in links.values_list("project_id", "finding_id"):
        found[project_id].add(finding_id)
    return found
