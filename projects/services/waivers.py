"""Waivers: asked for with a reason, granted or refused by somebody else for a time, revoked when they no longer fit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, Forbidden
from pmo.models import Policy
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from projects.models import Project, Waiver
from projects.selectors.checklist import activities_for, deliverables_for, gates_for, row_get, waivers_for
from projects.selectors.projects import project_get
from projects.services.lifecycle_marks import requirements_changed
from projects.services.row_moves import row_move, row_tell, text_of

LONGEST = timedelta(days=1_096)
KINDS = ("activity", "deliverable", "gate", "policy")
KIND_CHOICES = [(kind, kind) for kind in KINDS]
State = Waiver.State


@transaction.atomic
def waiver_ask(
    *, actor: Actor, project_id: int, kind: str, object_id: int, reason: str, expires_on: date, instead: str = ""
) -> Waiver:
    """Ask not to have to do one thing of the project: an activity, a deliverable, a gate, or to follow a policy.

    Raises ApplicationError naming the field; 409 where one is asked for or runs already.
    """
    project = project_get(actor, action="waiver.ask", pk=project_id)
    target = _target(actor, project, kind, object_id)
    today = today_in(actor.organisation)
    if not today < expires_on <= today + LONGEST:
        raise ApplicationError(
            _("A waiver ends on a day after today and within three years; %s does not.") % expires_on,
            field="expires_on",
            code="out_of_range",
        )
    running = Waiver.objects.filter(project=project, **{kind: target}, state__in=(State.ASKED, State.GRANTED))
    if running.filter(expires_on__gte=today).exists():
        raise ApplicationError(_("“%s” has a waiver, or one is asked for.") % target, code="taken", status=409)
    row = Waiver.objects.create(
        organisation_id=project.organisation_id, project=project, asked_by=actor.user, expires_on=expires_on,
        reason=text_of(reason, field="reason", missing=_("Say why this cannot be done as the standard asks.")),
        instead=instead.strip()[:10_000], **{kind: target},
    )  # fmt: skip
    row_tell(actor, row, "waiver.ask", label=str(target), after={kind: str(target), "expires_on": expires_on})
    requirements_changed(row.organisation_id, [project.pk])
    return row


@transaction.atomic
def waiver_decide(*, actor: Actor, waiver_id: int, version: int | None, grant: bool, reason: str = "") -> Waiver:
    """Grant or refuse, once: not by who asked for it, never by token. A refusal says why."""
    row = row_get(waivers_for(actor, "project.view"), actor, waiver_id, "waiver.decide")
    if actor.is_token:
        raise Forbidden(_("A token cannot decide."))
    if row.asked_by_id == actor.user.pk:
        raise Forbidden(_("You asked for this waiver; somebody else decides on it."))
    if not grant:
        reason = text_of(reason, field="reason", missing=_("Say why it is refused."))
    elif row.expires_on < today_in(actor.organisation):
        raise ApplicationError(_("It would have ended on %s already.") % row.expires_on, code="expired", status=409)
    row_move(
        row, version, states=(State.ASKED,), state=State.GRANTED if grant else State.REFUSED,
        decided_at=timezone.now(), decided_by=actor.user, decision_reason=reason.strip(),
    )  # fmt: skip
    action = "waiver.grant" if grant else "waiver.refuse"
    row_tell(actor, row, action, label=waived_name(row), before={"state": State.ASKED}, after={"state": row.state})
    requirements_changed(row.organisation_id, [row.project_id])
    return row


@transaction.atomic
def waiver_revoke(*, actor: Actor, waiver_id: int, version: int | None, reason: str) -> Waiver:
    """End a granted waiver before its time, with the reason. What it covered is asked for again from now on."""
    row = row_get(waivers_for(actor, "project.view"), actor, waiver_id, "waiver.decide")
    if actor.is_token:
        raise Forbidden(_("A token cannot decide."))
    why = text_of(reason, field="reason", missing=_("Say why it ends."))
    row_move(row, version, states=(State.GRANTED,), state=State.REVOKED, decision_reason=why)
    row_tell(
        actor, row, "waiver.revoke", label=waived_name(row), before={"state": State.GRANTED},
        after={"state": row.state, "reason": why},
    )  # fmt: skip
    requirements_changed(row.organisation_id, [row.project_id])
    return row


def waived_name(row: Waiver) -> str:
    """What the waiver is about."""
    return str(row.activity or row.deliverable or row.gate or row.policy or "")


def _target(actor: Actor, project: Project, kind: str, object_id: int) -> Any:
    rows: dict[str, Any] = {
        "activity": activities_for(actor, "project.view"),
        "deliverable": deliverables_for(actor, "project.view"),
        "gate": gates_for(actor, "project.view"),
    }
    if kind == "policy":
        found = Policy.objects.filter(organisation=actor.organisation, pk=object_id).first()
    elif kind in rows:
        found = rows[kind].filter(project=project, pk=object_id).first()
    else:
        raise ApplicationError(_("“%s” cannot be waived.") % kind, field="kind", code="unknown_choice")
    if found is None:
        raise ApplicationError(_("This project has no such thing."), field="object", code="does_not_exist")
    return found
