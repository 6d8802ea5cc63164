"""The phases of a project: their planned and actual dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, NotFound
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from projects.models import ProjectPhase
from projects.selectors.projects import project_get
from projects.services.costs import date_checked
from projects.services.performance import performance_owed

DATES = ("start", "finish", "actual_start", "actual_finish")
EDITABLE = ("name", *DATES)


@transaction.atomic
def project_phase_update(*, actor: Actor, phase_id: int, values: Mapping[str, Any]) -> ProjectPhase:
    """Change fields of EDITABLE. Raises ApplicationError naming field and value; the project's figures are owed."""
    phase = ProjectPhase.objects.select_for_update(of=("self",)).filter(pk=phase_id).select_related("project").first()
    if phase is None or phase.organisation_id != actor.organisation.pk:
        raise NotFound(_("There is no such phase here."))
    project = project_get(actor, action="project.edit", pk=phase.project_id)
    before = {key: getattr(phase, key) for key in values}
    for key, value in values.items():
        if key not in EDITABLE:
            raise ApplicationError(_("“%s” cannot be set here.") % key, field=key, code="unknown_field")
        setattr(phase, key, date_checked(value, field=key) if key in DATES and value is not None else value)
    for first, last in (("start", "finish"), ("actual_start", "actual_finish")):
        begin, end = getattr(phase, first), getattr(phase, last)
        if begin and end and end < begin:
            raise ApplicationError(
                _("The finish %(finish)s is before the start %(start)s.") % {"finish": end, "start": begin},
                field=last,
                code="out_of_order",
            )
    if not phase.name.strip():
        raise ApplicationError(_("A phase needs a name."), field="name", code="required")
    try:
        with transaction.atomic():
            phase.save(update_fields=list(values))
    except IntegrityError as error:
        raise ApplicationError(
            _("This project has a phase “%s” already.") % phase.name, field="name", code="taken", status=409
        ) from error
    performance_owed(phase.organisation_id, [phase.project_id])
    audit_record(
        actor=actor,
        action="project_phase.update",
        object_type="project_phase",
        object_id=phase.pk,
        label=f"{project.code}: {phase.name}",
        project_id=phase.project_id,
        before=before,
        after=values,
    )
    return phase
