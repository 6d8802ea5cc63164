"""The standing of projects in their portfolio: computed health, declared health, findings, roll-ups."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from pmo.kit.among import among
from pmo.models import Organisation
from pmo.services.outbox import HANDLERS, Handler, owe
from portfolio.analysis.facts import ProjectFigures
from portfolio.analysis.health import assess
from portfolio.models import ProjectStanding
from portfolio.selectors.facts import WideFacts, across_facts, inner_facts, portfolio_facts, wide_facts
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
    _write(organisation, _compare(organisation, projects, facts.status_date, whole=project_ids is None))
    rollups_refresh(organisation, facts.status_date, stale_after=stale_after(organisation))
    compliance_day_record(organisation)


HANDLERS.add(KIND, Handler(KIND, standings_lock, standings_refresh, batch=5_000))


class Compared(NamedTuple):
    """Standings that differ from those kept: some are not there yet, some have changed."""

    new: list[ProjectStanding]
    changed: list[ProjectStanding]


def wide_facts_of(organisation_id: int) -> WideFacts:
    """What the rules across all projects need of the ledger."""
    return wide_facts(Organisation.objects.get(pk=organisation_id))


@transaction.atomic
def standings_inside(organisation_id: int, project_ids: Collection[int]) -> Compared:
    """One part of a rebuild: the rules about one project for these, their findings, and their standing where it
    changed, which `standings_across` writes. Who calls holds the organisation, in whatever process."""
    organisation = Organisation.objects.get(pk=organisation_id)
    facts = inner_facts(organisation, project_ids)
    findings_refresh(organisation, facts, scope="project")
    return _compare(organisation, {project.id: project for project in facts.projects}, facts.status_date, whole=False)


@transaction.atomic
def standings_across(organisation_id: int, wide: WideFacts, parts: Iterable[Compared]) -> None:
    """After the parts of a rebuild: the rules across projects and their findings, the standings that changed in the
    parts (in one transaction, for readers ask what is newer than a revision), and the roll-ups."""
    organisation = Organisation.objects.get(pk=organisation_id)
    facts = across_facts(organisation, wide)
    findings_refresh(organisation, facts, scope="portfolio")
    given = list(parts)
    _write(organisation, Compared([r for part in given for r in part.new], [r for part in given for r in part.changed]))
    rollups_refresh(organisation, facts.status_date, stale_after=stale_after(organisation))
    compliance_day_record(organisation)


def _compare(
    organisation: Organisation, projects: dict[int, ProjectFigures], status_date: date, *, whole: bool
) -> Compared:
    some = None if whole else list(projects)
    declared = declared_health(organisation, status_date, some)
    tops = top_findings(organisation, some)
    rows = ProjectStanding.objects.filter(organisation=organisation)
    kept = rows.filter(among(some)).values_list("project_id", "pk", *FIELDS)  # no objects: thousands, and few changed
    there = {project_id: (pk, tuple(values)) for project_id, pk, *values in kept}
    found = Compared([], [])
    for pk, project in projects.items():
        values = _standing(project, declared.get(pk), tops.get(pk))
        row, before = there.get(pk, (None, None))
        if before == tuple(values[name] for name in FIELDS):
            continue
        target = ProjectStanding(pk=row, organisation=organisation, project_id=pk, **values)
        (found.new if row is None else found.changed).append(target)
    return found


def _write(organisation: Organisation, standings: Compared) -> None:
    newest = ProjectStanding.objects.filter(organisation=organisation).aggregate(newest=Max("revision"))["newest"]
    now = timezone.now()
    for row in (*standings.new, *standings.changed):
        row.revision, row.computed_at = (newest or 0) + 1, now
    ProjectStanding.objects.bulk_create(standings.new, batch_size=CHUNK)
    ProjectStanding.objects.bulk_create(
        standings.changed,
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
