"""Deciding on change requests. Approval is one transaction: budget, baseline, finish and figures move together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, Forbidden
from pmo.selectors.actors import Actor
from projects.models import Baseline, Budget, ChangeRequest, Project
from projects.selectors.baselines import baseline_now, change_request_get
from projects.services.baselines import baseline_make
from projects.services.budget_lines import LineDraft, lines_write, project_held
from projects.services.budgets import approval_checked, budget_move, budget_put_in_force, limit_checked, next_number
from projects.services.change_requests import change_move, change_recount, change_tell
from projects.services.performance import performance_owed

State = ChangeRequest.State


@transaction.atomic
def change_request_decide(
    *,
    actor: Actor,
    request_id: int,
    version: int,
    approve: bool,
    reason: str,
    effective_on: date | None = None,
) -> ChangeRequest:
    """Approve or turn down a submitted request, with the reason; once, by somebody who proposed neither it nor its
    budget and whose limit covers the new total. Never by token.

    Approved: its budget is in force from `effective_on` (today), the project has its new finish and a new baseline,
    and its figures are owed. Raises StaleVersion, Forbidden, or ApplicationError.
    """
    request = change_request_get(actor, request_id, action="change.decide")
    if actor.is_token:
        raise Forbidden(_("A token cannot decide."))
    if request.proposed_by_id == actor.user.pk:
        raise Forbidden(_("You proposed this change; somebody else has to decide on it."))
    if not reason.strip():
        raise ApplicationError(_("Say why it is decided so."), field="reason", code="required")
    project = project_held(request.project_id)
    after = State.APPROVED if approve else State.REJECTED
    decision = {"decided_by": actor.user, "decided_at": timezone.now(), "decision_reason": reason.strip()}
    before = request.state
    request = change_move(request, version, State.SUBMITTED, after, **decision)
    told = {"state": after, "decision_reason": reason.strip()}
    if approve:
        baseline = _put_in_force(actor, request, project, effective_on)
        told |= {"baseline": str(baseline), "bac": str(baseline.bac)}
    elif request.budget is not None:
        _turn_down(actor, request.budget, reason)
    change_tell(actor, request, "change.approve" if approve else "change.reject", before={"state": before}, after=told)
    return change_request_get(actor, request_id)


def _put_in_force(actor: Actor, request: ChangeRequest, project: Project, effective_on: date | None) -> Baseline:
    standing = baseline_now(project)
    if standing is None:
        raise ApplicationError(_("%s has no baseline to change.") % project.code, code="no_baseline", status=409)
    if request.budget is None:
        limit_checked(actor, project, standing.bac + standing.budget.management_reserve)
        budget = _same_again(request, standing.budget)
    else:
        budget = request.budget
        if budget.number < standing.budget.number:
            raise ApplicationError(
                _("%(budget)s is older than the baseline %(baseline)s: copy it forward and attach the copy.")
                % {"budget": budget, "baseline": standing},
                code="older_than_baseline",
                status=409,
            )
        approval_checked(actor, budget)
        change_recount(request, project)
    budget = budget_put_in_force(actor, budget, budget.version, effective_on)
    if request.new_finish is not None and request.new_finish != project.finish:
        if project.start is not None and request.new_finish < project.start:
            raise ApplicationError(
                _("The new finish lies before the project starts."), field="new_finish", code="finish_before_start"
            )
        Project.objects.filter(pk=project.pk).update(finish=request.new_finish, version=F("version") + 1)
    baseline = baseline_make(budget=budget, actor=actor, change_request=request)
    performance_owed(project.organisation_id, [project.pk])
    return baseline


def _same_again(request: ChangeRequest, budget: Budget) -> Budget:
    """The budget of a change that costs nothing: the one in force as a new version, for its own baseline."""
    copy = Budget.objects.create(
        organisation_id=budget.organisation_id,
        project=budget.project,
        number=next_number(budget.project),
        label=request.title[:120],
        management_reserve=budget.management_reserve,
        proposed_by=request.proposed_by,
        copied_from=budget,
        state=Budget.State.SUBMITTED,
    )
    names = ("amount", "period", "project_phase_id", "category", "expense_type", "funding_source")
    lines_write(copy, [LineDraft(**row) for row in budget.lines.order_by("id").values(*names)])
    ChangeRequest.objects.filter(pk=request.pk).update(budget=copy, cost_effect=Decimal(0))
    return copy


def _turn_down(actor: Actor, budget: Budget, reason: str) -> None:
    submitted, rejected = Budget.State.SUBMITTED, Budget.State.REJECTED
    budget_move(actor, budget, budget.version, submitted, rejected, "budget.reject", decision_reason=reason.strip())
