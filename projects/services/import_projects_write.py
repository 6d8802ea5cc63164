"""Writing what import_projects.py decided: bulk inserts, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.models import Phase, StandardVersion
from pmo.selectors.periods import month_of
from pmo.services.periods import closed_sentence, period_guard
from projects.analysis.checklist import phase_spans
from projects.models import (
    Budget,
    BudgetLine,
    CostEntry,
    Forecast,
    HealthDeclaration,
    Progress,
    Project,
    ProjectPhase,
)
from projects.selectors.imports import TOTAL
from projects.services.checklists import checklists_lay
from projects.services.import_audit import projects_told
from projects.services.import_plan import Context, chunks
from projects.services.import_projects import PEOPLE, ProjectChange
from projects.services.projects import standard_of

SIZE = 1_000
_MANY_TO_ONE = (*PEOPLE, "programme")


def write_projects(context: Context, changes: Sequence[ProjectChange]) -> list[int]:
    """Write projects, phases, budgets, ledger entries and statements. Answers the ids of the projects touched."""
    fresh = [change for change in changes if change.known is None]
    if fresh:
        standard = standard_of(context.actor.organisation.pk)
        for change in fresh:
            change.project.standard_version = standard
        Project.objects.bulk_create([change.project for change in fresh], batch_size=SIZE)
        _lay_phases(context, fresh, standard)
    for change in changes:
        if change.known is not None and change.fields:
            stored = {f"{k}_id" if k in _MANY_TO_ONE else k: getattr(v, "pk", v) for k, v in change.fields.items()}
            Project.objects.filter(pk=change.project.pk).update(version=F("version") + 1, **stored)
            for name in set(change.fields).intersection(_MANY_TO_ONE):  # what was new has its id only now
                change.before[name][1] = change.fields[name].pk
    projects_told(context.actor, changes)
    phases = _phases(context, changes)
    _write_budgets(context, changes, phases)
    _write_ledger(context, changes, phases)
    _write_statements(context, changes)
    return [change.project.pk for change in changes]


def _lay_phases(context: Context, fresh: Sequence[ProjectChange], standard: StandardVersion) -> None:
    """The standard's phases, for projects whose file does not bring phases of its own; then the current one."""
    shipped = list(Phase.objects.filter(version=standard).order_by("order"))
    named = {phase.name.casefold(): phase for phase in shipped}
    laid: list[ProjectPhase] = []
    for change in fresh:
        project = change.project
        if change.phases:
            own = _own_phases(project, change)
            for row in own:
                row.phase = named.get(row.name.casefold())
            laid.extend(own)
            continue
        spans = phase_spans([phase.key for phase in shipped], (project.start, project.finish))
        for phase in shipped:
            laid.append(
                ProjectPhase(
                    organisation_id=project.organisation_id,
                    project=project,
                    phase=phase,
                    order=phase.order,
                    name=phase.name,
                    start=spans[phase.key][0],
                    finish=spans[phase.key][1],
                )
            )
    ProjectPhase.objects.bulk_create(laid, batch_size=SIZE)
    by_name: dict[int, dict[str, ProjectPhase]] = {}
    for row in laid:
        by_name.setdefault(row.project_id, {})[row.name.casefold()] = row
    current = []
    for change in fresh:
        mine = by_name.get(change.project.pk, {})
        wanted = (change.current_phase or "").casefold()
        change.project.phase = mine.get(wanted) or next(iter(mine.values()), None)
        if wanted and wanted not in mine:
            context.notes.append(_phase_note(change.current_phase or ""))
        current.append(change.project)
    Project.objects.bulk_update(current, ["phase"], batch_size=500)
    checklists_lay(context.actor.organisation.pk, [project.pk for project in current])


def _phase_note(name: str) -> dict[str, Any]:
    return {
        "code": "phase",
        "message": _("The phase “%s” is not one of the standard's phases; it was left aside.") % name,
    }


def _own_phases(project: Project, change: ProjectChange) -> list[ProjectPhase]:
    """Phases as the file names them, in its order; a finish before its start is left empty."""
    made: dict[str, ProjectPhase] = {}
    for name, part in change.phases:
        if name in made:
            continue
        start, finish, actual_start, actual_finish = (
            value if isinstance(value := part.values.get(key), date) else None
            for key in ("start", "finish", "actual_start", "actual_finish")
        )
        if start and finish and finish < start:
            finish = None
        made[name] = ProjectPhase(
            organisation_id=project.organisation_id,
            project=project,
            order=len(made) + 1,
            name=name,
            start=start,
            finish=finish,
            actual_start=actual_start,
            actual_finish=actual_finish,
        )
    return list(made.values())


def _phases(context: Context, changes: Sequence[ProjectChange]) -> dict[tuple[int, str], ProjectPhase]:
    """Phases by project and name; those a known project lacks are added."""
    found: dict[tuple[int, str], ProjectPhase] = {}
    ids = [change.project.pk for change in changes if change.phases]
    for part in chunks(ids):
        for row in ProjectPhase.objects.filter(project_id__in=part).order_by("order"):
            found[row.project_id, row.name] = row
    missing: list[ProjectPhase] = []
    for change in changes:
        if change.known is None or not change.phases:
            continue
        have = [row for (project_id, _name), row in found.items() if project_id == change.project.pk]
        order = max((row.order for row in have), default=0)
        for row in _own_phases(change.project, change):
            if (change.project.pk, row.name) not in found:
                order += 1
                row.order = order
                found[change.project.pk, row.name] = row
                missing.append(row)
    ProjectPhase.objects.bulk_create(missing, batch_size=SIZE)
    return found


def _write_budgets(
    context: Context, changes: Sequence[ProjectChange], phases: dict[tuple[int, str], ProjectPhase]
) -> None:
    now = timezone.now()
    numbers: dict[int, int] = {}
    ids = [change.project.pk for change in changes if change.budgets and change.known is not None]
    for part in chunks(ids):
        rows = Budget.objects.filter(project_id__in=part).values_list("project_id").annotate(last=Max("number"))
        numbers.update(dict(rows.values_list("project_id", "last")))
    budgets: list[tuple[Budget, ProjectChange, Any]] = []
    for change in changes:
        decided_here = change.known is not None and change.known.budget_origin == Budget.Origin.ENTERED
        for draft in change.budgets:
            number = numbers.get(change.project.pk, 0) + 1
            numbers[change.project.pk] = number
            budget = Budget(
                organisation_id=change.project.organisation_id,
                project=change.project,
                number=number,
                label=_("Imported"),
                origin=Budget.Origin.ENTERED if decided_here else Budget.Origin.IMPORTED,
                state=Budget.State.SUBMITTED if decided_here else Budget.State.APPROVED,
                proposed_by=context.actor.user if decided_here else None,
                approved_at=None if decided_here else now,
                effective_on=None if decided_here else draft.effective_on,
                import_batch=context.batch,
            )
            budgets.append((budget, change, draft))
        if decided_here and change.budgets:
            message = _("The budget of %s was approved here; the imported one is submitted for approval.")
            context.notes.append({"code": "budget", "message": message % change.project.code})
    Budget.objects.bulk_create([budget for budget, _change, _draft in budgets], batch_size=SIZE)
    lines = [
        BudgetLine(
            organisation_id=budget.organisation_id,
            budget=budget,
            project=change.project,
            project_phase=phases.get((change.project.pk, phase)) if phase else None,
            amount=amount,
        )
        for budget, change, draft in budgets
        for phase, amount in draft.lines
    ]
    BudgetLine.objects.bulk_create(lines, batch_size=SIZE)


def _write_ledger(
    context: Context, changes: Sequence[ProjectChange], phases: dict[tuple[int, str], ProjectPhase]
) -> None:
    """One entry a project (or phase) and import: what has been spent since the last import from the same source."""
    lines = {verdict.thing.pk: verdict.line for verdict in context.verdicts if verdict.thing is not None}
    entries = [
        CostEntry(
            organisation_id=change.project.organisation_id,
            project=change.project,
            project_phase=phases.get((change.project.pk, phase)) if phase else None,
            amount=amount,
            currency=change.project.currency,
            incurred_on=day,
            recorded_by=context.actor.user,
            description=_("Spent to date, from %s") % context.batch.file_name[:300],
            source=context.source,
            external_id=f"{TOTAL}{change.project.pk}/{number}/{context.batch.pk}",
            import_batch=context.batch,
            import_line=lines.get(change.project.pk),
        )
        for change in changes
        for number, (phase, amount, day) in enumerate(change.ledger)
        if amount
    ]
    if entries:
        days = {entry.incurred_on for entry in entries}
        closed = period_guard(entries[0].organisation_id, days)
        if late := sorted({month_of(day) for day in days} & closed):
            raise ApplicationError(closed_sentence(late[0], closed), code="period_closed", status=409)
    CostEntry.objects.bulk_create(entries, batch_size=SIZE)


def _write_statements(context: Context, changes: Sequence[ProjectChange]) -> None:
    user, batch = context.actor.user, context.batch
    said = _("From %s") % batch.file_name[:300]
    forecasts, progress, health = [], [], []
    for change in changes:
        common: dict[str, Any] = {
            "organisation_id": change.project.organisation_id,
            "project": change.project,
            "import_batch": batch,
        }
        for day, eac in change.forecasts:
            forecasts.append(Forecast(status_date=day, eac=eac, note=said, recorded_by=user, **common))
        for day, percent in change.progress:
            progress.append(Progress(status_date=day, percent_complete=percent, note=said, recorded_by=user, **common))
        for day, word in change.health:
            health.append(HealthDeclaration(status_date=day, health=word, reason=said, declared_by=user, **common))
    Forecast.objects.bulk_create(forecasts, batch_size=SIZE)
    Progress.objects.bulk_create(progress, batch_size=SIZE)
    HealthDeclaration.objects.bulk_create(health, batch_size=SIZE)
