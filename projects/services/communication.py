"""Keeping a communication plan, and saying what became of each of its dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, Forbidden
from pmo.models import Person
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from projects.analysis.communication import SOON, due_dates
from projects.models import Communication, CommunicationAudience, CommunicationPlanItem, Project, Stakeholder
from projects.selectors.checklist import row_get
from projects.selectors.projects import project_get, projects_for
from projects.selectors.stakeholders import plan_items_for
from projects.services.row_moves import row_move, row_tell, text_of

FIELDS: Final = ("message", "purpose", "channel", "cadence", "starts_on", "ends_on", "responsible_id")
State = Communication.State


@transaction.atomic
def plan_item_create(
    *, actor: Actor, project_id: int, values: Mapping[str, Any], audience: Iterable[int] = ()
) -> CommunicationPlanItem:
    """A message of the plan. Raises ApplicationError naming the field."""
    project = project_get(actor, action="stakeholder.edit", pk=project_id)
    checked = _checked(project, values, None)
    for field in ("message", "channel", "cadence", "starts_on"):
        if not checked.get(field):
            raise ApplicationError(_("This is needed."), field=field, code="required")
    row = CommunicationPlanItem.objects.create(organisation_id=project.organisation_id, project=project, **checked)
    _hear(row, audience)
    row_tell(actor, row, "communication.plan", after=_told(row))
    return row


@transaction.atomic
def plan_item_update(
    *, actor: Actor, item_id: int, values: Mapping[str, Any], audience: Iterable[int] | None = None,
    version: int | None = None,
) -> CommunicationPlanItem:  # fmt: skip
    """Change what is given; dates already marked stay as they are."""
    row = _item(actor, item_id, "stakeholder.edit")
    if row.stopped_at is not None:
        raise ApplicationError(_("“%s” is stopped; plan it anew.") % row, code="wrong_state", status=409)
    checked, before = _checked(row.project, values, row), _told(row)
    row_move(row, version, **checked)
    if audience is not None:
        _hear(row, audience)
    row_tell(actor, row, "communication.change", before=before, after=_told(row))
    return row


@transaction.atomic
def plan_item_stop(*, actor: Actor, item_id: int, version: int | None = None) -> CommunicationPlanItem:
    """End a message for good: nothing of it is due or missed any more. What was sent stays written."""
    row = _item(actor, item_id, "stakeholder.edit")
    if row.stopped_at is not None:
        raise ApplicationError(_("“%s” is stopped already.") % row, code="wrong_state", status=409)
    row_move(row, version, stopped_at=timezone.now())
    row_tell(actor, row, "communication.stop", after={"stopped_at": row.stopped_at})
    return row


@transaction.atomic
def communication_mark(*, actor: Actor, item_id: int, due: date, state: str, note: str = "") -> Communication:
    """Say that the message due on a day was sent, or left out (with a reason). Once: a second time is a 409.

    Team members do it for what they are responsible for. Raises ApplicationError where the plan has no such date, or
    it lies more than two weeks ahead.
    """
    row = _item(actor, item_id, "communication.send")
    keeps = projects_for(actor, "stakeholder.edit").filter(pk=row.project_id).exists()
    if not keeps and (row.responsible is None or row.responsible.user_id != actor.user.pk):
        raise Forbidden(_("You are not responsible for this message."))
    if state not in State.values:
        raise ApplicationError(
            _("“%s” is neither sent nor left out.") % state[:20], field="state", code="unknown_choice"
        )
    today = today_in(actor.organisation)
    if row.stopped_at is not None or not due_dates(row.cadence, row.starts_on, row.ends_on, due, due):
        raise ApplicationError(_("“%(item)s” is not due on %(day)s.") % {"item": row, "day": due}, field="due",
                               code="out_of_range")  # fmt: skip
    if due > today + SOON:
        raise ApplicationError(
            _("%s is more than two weeks ahead; say it when it is done.") % due, field="due", code="out_of_range"
        )
    if state == State.LEFT_OUT:
        note = text_of(note, field="note", missing=_("Say why it was left out."), most=2_000)
    made, fresh = Communication.objects.get_or_create(
        item=row, due=due,
        defaults={
            "organisation_id": row.organisation_id, "project_id": row.project_id, "state": state, "done_on": today,
            "done_by": actor.user, "note": note.strip()[:2_000],
        },
    )  # fmt: skip
    if not fresh:
        raise ApplicationError(
            _("“%(item)s” of %(day)s is marked already: %(state)s.")
            % {"item": row, "day": due, "state": made.get_state_display().lower()},
            code="wrong_state", status=409,
        )  # fmt: skip
    row_tell(actor, row, f"communication.{state}", after={"due": due, "note": made.note})
    return made


def _item(actor: Actor, pk: int, action: str) -> CommunicationPlanItem:
    return row_get(plan_items_for(actor, "stakeholder.view"), actor, pk, action)


def _hear(row: CommunicationPlanItem, audience: Iterable[int]) -> None:
    wanted = set(audience)
    known = Stakeholder.objects.filter(project=row.project_id, removed_at__isnull=True, pk__in=wanted)
    found = set(known.values_list("pk", flat=True))
    if found != wanted:
        raise ApplicationError(
            _("The audience names somebody who is not in the register of this project."),
            field="audience", code="does_not_exist",
        )  # fmt: skip
    CommunicationAudience.objects.filter(item=row).exclude(stakeholder__in=found).delete()
    held = set(CommunicationAudience.objects.filter(item=row).values_list("stakeholder_id", flat=True))
    try:
        with transaction.atomic():
            CommunicationAudience.objects.bulk_create(
                CommunicationAudience(organisation_id=row.organisation_id, item=row, stakeholder_id=pk)
                for pk in sorted(found - held)
            )
    except IntegrityError as error:
        raise ApplicationError(
            _("Somebody changed the audience meanwhile."), code="stale_version", status=409
        ) from error


def _checked(project: Project, values: Mapping[str, Any], row: CommunicationPlanItem | None) -> dict[str, Any]:
    checked = {field: values[field] for field in FIELDS if field in values}
    if "message" in checked:
        checked["message"] = text_of(checked["message"], field="message", missing=_("Say what is told."), most=300)
    kinds = (("channel", CommunicationPlanItem.Channel), ("cadence", CommunicationPlanItem.Cadence))
    for field, choices in kinds:
        if field in checked and checked[field] not in choices.values:
            raise ApplicationError(
                _("“%s” cannot be chosen here.") % str(checked[field])[:20], field=field, code="unknown_choice"
            )
    starts = checked.get("starts_on", row.starts_on if row else None)
    ends = checked.get("ends_on", row.ends_on if row else None)
    if starts and ends and ends < starts:
        raise ApplicationError(
            _("It ends on %(end)s, before it starts on %(start)s.") % {"end": ends, "start": starts},
            field="ends_on", code="out_of_range",
        )  # fmt: skip
    person = checked.get("responsible_id")
    if person is not None and not Person.objects.filter(organisation=project.organisation_id, pk=person).exists():
        raise ApplicationError(_("There is no such person here."), field="responsible", code="does_not_exist")
    return checked


def _told(row: CommunicationPlanItem) -> dict[str, Any]:
    return {field: getattr(row, field) for field in FIELDS}
