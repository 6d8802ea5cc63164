"""Dated statements: progress, reported forecasts, declared health. Each kept; the latest counts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from pmo.services.audit import audit_record
from projects.analysis.facts import Milestone, Package, ProgressFact
from projects.analysis.methods import share_of
from projects.models import Forecast, HealthDeclaration, PhaseMilestone, Progress, Project, ProjectPhase
from projects.selectors.facts import STATEMENT
from projects.selectors.projects import project_get
from projects.services.costs import amount_checked, date_checked, phase_checked
from projects.services.performance import performance_owed

CENT = Decimal("0.01")


@transaction.atomic
def progress_record(
    *,
    actor: Actor,
    project_id: int,
    status_date: date,
    percent_complete: Decimal | None = None,
    project_phase_id: int | None = None,
    actual_start: date | None = None,
    actual_finish: date | None = None,
    remaining_duration: int | None = None,
    units_done: Decimal | None = None,
    milestone_id: int | None = None,
    note: str = "",
) -> Progress:
    """State how much of a phase (or of the whole project) is done as at a date, 0 to 100 %.

    A statement that counts `units_done` of a phase, or reports one of its milestones reached, needs no percentage: it
    follows. 0 % with a milestone says that it was not reached after all.
    """
    project = project_get(actor, action="project.edit", pk=project_id)
    phase_id = phase_checked(project, project_phase_id)
    if units_done is not None:
        percent_complete = _percent_by_units(phase_id, units_done)
    elif milestone_id is not None:
        percent_complete = _percent_by_milestone(phase_id, milestone_id, status_date, percent_complete)
    if percent_complete is None:
        raise ApplicationError(
            _("Say how much is done: a percentage, units or a milestone."), field="percent_complete", code="required"
        )
    if not (percent_complete.is_finite() and 0 <= percent_complete <= 100):
        raise ApplicationError(
            _("%s is not a percentage between 0 and 100.") % percent_complete,
            field="percent_complete",
            code="out_of_range",
        )
    if actual_start and actual_finish and actual_finish < actual_start:
        raise ApplicationError(
            _("The actual finish is before the actual start."), field="actual_finish", code="out_of_order"
        )
    statement = Progress.objects.create(
        organisation_id=project.organisation_id,
        project=project,
        project_phase_id=phase_id,
        status_date=_not_in_the_future(actor, status_date, "status_date"),
        percent_complete=percent_complete,
        actual_start=actual_start,
        actual_finish=actual_finish,
        remaining_duration=remaining_duration,
        units_done=units_done,
        milestone_id=milestone_id,
        note=note.strip()[:500],
        recorded_by=actor.user,
    )
    _told(actor, project, "progress.record", statement.pk, {"percent_complete": percent_complete, "as_at": status_date})
    return statement


@transaction.atomic
def forecast_record(*, actor: Actor, project_id: int, status_date: date, eac: Decimal, note: str = "") -> Forecast:
    """State the cost at completion as the project sees it."""
    project = project_get(actor, action="project.edit", pk=project_id)
    amount_checked(eac, field="eac", zero=True)
    forecast = Forecast.objects.create(
        organisation_id=project.organisation_id,
        project=project,
        status_date=_not_in_the_future(actor, status_date, "status_date"),
        eac=eac,
        note=note.strip()[:500],
        recorded_by=actor.user,
    )
    _told(actor, project, "forecast.record", forecast.pk, {"eac": eac, "as_at": status_date})
    return forecast


@transaction.atomic
def health_declare(
    *, actor: Actor, project_id: int, status_date: date, health: str, reason: str = "", expires_on: date | None = None
) -> HealthDeclaration:
    """State how the project stands in its manager's judgement. Amber and red say why."""
    project = project_get(actor, action="project.edit", pk=project_id)
    if health not in ("green", "amber", "red"):
        raise ApplicationError(_("“%s” is not green, amber or red.") % health, field="health", code="unknown_choice")
    if health != "green" and not reason.strip():
        raise ApplicationError(_("Say why it is not green."), field="reason", code="required")
    declaration = HealthDeclaration.objects.create(
        organisation_id=project.organisation_id,
        project=project,
        status_date=_not_in_the_future(actor, status_date, "status_date"),
        health=health,
        reason=reason.strip()[:500],
        expires_on=expires_on,
        declared_by=actor.user,
    )
    _told(actor, project, "health.declare", declaration.pk, {"health": health, "as_at": status_date})
    return declaration


def _percent_by_units(phase_id: int | None, units_done: Decimal) -> Decimal:
    """Units done of the units in all, in percent. Refuses units of what is not counted in units."""
    total = ProjectPhase.objects.filter(pk=phase_id).values_list("units_total", flat=True).first() if phase_id else None
    if not total:
        raise ApplicationError(
            _("Units are counted for a phase whose number of units in all is known."),
            field="units_done",
            code="no_units",
        )
    if not (units_done.is_finite() and 0 <= units_done <= total):
        raise ApplicationError(
            _("%(done)s is not a number of units between 0 and %(total)s.") % {"done": units_done, "total": total},
            field="units_done",
            code="out_of_range",
        )
    if units_done != units_done.quantize(CENT):
        raise ApplicationError(_("%s has more than two decimals.") % units_done, field="units_done", code="too_precise")
    return (units_done * 100 / total).quantize(CENT)


def _percent_by_milestone(
    phase_id: int | None, milestone_id: int, status_date: date, percent: Decimal | None
) -> Decimal:
    """The weight reached with this milestone, in percent, as at the date; 0 where the milestone is taken back."""
    milestones = PhaseMilestone.objects.filter(project_phase_id=phase_id) if phase_id else PhaseMilestone.objects.none()
    weights = [Milestone(*row) for row in milestones.values_list("id", "name", "weight", "planned_on")]
    if milestone_id not in [one.id for one in weights]:
        raise ApplicationError(_("The phase has no such milestone."), field="milestone", code="unknown_milestone")
    if percent is not None and percent != 0:
        raise ApplicationError(
            _("With a milestone the percentage follows from the weights; only 0 may be given, to take it back."),
            field="percent_complete",
            code="follows",
        )
    if percent is not None:
        return percent
    package = Package(phase_id or 0, "", None, None, "milestones", milestones=tuple(weights))
    rows = Progress.objects.filter(project_phase_id=phase_id).order_by("id").values_list(*STATEMENT)
    said = [ProgressFact(*row) for row in rows]
    reached = ProgressFact(phase_id, status_date, Decimal(100), milestone=milestone_id)
    # However small its weight: 0 % would take the milestone back.
    return max(share_of(package, [*said, reached], status_date).percent.quantize(CENT), CENT)


def _not_in_the_future(actor: Actor, day: date, field: str) -> date:
    date_checked(day, field=field)
    if day > today_in(actor.organisation):
        raise ApplicationError(
            _("%s is in the future; a statement is about what is, not what will be.") % day.isoformat(),
            field=field,
            code="in_the_future",
        )
    return day


def _told(actor: Actor, project: Project, action: str, pk: int, after: dict[str, object]) -> None:
    performance_owed(project.organisation_id, [project.pk])
    audit_record(
        actor=actor,
        action=action,
        object_type=action.split(".")[0],
        object_id=pk,
        label=f"{project.code} {project.name}",
        project_id=project.pk,
        after=after,
    )
