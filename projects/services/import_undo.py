"""Taking an import back: entries reversed, changed values restored, new projects archived. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.selectors.actors import Actor
from pmo.selectors.periods import first_open_month, month_of
from pmo.services.periods import period_guard
from projects.models import (
    Budget,
    CostEntry,
    Forecast,
    HealthDeclaration,
    ImportBatch,
    ImportRow,
    Progress,
    Project,
)
from projects.selectors.commitments import open_amounts
from projects.services.conversion import entered_back
from projects.services.import_audit import Undone, undo_told
from projects.services.import_plan import chunks
from projects.services.import_queue import queue_withdraw

SIZE = 1_000
_DATES = ("start", "finish", "actual_start", "actual_finish", "forecast_finish")
_TO_ONE = ("project_manager", "sponsor", "budget_owner", "programme")
_NO_COLUMN = ("budget", "actual_cost", "reported_eac", "percent_complete", "health")


def undo_write(actor: Actor, batch: ImportBatch) -> tuple[list[dict[str, Any]], list[int]]:
    """Inside the caller's transaction. Answers notes on what could not be restored, and the projects touched."""
    touched = set(_reverse(actor, batch))
    touched |= set(_withdraw_budgets(batch))
    queue_withdraw(actor, batch)
    archived = _archive(batch)
    touched |= {project.pk for project in archived}
    notes, restored = _restore(actor, batch, touched)
    undo_told(actor, archived, restored)
    return notes, sorted(touched)


def _reverse(actor: Actor, batch: ImportBatch) -> list[int]:
    """Each entry by its opposite, in the first open month where its own is closed; of an order what is still open."""
    entries = CostEntry.objects.filter(
        organisation_id=batch.organisation_id, import_batch=batch, reverses__isnull=True, reversed_by__isnull=True
    )
    closed = period_guard(batch.organisation_id, entries.order_by().values_list("incurred_on", flat=True).distinct())
    orders = entries.filter(kind=CostEntry.Kind.COMMITMENT, settled_by__isnull=False)
    left = open_amounts(set(orders.values_list("pk", flat=True)))
    reason = _("Import of %s taken back") % batch.file_name[:300]
    reversals: list[CostEntry] = []
    projects: set[int] = set()
    for entry in entries.iterator(chunk_size=2_000):
        projects.add(entry.project_id)
        amount = left.get(entry.pk, entry.amount)
        if not amount:
            continue
        reversals.append(
            CostEntry(
                organisation_id=entry.organisation_id,
                project_id=entry.project_id,
                project_phase_id=entry.project_phase_id,
                kind=entry.kind,
                category=entry.category,
                amount=-amount,
                currency=entry.currency,
                **entered_back(entry, -amount),
                incurred_on=max(entry.incurred_on, first_open_month(month_of(entry.incurred_on), closed)),
                recorded_by=actor.user,
                vendor_id=entry.vendor_id,
                reference=entry.reference,
                description=reason,
                reverses_id=entry.pk,
                settles_id=entry.settles_id,
                import_batch=batch,
            )
        )
    CostEntry.objects.bulk_create(reversals, batch_size=SIZE)
    return sorted(projects)


def _withdraw_budgets(batch: ImportBatch) -> list[int]:
    mine = Budget.objects.filter(organisation_id=batch.organisation_id, import_batch=batch)
    projects = list(mine.values_list("project_id", flat=True).distinct())
    mine.update(state=Budget.State.REJECTED, decision_reason=_("The import was taken back"), version=F("version") + 1)
    return projects


def _archive(batch: ImportBatch) -> list[Project]:
    """Projects that the import made leave lists and roll-ups."""
    mine = Project.objects.filter(organisation_id=batch.organisation_id, import_batch=batch, archived_at__isnull=True)
    projects = list(mine)
    for part in chunks([project.pk for project in projects]):
        Project.objects.filter(pk__in=part).update(archived_at=timezone.now(), version=F("version") + 1)
    return projects


def _restore(actor: Actor, batch: ImportBatch, touched: set[int]) -> tuple[list[dict[str, Any]], list[Undone]]:
    """Old values of changed projects, unless somebody has changed them again since; notes, and what was set back."""
    notes: list[dict[str, Any]] = []
    restored: list[Undone] = []
    changed = ImportRow.objects.filter(batch=batch, object_type="project", before__isnull=False)
    rows = {row.object_id: row.before for row in changed.iterator(chunk_size=2_000) if row.object_id and row.before}
    for part in chunks(sorted(rows)):
        for project in Project.objects.filter(organisation_id=batch.organisation_id, pk__in=part):
            touched.add(project.pk)
            said, undone = _restore_one(batch, project, rows[project.pk])
            restored.append(undone)
            notes.extend(said)
            notes.extend(_restate(actor, batch, project, rows[project.pk]))
    return notes, restored


def _restore_one(batch: ImportBatch, project: Project, before: dict[str, Any]) -> tuple[list[dict[str, Any]], Undone]:
    notes = []
    values: dict[str, Any] = {}
    told: dict[str, Any] = {}
    for name, pair in before.items():
        if name in _NO_COLUMN:
            continue
        old, new = pair
        column = f"{name}_id" if name in _TO_ONE else name
        if name != "archived_at" and _plain(getattr(project, column)) != new:
            message = _("%(field)s of %(project)s was changed again since and is left as it is.")
            said = message % {"field": name.replace("_", " "), "project": project.code}
            notes.append({"code": "undo", "message": said})
            continue
        values[column] = timezone.now() if name == "archived_at" else _value(name, old)
        told[name] = values[column]
    if values:
        Project.objects.filter(pk=project.pk).update(version=F("version") + 1, **values)
    return notes, (project, {name: before[name][1] for name in told}, told)


def _restate(actor: Actor, batch: ImportBatch, project: Project, before: dict[str, Any]) -> list[dict[str, Any]]:
    """Statements are kept for ever: the one before the import is stated again, for the same day."""
    notes = []
    reason = _("Import of %s taken back") % batch.file_name[:300]
    kinds: Sequence[tuple[str, Any, str, str, str]] = (
        ("reported_eac", Forecast, "eac", "note", "recorded_by"),
        ("percent_complete", Progress, "percent_complete", "note", "recorded_by"),
        ("health", HealthDeclaration, "health", "reason", "declared_by"),
    )
    for name, model, column, text, by in kinds:
        if name not in before:
            continue
        old = before[name][0]
        stated = model.objects.filter(project=project, import_batch=batch).order_by("-status_date", "-id").first()
        if stated is None:
            continue
        if old is None:
            message = _("%(field)s of %(project)s had no value before; what was imported is kept on record.")
            said = message % {"field": name.replace("_", " "), "project": project.code}
            notes.append({"code": "undo", "message": said})
            continue
        model.objects.create(
            organisation_id=project.organisation_id,
            project=project,
            status_date=stated.status_date,
            import_batch=batch,
            **{column: old if column == "health" else Decimal(old), text: reason, by: actor.user},
        )
    return notes


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _value(name: str, old: Any) -> Any:
    return date.fromisoformat(old) if name in _DATES and old is not None else old
