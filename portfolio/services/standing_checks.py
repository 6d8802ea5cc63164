"""Comparing what is kept about standings, findings and roll-ups with what a look at everything would write."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction

from portfolio.models import Finding, FindingProject, ProjectStanding, RollUp
from portfolio.services.standings import FIELDS, standings_refresh

ROLLED: Final = (
    "projects_counted", "projects_without_data", "projects_measured", "red", "amber", "green", "declared_too_green",
    "overdue", "stale", "attention", "without_eac", "open_findings", "figures", "undefined",
)  # fmt: skip
Kept = dict[str, Any]


def standings_differences(organisation_id: int) -> list[str]:
    """One sentence for each difference between what is kept and a full recompute; none where all is right.

    Recomputes everything in a transaction that is rolled back, so nothing changes.
    """
    with transaction.atomic():
        before = _kept(organisation_id)
        standings_refresh(organisation_id)
        after = _kept(organisation_id)
        transaction.set_rollback(True)
    return [
        f"{name} is kept as {before.get(name)!r}, the rows say {after.get(name)!r}."
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


def _kept(organisation_id: int) -> Kept:
    """What a full look writes, by a name that says where it stands; ids of findings themselves are left out."""
    mine = {"organisation_id": organisation_id}
    kept: Kept = {}
    named = [name for name in FIELDS if name != "top_finding"]
    for row in ProjectStanding.objects.filter(**mine).values("project_id", *named):
        kept[f"Standing of project {row.pop('project_id')}"] = row
    for row in RollUp.objects.filter(**mine).values("scope", "portfolio_id", "programme_id", "currency", *ROLLED):
        where = [str(row.pop(name) or "") for name in ("scope", "portfolio_id", "programme_id", "currency")]
        kept[f"Roll-up {' '.join(part for part in where if part)}"] = row
    for row in Finding.objects.filter(**mine).values("rule", "subject", "severity", "title", "evidence", "status"):
        kept[f"Finding {row.pop('rule')} of {row.pop('subject')}"] = row
    concerned: dict[str, list[int]] = {}
    links = FindingProject.objects.filter(**mine).order_by("project_id")
    for rule, subject, project in links.values_list("finding__rule", "finding__subject", "project_id"):
        concerned.setdefault(f"Projects of finding {rule} of {subject}", []).append(project)
    return {**kept, **concerned}
