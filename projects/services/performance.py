"""Computing the projection: figures of projects from their rows, written once, told onwards.

Called by the outbox as the kind "performance". The lock on the projection's row, and the deletion of exactly the marks
noted under it, are what keep a figure from staying stale: see docs/algorithms/outbox.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.dispatch import Signal
from django.utils import timezone

from pmo.kit.bulk import insert_rows, unswept
from pmo.models import Organisation
from pmo.selectors.clock import status_date_of
from pmo.services.outbox import HANDLERS, Handler, owe
from projects.analysis.earned_value import cpi_trend, measure
from projects.analysis.metrics import METRICS
from projects.analysis.presentation import as_shown
from projects.models import Project, ProjectPerformance
from projects.selectors.facts import Loaded, performance_facts
from projects.services.reporting import reporting_differences, reporting_sweep, reporting_write

KIND = "performance"
# Sent inside the transaction that wrote the figures: organisation_id, project_ids. The floor above listens.
performance_changed = Signal()

FIGURES = [metric.key for metric in METRICS]
WRITTEN = [
    "status_date", "currency", *FIGURES, "eac_method", "eacs", "undefined", "cpi_trend", "entries",
    "spend_since_progress", "last_progress_on", "last_cost_on", "last_update_on", "computed_at", "computed_through",
    "revision",
]  # fmt: skip
COMPARED = [field for field in WRITTEN if field not in ("computed_at", "revision")]
AS_JSON = [COMPARED.index(field) for field in ("eacs", "undefined", "cpi_trend")]
AS_DATES = [
    place
    for place, field in enumerate(COMPARED)
    if ProjectPerformance._meta.get_field(field).get_internal_type() == "DateField"
]
COLUMNS = ["organisation_id", "project_id", "computed_at", "revision", *COMPARED]


def performance_owed(organisation_id: int, project_ids: Sequence[int]) -> None:
    """Mark the projects' figures as owed: call in the transaction that changes what they rest on."""
    owe(KIND, organisation_id, project_ids)


def figures_of(loaded: Loaded, status_date: date) -> dict[str, Any]:
    """The projection's values (COMPARED) for one project's facts. Pure but for its home: no query is made."""
    facts = loaded.facts
    performance = measure(facts, status_date)
    trend = [None if cpi is None else f"{cpi:.3f}" for cpi in cpi_trend(facts, status_date)]
    eacs = {key: None if value is None else f"{value:.2f}" for key, value in performance.eacs.items()}
    said = (loaded.last_progress_on, loaded.last_cost_on, facts.reported_eac_on)
    return {
        **as_shown(performance),
        "status_date": status_date,
        "currency": facts.currency,
        "eac_method": performance.eac_method,
        "eacs": eacs,
        "undefined": performance.undefined,
        "cpi_trend": trend,
        "entries": facts.entries,
        "computed_through": facts.computed_through,
        "spend_since_progress": loaded.spend_since_progress,
        "last_progress_on": loaded.last_progress_on,
        "last_cost_on": loaded.last_cost_on,
        "last_update_on": max((day for day in said if day is not None), default=None),
    }


def performance_lock(organisation_id: int, project_ids: Sequence[int]) -> list[int]:
    """Lock the projections of the projects, skipping those another worker holds; answers the projects locked, and those
    that are gone: nobody holds them, and their marks must not wait for ever."""
    have = set(ProjectPerformance.objects.filter(project_id__in=project_ids).values_list("project_id", flat=True))
    gone: set[int] = set()
    if missing := set(project_ids) - have:
        there = Project.objects.filter(pk__in=missing, organisation_id=organisation_id)
        known = set(there.values_list("pk", flat=True))
        gone = missing - known
        fresh = [ProjectPerformance(project_id=pk, organisation_id=organisation_id) for pk in sorted(known)]
        ProjectPerformance.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    rows = ProjectPerformance.objects.filter(organisation_id=organisation_id, project_id__in=project_ids)
    rows = rows.select_for_update(skip_locked=connection.vendor == "postgresql").order_by("project_id")
    return [*rows.values_list("project_id", flat=True), *sorted(gone)]


def performance_refresh(organisation_id: int, project_ids: Sequence[int]) -> None:
    """Recompute and write the figures of locked projects, and tell who listens. Repeating it changes nothing."""
    _write(organisation_id, project_ids)
    performance_changed.send(sender=ProjectPerformance, organisation_id=organisation_id, project_ids=list(project_ids))


HANDLERS.add(KIND, Handler(KIND, performance_lock, performance_refresh, batch=50))


def performance_rebuild(organisation_id: int, project_ids: Sequence[int] | None = None) -> int:
    """Recompute the projects of the organisation (None: all) and rewrite their projections. Answers how many."""
    everything = project_ids is None
    if project_ids is None:
        mine = Project.objects.filter(organisation_id=organisation_id).order_by("id")
        project_ids = list(mine.values_list("id", flat=True))
    with transaction.atomic(), unswept():
        _hold(organisation_id, project_ids)
        _write(organisation_id, project_ids, everything=everything)
        if everything:
            reporting_sweep(Organisation.objects.get(pk=organisation_id))
    return len(project_ids)


def _hold(organisation_id: int, project_ids: Sequence[int]) -> None:
    """Wait for and hold the projections, before the facts are read: a worker that is at one of them would otherwise
    have its newer figures overwritten. On SQLite the transaction holds the only write lock already."""
    if connection.vendor == "postgresql" and project_ids:
        rows = ProjectPerformance.objects.filter(
            organisation_id=organisation_id, project_id__gte=min(project_ids), project_id__lte=max(project_ids)
        )
        held = rows.select_for_update().order_by("project_id").values_list("project_id", flat=True)
        if missing := set(project_ids) - set(held):
            performance_lock(organisation_id, sorted(missing))


def _write(organisation_id: int, project_ids: Sequence[int], *, everything: bool = False) -> None:
    organisation = Organisation.objects.get(pk=organisation_id)
    status_date = status_date_of(organisation)
    loaded = performance_facts(None if everything else project_ids, as_of=status_date, organisation_id=organisation_id)
    revisions = dict(
        ProjectPerformance.objects.filter(
            organisation_id=organisation_id, **({} if everything else {"project_id__in": project_ids})
        ).values_list("project_id", "revision")
    )
    at = connection.ops.adapt_datetimefield_value(timezone.now())
    rows = (
        (organisation_id, pk, at, revisions.get(pk, 0) + 1, *_as_kept(figures_of(loaded[pk], status_date)))
        for pk in project_ids
        if pk in loaded
    )
    insert_rows(ProjectPerformance, COLUMNS, rows, replace_by="project_id", page=500)
    reporting_write(organisation, loaded, status_date)


def _as_kept(figures: Mapping[str, Any]) -> list[Any]:
    """The values of COMPARED as the database takes them."""
    values = [figures[field] for field in COMPARED]
    for place in AS_JSON:
        values[place] = json.dumps(values[place])
    for place in AS_DATES:
        day = values[place]
        values[place] = None if day is None else day.isoformat()
    return values


def performance_differences(organisation_id: int) -> list[str]:
    """Compare every projection with a full recompute; one sentence for each difference, none where all is right."""
    organisation = Organisation.objects.get(pk=organisation_id)
    status_date = status_date_of(organisation)
    loaded = performance_facts(as_of=status_date, organisation_id=organisation_id)
    stored = {
        row["project_id"]: row
        for row in ProjectPerformance.objects.filter(organisation_id=organisation_id).values("project_id", *COMPARED)
    }
    differences = []
    for pk, facts in loaded.items():
        row = stored.get(pk)
        if row is None:
            differences.append(f"Project {pk} has no computed figures.")
            continue
        for key, value in figures_of(facts, status_date).items():
            if _plain(row[key]) != _plain(value):
                differences.append(f"Project {pk}: {key} is kept as {row[key]!r}, the rows say {value!r}.")
    return differences + reporting_differences(organisation, loaded, status_date)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
