"""Compliance kept: recomputed for the projects whose requirements changed, told onwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from pmo.models import Organisation
from pmo.selectors.clock import status_date_of
from pmo.services.outbox import HANDLERS, Handler, owe
from portfolio.analysis.compliance import Judged, judge_all, packed, percent_shown, summed
from portfolio.models import ProjectCompliance
from portfolio.selectors.compliance_facts import requirements_of
from portfolio.services.compliance_days import days_differences
from portfolio.services.standings import standings_owe
from projects.models import Project

KIND: Final = "compliance"
CHUNK: Final = 500
WHOLE: Final = 2_500  # of a rebuild, which reads as much as that at once
FIGURES: Final = ("applicable", "met", "waived", "late", "breached", "due_soon", "percent", "why_undefined", "cells")


def compliance_owe(organisation_id: int, project_ids: Iterable[int]) -> None:
    """Mark the projects' compliance as owed: call in the transaction that changes what it rests on."""
    owe(KIND, organisation_id, project_ids)


def compliance_owe_policies(organisation_id: int, user_id: int | None = None) -> None:
    """The same for the projects that name this person, or for all: a policy or an acknowledgement changed."""
    mine = Project.objects.filter(organisation_id=organisation_id, archived_at__isnull=True)
    if user_id is not None:
        mine = mine.filter(
            Q(project_manager__user_id=user_id) | Q(budget_owner__user_id=user_id) | Q(sponsor__user_id=user_id)
        )
    compliance_owe(organisation_id, mine.values_list("pk", flat=True))


def compliance_lock(organisation_id: int, project_ids: Sequence[int]) -> list[int]:
    """Lock the rows of the projects, skipping those another worker holds. Answers the projects locked, and those that
    are gone: their marks must not wait for ever."""
    mine = ProjectCompliance.objects.filter(organisation_id=organisation_id, project_id__in=project_ids)
    gone: set[int] = set()
    if missing := set(project_ids) - set(mine.values_list("project_id", flat=True)):
        there = Project.objects.filter(pk__in=missing, organisation_id=organisation_id)
        known = set(there.values_list("pk", flat=True))
        gone = missing - known
        fresh = [ProjectCompliance(project_id=pk, organisation_id=organisation_id) for pk in sorted(known)]
        ProjectCompliance.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=CHUNK)
    rows = mine.select_for_update(skip_locked=connection.vendor == "postgresql").order_by("project_id")
    return [*rows.values_list("project_id", flat=True), *sorted(gone)]


def compliance_refresh(organisation_id: int, project_ids: Sequence[int]) -> None:
    """Recompute and keep the compliance of locked projects, and owe the findings that rest on it. Repeating it changes
    nothing but the time of looking."""
    organisation = Organisation.objects.get(pk=organisation_id)
    standings_owe(organisation_id, _write(organisation, project_ids))


HANDLERS.add(KIND, Handler(KIND, compliance_lock, compliance_refresh, batch=200))


def compliance_rebuild(organisation_id: int, project_ids: Sequence[int] | None = None) -> int:
    """Recompute the compliance of these projects of the organisation (None: all). Answers how many changed. Call in a
    transaction."""
    organisation = Organisation.objects.get(pk=organisation_id)
    ids = project_ids
    if ids is None:
        ids = list(Project.objects.filter(organisation=organisation).order_by("id").values_list("id", flat=True))
    changed = 0
    for start in range(0, len(ids), WHOLE):
        part = ids[start : start + WHOLE]
        compliance_lock(organisation_id, part)
        changed += len(_write(organisation, part))
    return changed


def compliance_values(judged: Sequence[Judged]) -> dict[str, Any]:
    """What is kept of one project: FIGURES."""
    sums = summed(judged)
    return {
        **{name: getattr(sums, name) for name in FIGURES if name not in ("percent", "cells")},
        "percent": percent_shown(sums),
        "cells": packed(judged),
    }


def _write(organisation: Organisation, project_ids: Sequence[int]) -> list[int]:
    day, now = status_date_of(organisation), timezone.now()
    asked = requirements_of(organisation, day, project_ids)
    kept = ProjectCompliance.objects.filter(organisation=organisation, project_id__in=project_ids)
    changed: list[ProjectCompliance] = []
    moved: list[int] = []
    for row in kept.order_by("project_id"):
        values = compliance_values(judge_all(asked[row.project_id], day))
        figures_moved = any(getattr(row, name) != value for name, value in values.items())
        if row.as_of == day and not figures_moved:
            continue
        for name, value in {**values, "as_of": day, "computed_at": now, "revision": row.revision + 1}.items():
            setattr(row, name, value)
        changed.append(row)
        if figures_moved:
            moved.append(row.project_id)
    ProjectCompliance.objects.bulk_create(
        changed,
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["project"],
        update_fields=[*FIGURES, "as_of", "computed_at", "revision"],
    )
    return moved


def compliance_differences(organisation_id: int) -> list[str]:
    """Compare what is kept with a full recompute; one sentence for each difference. Changes nothing."""
    organisation = Organisation.objects.get(pk=organisation_id)
    day = status_date_of(organisation)
    codes = dict(Project.objects.filter(organisation=organisation).order_by("id").values_list("id", "code"))
    ids, found = list(codes), []
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        asked = requirements_of(organisation, day, part)
        kept = ProjectCompliance.objects.filter(organisation=organisation, project_id__in=part).in_bulk(
            field_name="project_id"
        )
        for pk in part:
            row = kept.get(pk)
            if row is None or row.as_of is None:
                found.append(f"The compliance of project {codes[pk]} has not been computed.")
                continue
            for name, value in {**compliance_values(judge_all(asked[pk], day)), "as_of": day}.items():
                if getattr(row, name) != value:
                    found.append(f"The compliance of project {codes[pk]}: {_told(name, getattr(row, name), value)}.")
    return found + days_differences(organisation)


def _told(name: str, kept: Any, wanted: Any) -> str:
    if name != "cells":
        return f"{name} is kept as {kept!r}, the rows say {wanted!r}"
    keys = sorted(key for key in kept.keys() | wanted.keys() if kept.get(key) != wanted.get(key))
    return f"{len(keys)} cells differ, the first is {keys[0]}"
