"""What has to be looked at anew where skills changed."""

from __future__ import annotations

from portfolio.analysis.facts import LIVE
from portfolio.analysis.skill_facts import HARD
from portfolio.services.standings import standings_owe
from projects.models import Project


def standings_owe_skills(organisation_id: int, person_id: int | None) -> None:
    """Owe the findings of the hard live projects that somebody leads, or of all of them."""
    rows = Project.objects.filter(
        organisation_id=organisation_id, status__in=sorted(LIVE), archived_at__isnull=True, tier__gte=HARD
    )
    rows = rows.filter(project_manager=person_id) if person_id is not None else rows
    if found := list(rows.values_list("pk", flat=True)):
        standings_owe(organisation_id, found)
