"""How the earned share of a phase is measured: its method, and what the method needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, NotFound
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from projects.analysis.facts import Package
from projects.analysis.methods import apportionment_circle, circle_said
from projects.models import MeasurementMethod, PhaseMilestone, Progress, ProjectPhase
from projects.selectors.projects import project_get
from projects.services.performance import performance_owed

MOST = 100


class MilestoneDraft(NamedTuple):
    """A milestone as given: weights are relative to one another."""

    name: str
    weight: Decimal
    planned_on: date | None = None


@transaction.atomic
def phase_method_set(
    *,
    actor: Actor,
    phase_id: int,
    method: str,
    units_total: Decimal | None = None,
    apportioned_to_id: int | None = None,
    milestones: Sequence[MilestoneDraft] = (),
) -> ProjectPhase:
    """Measure a phase by `method`. Units need `units_total`, milestones at least one, apportioned another phase.

    Milestones are known by their names; one that was reported reached cannot be left out. Raises ApplicationError.
    """
    phase = ProjectPhase.objects.select_for_update(of=("self",)).filter(pk=phase_id).first()
    if phase is None or phase.organisation_id != actor.organisation.pk:
        raise NotFound(_("There is no such phase here."))
    project = project_get(actor, action="project.edit", pk=phase.project_id)
    if method not in MeasurementMethod.values:
        raise ApplicationError(_("There is no such method."), field="method", code="unknown_choice")
    before: dict[str, Any] = {
        "method": phase.method,
        "units_total": phase.units_total,
        "apportioned_to": phase.apportioned_to_id,
    }
    phase.method = method
    phase.units_total = _units(units_total) if method == MeasurementMethod.UNITS else None
    phase.apportioned_to_id = None
    if method == MeasurementMethod.APPORTIONED:
        phase.apportioned_to_id = _other(phase, apportioned_to_id)
    after: dict[str, Any] = {
        "method": method,
        "units_total": phase.units_total,
        "apportioned_to": phase.apportioned_to_id,
    }
    phase.save(update_fields=["method", "units_total", "apportioned_to"])
    if method == MeasurementMethod.MILESTONES:
        had = _kept(phase)
        _milestones(phase, milestones)
        if had != (now := _kept(phase)):
            before, after = {**before, "milestones": had}, {**after, "milestones": now}
    performance_owed(phase.organisation_id, [phase.project_id])
    audit_record(
        actor=actor,
        action="project_phase.update",
        object_type="project_phase",
        object_id=phase.pk,
        label=f"{project.code}: {phase.name}",
        project_id=phase.project_id,
        before=before,
        after=after,
    )
    return phase


def _kept(phase: ProjectPhase) -> list[dict[str, Any]]:
    """The milestones of a phase, for the log: what it takes to put them back."""
    rows = PhaseMilestone.objects.filter(project_phase=phase).order_by("order")
    return [dict(row) for row in rows.values("id", "name", "weight", "planned_on")]


def _units(total: Decimal | None) -> Decimal:
    if total is None or not total.is_finite() or total <= 0:
        raise ApplicationError(_("Say how many units there are in all."), field="units_total", code="required")
    return total


def _other(phase: ProjectPhase, other_id: int | None) -> int:
    siblings = {each.pk: each for each in ProjectPhase.objects.filter(project_id=phase.project_id)}
    if other_id is None or other_id not in siblings:
        raise ApplicationError(_("Choose the phase it follows."), field="apportioned_to", code="required")
    siblings[phase.pk].method, siblings[phase.pk].apportioned_to_id = MeasurementMethod.APPORTIONED, other_id
    circle = apportionment_circle(
        Package(each.pk, each.name, None, None, each.method, None, each.apportioned_to_id) for each in siblings.values()
    )
    if circle is not None:
        raise ApplicationError(circle_said(circle), field="apportioned_to", code="circle")
    return other_id


def _milestones(phase: ProjectPhase, drafts: Sequence[MilestoneDraft]) -> None:
    if not 0 < len(drafts) <= MOST:
        raise ApplicationError(_("Give 1 to %d milestones.") % MOST, field="milestones", code="required")
    names = [draft.name.strip()[:200] for draft in drafts]
    if len(set(names)) < len(names) or not all(names):
        raise ApplicationError(_("Every milestone needs a name of its own."), field="milestones", code="taken")
    if any(not draft.weight.is_finite() or not 0 < draft.weight < 100_000 for draft in drafts):
        raise ApplicationError(_("Every weight must be above zero."), field="milestones", code="out_of_range")
    known = {each.name: each for each in phase.milestones.all()}
    gone = [each for name, each in known.items() if name not in names]
    if Progress.objects.filter(milestone__in=gone).exists():
        raise ApplicationError(
            _("A milestone that was reported cannot be left out: %s.") % ", ".join(each.name for each in gone),
            field="milestones",
            code="in_use",
        )
    PhaseMilestone.objects.filter(pk__in=[each.pk for each in gone]).delete()
    for place, each in enumerate(known.values(), start=10_000):  # out of the way of the new order
        PhaseMilestone.objects.filter(pk=each.pk).update(order=place)
    for place, (name, draft) in enumerate(zip(names, drafts, strict=True), start=1):
        PhaseMilestone.objects.update_or_create(
            project_phase=phase,
            name=name,
            defaults={
                "organisation_id": phase.organisation_id,
                "order": place,
                "weight": draft.weight,
                "planned_on": draft.planned_on,
            },
        )
