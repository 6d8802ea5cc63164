"""Working on the checklist: activities done and taken up, deliverables handed in and judged by somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, Forbidden
from pmo.models import Obligation, Person
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from projects.models import ProjectActivity, ProjectDeliverable, ProjectPhase
from projects.selectors.checklist import activities_for, deliverables_for, row_get
from projects.selectors.projects import project_get
from projects.services.costs import date_checked
from projects.services.lifecycle_marks import requirements_changed
from projects.services.row_moves import row_move, row_tell, text_of

ACTIVITY_FIELDS = ("assigned_to", "due", "state", "done_on", "note")
DELIVERABLE_FIELDS = ("owner", "due")
Open = ProjectDeliverable.State


@transaction.atomic
def project_activity_update(
    *, actor: Actor, activity_id: int, version: int | None, values: Mapping[str, Any]
) -> ProjectActivity:
    """Change fields of ACTIVITY_FIELDS. Done is dated today unless `done_on` says otherwise, and by the actor.

    Raises StaleVersion, or ApplicationError naming the field.
    """
    row = row_get(activities_for(actor, "project.view"), actor, activity_id, "checklist.edit")
    _known(values, ACTIVITY_FIELDS)
    changes = _people_and_days(actor, values)
    state = changes.get("state", row.state)
    if state not in ProjectActivity.State.values:
        raise ApplicationError(_("“%s” is not a state of an activity.") % state, field="state", code="unknown_choice")
    today = today_in(actor.organisation)
    if state == ProjectActivity.State.DONE:
        done_on = changes.get("done_on") or (row.done_on if row.state == state else None) or today
        if done_on > today:
            raise ApplicationError(_("%s has not come yet.") % done_on, field="done_on", code="in_the_future")
        changes["done_on"] = done_on
        if row.state != state:
            changes |= {"done_at": timezone.now(), "done_by": actor.user}
    else:
        changes |= {"done_on": None, "done_at": None, "done_by": None}
    before = {name: _told(getattr(row, name)) for name in values}
    row_move(row, version, **changes)
    action = "activity.done" if state == "done" and before.get("state") not in (None, "done") else "activity.update"
    row_tell(actor, row, action, before=before, after={name: _told(getattr(row, name)) for name in values})
    requirements_changed(row.organisation_id, [row.project_id])
    return row


@transaction.atomic
def project_activity_add(
    *,
    actor: Actor,
    project_id: int,
    project_phase_id: int,
    name: str,
    due: date | None = None,
    assigned_to: Person | None = None,
    obligation: str = Obligation.RECOMMENDED,
) -> ProjectActivity:
    """An activity of the project's own, beside those of its standard. Raises ApplicationError naming the field."""
    project = project_get(actor, action="checklist.edit", pk=project_id)
    phase = ProjectPhase.objects.select_for_update().filter(project=project, pk=project_phase_id).first()
    if phase is None:
        raise ApplicationError(
            _("“%s” is not a phase of this project.") % project_phase_id, field="project_phase", code="does_not_exist"
        )
    name = text_of(name, field="name", missing=_("Say what is to be done."), most=200)
    if obligation not in Obligation.values:
        raise ApplicationError(_("“%s” is not an obligation.") % obligation, field="obligation", code="unknown_choice")
    values = _people_and_days(actor, {"due": due, "assigned_to": assigned_to})
    last = phase.activities.aggregate(last=Max("order"))["last"] or 0
    number = project.activities.filter(key__startswith="own-").count() + 1
    try:
        with transaction.atomic():
            row = ProjectActivity.objects.create(
                organisation_id=project.organisation_id, project=project, project_phase=phase, order=last + 1,
                key=f"own-{number}-{slugify(name)[:40]}", name=name, obligation=obligation, **values,
            )  # fmt: skip
    except IntegrityError as error:
        raise ApplicationError(
            _("Somebody added the same just now."), field="name", code="taken", status=409
        ) from error
    row_tell(actor, row, "activity.add", after={"name": name, "phase": phase.name, "obligation": obligation})
    requirements_changed(row.organisation_id, [project.pk])
    return row


@transaction.atomic
def project_deliverable_update(
    *, actor: Actor, deliverable_id: int, version: int | None, values: Mapping[str, Any]
) -> ProjectDeliverable:
    """Change fields of DELIVERABLE_FIELDS."""
    row = row_get(deliverables_for(actor, "project.view"), actor, deliverable_id, "checklist.edit")
    _known(values, DELIVERABLE_FIELDS)
    before = {name: _told(getattr(row, name)) for name in values}
    row_move(row, version, **_people_and_days(actor, values))
    row_tell(actor, row, "deliverable.update", before=before, after={k: _told(getattr(row, k)) for k in values})
    requirements_changed(row.organisation_id, [row.project_id])
    return row


@transaction.atomic
def project_deliverable_submit(*, actor: Actor, deliverable_id: int, version: int | None) -> ProjectDeliverable:
    """Hand it in for acceptance."""
    row = row_get(deliverables_for(actor, "project.view"), actor, deliverable_id, "checklist.edit")
    before = row.state
    row_move(
        row, version, states=(Open.OPEN, Open.RETURNED), state=Open.SUBMITTED, submitted_at=timezone.now(),
        submitted_by=actor.user, decided_at=None, decided_on=None, decided_by=None, decision_reason="",
    )  # fmt: skip
    row_tell(actor, row, "deliverable.submit", before={"state": before}, after={"state": row.state})
    requirements_changed(row.organisation_id, [row.project_id])
    return row


@transaction.atomic
def project_deliverable_decide(
    *, actor: Actor, deliverable_id: int, version: int | None, accept: bool, reason: str = ""
) -> ProjectDeliverable:
    """Accept what was handed in, or return it with the reason: once, by somebody else, never by token."""
    row = row_get(deliverables_for(actor, "project.view"), actor, deliverable_id, "deliverable.decide")
    if actor.is_token:
        raise Forbidden(_("A token cannot decide."))
    if row.submitted_by_id == actor.user.pk and row.state == Open.SUBMITTED:
        raise Forbidden(_("You handed this in; somebody else has to accept it."))
    if not accept:
        reason = text_of(reason, field="reason", missing=_("Say what is missing, so that it can be mended."))
    row_move(
        row, version, states=(Open.SUBMITTED,), state=Open.ACCEPTED if accept else Open.RETURNED,
        decided_at=timezone.now(), decided_on=today_in(actor.organisation), decided_by=actor.user,
        decision_reason=reason.strip(),
    )  # fmt: skip
    action = "deliverable.accept" if accept else "deliverable.return"
    row_tell(actor, row, action, before={"state": Open.SUBMITTED}, after={"state": row.state, "reason": reason})
    requirements_changed(row.organisation_id, [row.project_id])
    return row


def _known(values: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in values:
        if name not in names:
            raise ApplicationError(_("“%s” cannot be set here.") % name, field=name, code="unknown_field")


def _people_and_days(actor: Actor, values: Mapping[str, Any]) -> dict[str, Any]:
    checked = dict(values)
    for name in ("assigned_to", "owner"):
        person = checked.get(name)
        if person is not None and person.organisation_id != actor.organisation.pk:
            raise ApplicationError(_("“%s” is nobody here.") % person.pk, field=name, code="does_not_exist")
    for name in ("due", "done_on"):
        if checked.get(name) is not None:
            date_checked(checked[name], field=name)
    return checked


def _told(value: Any) -> Any:
    return str(value) if isinstance(value, Person) else value
