"""Change requests: proposed, handed in, decided once by somebody else. Approval alone replaces a baseline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, StaleVersion
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from projects.models import Budget, ChangeRequest, Project
from projects.selectors.baselines import attachable, baseline_now, change_request_get
from projects.selectors.projects import project_get
from projects.services.budget_lines import project_held, total_of
from projects.services.budgets import budget_move, filled
from projects.services.costs import amount_checked, date_checked

State = ChangeRequest.State
LONGEST = 3_660


@dataclass(frozen=True)
class ChangeDraft:
    """What is asked for. `cost_effect` counts where no budget is attached; `days_effect` where no `new_finish` is."""

    title: str
    reason: str
    scope_effect: str = ""
    risk_effect: str = ""
    benefit_effect: str = ""
    cost_effect: Decimal = Decimal(0)
    days_effect: int = 0
    new_finish: date | None = None
    budget_id: int | None = None


NAMES = tuple(field.name for field in fields(ChangeDraft))


@transaction.atomic
def change_request_propose(*, actor: Actor, project_id: int, draft: ChangeDraft) -> ChangeRequest:
    """A new draft. Raises ApplicationError naming the field at fault."""
    project = project_get(actor, action="change.propose", pk=project_id)
    project_held(project.pk)
    last = ChangeRequest.objects.filter(project=project).aggregate(last=Max("number"))["last"] or 0
    request = ChangeRequest(
        organisation_id=project.organisation_id, project=project, number=last + 1, proposed_by=actor.user
    )
    _fill(request, project, draft)
    request.save()
    change_tell(actor, request, "change.propose", after=_effects(request))
    return request


@transaction.atomic
def change_request_update(*, actor: Actor, request_id: int, version: int, values: Mapping[str, Any]) -> ChangeRequest:
    """Change a draft: fields of ChangeDraft. Raises StaleVersion, or ApplicationError 409 where it is no draft."""
    request = change_request_get(actor, request_id, action="change.propose")
    _moved(request, version, State.DRAFT, State.DRAFT)
    before = _effects(request)
    known = {name: getattr(request, name) for name in NAMES}
    if "days_effect" in values and "new_finish" not in values:
        known["new_finish"] = None
    _fill(request, request.project, ChangeDraft(**{**known, **values}))
    request.save(update_fields=NAMES)
    request.refresh_from_db(fields=["version"])
    change_tell(actor, request, "change.update", before=before, after=_effects(request))
    return request


@transaction.atomic
def change_request_submit(*, actor: Actor, request_id: int, version: int) -> ChangeRequest:
    """Hand it in for decision, its budget with it.

    Raises ApplicationError 409 where there is no baseline to change, or where it costs something and no budget says
    where the money goes.
    """
    request = change_request_get(actor, request_id, action="change.propose")
    project = project_held(request.project_id)
    if baseline_now(project) is None:
        raise ApplicationError(
            _("%s has no baseline yet: its first budget is simply approved.") % project.code,
            code="no_baseline",
            status=409,
        )
    if request.budget is None and request.cost_effect:
        raise ApplicationError(
            _("This changes the cost by %(amount)s %(currency)s, but no budget says where: attach a draft.")
            % {"amount": f"{request.cost_effect:,.2f}", "currency": project.currency},
            code="no_budget",
            field="budget",
            status=409,
        )
    request = change_move(request, version, State.DRAFT, State.SUBMITTED, submitted_at=timezone.now())
    budget = request.budget
    if budget is not None:
        filled(budget)
        if budget.state == Budget.State.DRAFT:
            draft, submitted = Budget.State.DRAFT, Budget.State.SUBMITTED
            budget_move(actor, budget, budget.version, draft, submitted, "budget.submit")
        change_recount(request, project)
    change_tell(actor, request, "change.submit", before={"state": State.DRAFT}, after=_effects(request))
    return change_request_get(actor, request_id)


@transaction.atomic
def change_request_withdraw(*, actor: Actor, request_id: int, version: int) -> ChangeRequest:
    """Take it back before it is decided. Its budget is a draft of its own again."""
    request = change_request_get(actor, request_id, action="change.propose")
    before = request.state if request.state in (State.DRAFT, State.SUBMITTED) else State.SUBMITTED
    budget = request.budget
    request = change_move(request, version, before, State.WITHDRAWN, budget=None)
    if budget is not None and budget.state == Budget.State.SUBMITTED:
        submitted, draft = Budget.State.SUBMITTED, Budget.State.DRAFT
        budget_move(actor, budget, budget.version, submitted, draft, "budget.withdraw")
    change_tell(actor, request, "change.withdraw", before={"state": before}, after={"state": State.WITHDRAWN})
    return request


def _fill(request: ChangeRequest, project: Project, draft: ChangeDraft) -> None:
    """Check the draft and put it into the row: cost follows from the budget, days and finish from one another."""
    for name, most in (("title", 200), ("reason", 10_000)):
        text = str(getattr(draft, name)).strip()
        if not text:
            raise ApplicationError(_("Say what changes and why."), field=name, code="required")
        setattr(request, name, text[:most])
    for name in ("scope_effect", "risk_effect", "benefit_effect"):
        setattr(request, name, str(getattr(draft, name)).strip()[:10_000])
    if abs(draft.days_effect) > LONGEST:
        raise ApplicationError(_("That is more than ten years."), field="days_effect", code="out_of_range")
    request.new_finish, request.days_effect = _finish(project, draft)
    request.cost_effect = amount_checked(draft.cost_effect, field="cost_effect", zero=True)
    request.budget = None
    if draft.budget_id is not None:
        open_to_it = {budget.pk: budget for budget, _total in attachable(project, but=request if request.pk else None)}
        if draft.budget_id not in open_to_it:
            raise ApplicationError(
                _("Only a draft newer than the baseline, and in no other change request, can be attached."),
                field="budget",
                code="not_attachable",
            )
        request.budget = open_to_it[draft.budget_id]
        change_recount(request, project, save=False)


def _finish(project: Project, draft: ChangeDraft) -> tuple[date | None, int]:
    finish = draft.new_finish
    if finish is None and draft.days_effect and project.finish is not None:
        finish = project.finish + timedelta(days=draft.days_effect)
    if finish is None:
        return None, draft.days_effect
    date_checked(finish, field="new_finish")
    if project.start is not None and finish < project.start:
        raise ApplicationError(
            _("The new finish lies before the project starts."), field="new_finish", code="finish_before_start"
        )
    return finish, draft.days_effect if project.finish is None else (finish - project.finish).days


def change_recount(request: ChangeRequest, project: Project, *, save: bool = True) -> None:
    """The effect on cost: the attached budget less the baseline in force."""
    standing = baseline_now(project)
    assert request.budget is not None
    request.cost_effect = total_of(request.budget) - (standing.bac if standing is not None else Decimal(0))
    if save:
        ChangeRequest.objects.filter(pk=request.pk).update(cost_effect=request.cost_effect)


def _moved(request: ChangeRequest, version: int, before: str, after: str, **values: object) -> None:
    changed = ChangeRequest.objects.filter(pk=request.pk, state=before, version=version).update(
        state=after, version=F("version") + 1, **values
    )
    if changed:
        return
    fresh = ChangeRequest.objects.get(pk=request.pk)
    if fresh.version != version:
        raise StaleVersion(
            _("Somebody changed %(request)s meanwhile; it is %(state)s now.")
            % {"request": fresh, "state": fresh.get_state_display().lower()},
            current_version=fresh.version,
        )
    raise ApplicationError(
        _("%(request)s is %(state)s; that cannot be done to it now.")
        % {"request": fresh, "state": fresh.get_state_display().lower()},
        code="wrong_state",
        status=409,
    )


def change_move(request: ChangeRequest, version: int, before: str, after: str, **values: object) -> ChangeRequest:
    _moved(request, version, before, after, **values)
    rows = ChangeRequest.objects.select_related("project", "budget", "proposed_by", "decided_by")
    return rows.get(pk=request.pk)


def _effects(request: ChangeRequest) -> dict[str, Any]:
    return {
        "state": request.state,
        "title": request.title,
        "cost_effect": request.cost_effect,
        "days_effect": request.days_effect,
        "new_finish": request.new_finish,
        "budget": str(request.budget) if request.budget else None,
    }


def change_tell(
    actor: Actor,
    request: ChangeRequest,
    action: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    audit_record(
        actor=actor,
        action=action,
        object_type="change_request",
        object_id=request.pk,
        label=f"{request.project.code} {request}",
        project_id=request.project_id,
        before=before,
        after=after,
    )
