"""The standing of projects in their portfolio: computed health, declared health, findings, roll-ups."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from pmo.models import Organisation
from pmo.services.outbox import HANDLERS, Handler, owe
from portfolio.analysis.facts import ProjectFigures
from portfolio.analysis.health import assess
from portfolio.models import ProjectStanding
from portfolio.selectors.facts import portfolio_facts
from portfolio.selectors.rules import stale_after
from portfolio.selectors.standings import Declared, Top, declared_health, top_findings
from portfolio.services.compliance_days import compliance_day_record
from portfolio.services.evaluation import findings_refresh
from portfolio.services.rollups import rollups_refresh

KIND: Final = "portfolio"
EVERYTHING: Final = 0  # as the subject of a mark: all projects of the organisation
RANK: Final = {"red": 0, "amber": 1, "green": 2, "none": 3}
WHOLE: Final = 1_000  # from so many projects on, all of them are quicker than those
CHUNK: Final = 2_000
FIELDS: Final = (
    "health", "health_rank", "health_reasons", "declared", "declared_on", "declared_reason", "declared_expires_on",
    "top_finding", "top_finding_title", "top_finding_severity", "open_findings",
)  # fmt: skip


def standings_owe(organisation_id: int, project_ids: Iterable[int] | None = None) -> None:
    """Mark standings, findings and roll-ups as owed for the projects (None: all), in the changing transaction."""
    owe(KIND, organisation_id, [EVERYTHING] if project_ids is None else project_ids)


def standings_lock(organisation_id: int, project_ids: Sequence[int]) -> list[int]:
    """All of `project_ids`, or none where another worker refreshes this organisation: one at a time, for the roll-ups
    of an organisation hold every project of it. For the outbox handler; call in its transaction."""
    rows = Organisation.objects.filter(pk=organisation_id)
    if connection.vendor == "postgresql":  # NO KEY: writers that refer to the organisation do not wait for this
        rows = rows.select_for_update(skip_locked=True, no_key=True)
    return list(project_ids) if rows.values_list("pk", flat=True).first() is not None else []


@transaction.atomic
def standings_refresh(organisation_id: int, project_ids: Collection[int] | None = None) -> None:
    """Bring standing, findings and roll-ups in line with the figures of the projects, or of all (None, or a 0 among the
    ids). A fixed number of queries to read. Doing it again writes nothing but the time of looking."""
    organisation = Organisation.objects.get(pk=organisation_id)
    if project_ids is not None and (EVERYTHING in project_ids or len(project_ids) > WHOLE):
        project_ids = None
    facts = portfolio_facts(organisation, project_ids)
    touched = findings_refresh(organisation, facts)
    known = {project.id: project for project in facts.projects}
    wanted = known.keys() if project_ids is None else (set(project_ids) | touched)
    projects = {pk: known[pk] for pk in wanted if pk in known}
    _store(organisation, projects, facts.status_date, whole=project_ids is None)
    rollups_refresh(organisation, facts.status_date, stale_after=stale_after(organisation))
    compliance_day_record(organisation)


HANDLERS.add(KIND, Handler(KIND, standings_lock, standings_refresh, batch=5_000))


def _store(organisation: Organisation, projects: dict[int, ProjectFigures], status_date: Any, *, whole: bool) -> None:
    some = None if whole else list(projects)
    declared = declared_health(organisation, status_date, some)
    tops = top_findings(organisation, some)
    rows = ProjectStanding.objects.filter(organisation=organisation)
    there = {row.project_id: row for row in (rows if some is None else rows.filter(project_id__in=some))}
    now = timezone.now()
    revision = (rows.aggregate(newest=Max("revision"))["newest"] or 0) + 1
    new: list[ProjectStanding] = []
    changed: list[ProjectStanding] = []
    for pk, project in projects.items():
        values = _standing(project, declared.get(pk), tops.get(pk))
        row = there.get(pk)
        if row is not None and all(getattr(row, name) == value for name, value in values.items()):
            continue
        target = row or ProjectStanding(organisation=organisation, project_id=pk)
        for name, value in {**values, "revision": revision, "computed_at": now}.items():
            setattr(target, name, value)
        (changed if row is not None else new).append(target)
    ProjectStanding.objects.bulk_create(new, batch_size=CHUNK)
    ProjectStanding.objects.bulk_create(
        changed,
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["project"],
        update_fields=[*FIELDS, "revision", "computed_at"],
    )


def _standing(project: ProjectFigures, declared: Declared | None, top: Top | None) -> dict[str, Any]:
    health = assess(cpi=project.cpi, spi=project.spi, vac_percent=project.vac_percent)
    return {
        "health": health.colour,
        "health_rank": RANK[health.colour],
        "health_reasons": [
            {"metric": reason.metric, "colour": reason.colour, "text": reason.text} for reason in health.reasons
        ],
        "declared": declared.health if declared else "none",
        "declared_on": declared.on if declared else None,
        "declared_reason": declared.reason if declared else "",
        "declared_expires_on": declared.expires_on if declared else None,
        "top_finding": top.finding_id if top else None,
        "top_finding_title": top.title if top else "",
        "top_finding_severity": top.severity if top else "",
        "open_findings": top.open_findings if top else 0,
    }
