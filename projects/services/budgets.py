"""Budgets: proposed, submitted, decided. An approved version never changes; the newest one is the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.analysis.permissions import Reach
from pmo.kit.errors import ApplicationError, Forbidden, StaleVersion
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from pmo.services.audit import audit_record
from projects.models import Budget, ChangeRequest, Project
from projects.selectors.baselines import baseline_now
from projects.selectors.budgets import budget_get
from projects.selectors.projects import assigned, project_get
from projects.services.baselines import baseline_make
from projects.services.budget_lines import LineDraft, changed_by, lines_write, project_held, total_of
from projects.services.costs import amount_checked
from projects.services.performance import performance_owed


@transaction.atomic
def budget_propose(
    *,
    actor: Actor,
    project_id: int,
    lines: Sequence[LineDraft],
    label: str = "",
    management_reserve: Decimal = Decimal(0),
) -> Budget:
    """A new draft version with its lines. Raises ApplicationError naming the line and value at fault."""
    project = project_get(actor, action="budget.propose", pk=project_id)
    amount_checked(management_reserve, field="management_reserve", zero=True)
    budget = Budget.objects.create(
        organisation_id=project.organisation_id,
        project=project,
        number=next_number(project),
        label=label.strip()[:120],
        management_reserve=management_reserve,
        proposed_by=actor.user,
    )
    lines_write(budget, lines)
    audit_record(
        actor=actor,
        action="budget.propose",
        object_type="budget",
        object_id=budget.pk,
        label=f"{project.code} B{budget.number}",
        project_id=project.pk,
        after={"lines": len(lines), "total": sum((line.amount for line in lines), Decimal(0))},
    )
    return budget


@transaction.atomic
def budget_submit(*, actor: Actor, budget_id: int, version: int) -> Budget:
    """Hand a draft in for decision."""
    budget = budget_get(actor, budget_id, action="budget.propose")
    travels_alone(budget)
    filled(budget)
    return budget_move(actor, budget, version, Budget.State.DRAFT, Budget.State.SUBMITTED, "budget.submit")


@transaction.atomic
def budget_approve(*, actor: Actor, budget_id: int, version: int, effective_on: date | None = None) -> Budget:
    """Approve the first budget of a project: its first baseline, in force from `effective_on` (today) on.

    Once, by somebody who did not propose it and whose limit covers its total. Raises StaleVersion, Forbidden, or
    ApplicationError 409 where it is decided already or the project has a baseline, which only an approved change
    request replaces. Never by token.
    """
    budget = budget_get(actor, budget_id, action="budget.approve")
    if actor.is_token:
        raise Forbidden(_("A token cannot approve."))
    travels_alone(budget)
    approval_checked(actor, budget)
    project = project_held(budget.project_id)
    standing = baseline_now(project)
    if standing is not None and budget.state == Budget.State.SUBMITTED:
        raise ApplicationError(
            _(
                "%(project)s has the baseline %(baseline)s already. Only an approved change request replaces it: make "
                "one and attach %(budget)s to it."
            )
            % {"project": project.code, "baseline": standing, "budget": budget},
            code="needs_change_request",
            status=409,
        )
    budget = budget_put_in_force(actor, budget, version, effective_on)
    baseline_make(budget=budget, actor=actor)
    return budget


def budget_put_in_force(actor: Actor, budget: Budget, version: int, effective_on: date | None) -> Budget:
    """Submitted becomes approved. Call in the transaction that makes its baseline, with the checks done."""
    moment = {
        "approved_by": actor.user,
        "approved_at": timezone.now(),
        "effective_on": effective_on or today_in(actor.organisation),
    }
    submitted, approved = Budget.State.SUBMITTED, Budget.State.APPROVED
    budget = budget_move(actor, budget, version, submitted, approved, "budget.approve", **moment)
    performance_owed(budget.organisation_id, [budget.project_id])
    return budget


@transaction.atomic
def budget_reject(*, actor: Actor, budget_id: int, version: int, reason: str) -> Budget:
    """Turn a submitted budget down, with the reason."""
    budget = budget_get(actor, budget_id, action="budget.approve")
    if actor.is_token:
        raise Forbidden(_("A token cannot decide."))
    travels_alone(budget)
    if not reason.strip():
        raise ApplicationError(_("Say why the budget is turned down."), field="reason", code="required")
    return budget_move(
        actor,
        budget,
        version,
        Budget.State.SUBMITTED,
        Budget.State.REJECTED,
        "budget.reject",
        decision_reason=reason.strip(),
    )


def travels_alone(budget: Budget) -> None:
    """Raise ApplicationError 409 where the budget is part of an open change request: it is decided with that."""
    request = ChangeRequest.objects.filter(budget=budget).first()
    if request is not None and request.state in (ChangeRequest.State.DRAFT, ChangeRequest.State.SUBMITTED):
        raise ApplicationError(
            _("%(budget)s is part of the change request %(request)s and is handed in and decided with it.")
            % {"budget": budget, "request": request},
            code="part_of_change_request",
            status=409,
        )


def filled(budget: Budget) -> None:
    """Raise ApplicationError 409 for a budget without lines."""
    if not budget.lines.exists():
        raise ApplicationError(_("A budget without lines cannot be submitted."), code="empty", status=409)


def approval_checked(actor: Actor, budget: Budget) -> None:
    """Raise Forbidden unless somebody else proposed the budget and the actor's limit covers it with its reserve."""
    if budget.proposed_by_id == actor.user.pk:
        raise Forbidden(_("You proposed this budget; somebody else has to approve it."))
    limit_checked(actor, budget.project, total_of(budget) + budget.management_reserve)


def limit_checked(actor: Actor, project: Project, total: Decimal) -> None:
    """Raise Forbidden where the amount is above what the actor may decide on here."""
    limit = approval_limit(actor, project)
    if limit is not None and total > limit:
        raise Forbidden(
            _("%(total)s %(currency)s is above your limit of %(limit)s; it needs somebody with a higher one.")
            % {"total": f"{total:,.2f}", "currency": project.currency, "limit": f"{limit:,.2f}"}
        )


def approval_limit(actor: Actor, project: Project) -> Decimal | None:
    """The highest limit among the actor's roles that reach the project; None = without limit."""
    limits: list[Decimal | None] = []
    for role, reach in actor.reach("budget.approve").items():
        here = reach == Reach.ORG or (reach == Reach.PF and project.portfolio_id in actor.portfolio_ids)
        if here or (reach == Reach.PR and Project.objects.filter(assigned(actor, role), pk=project.pk).exists()):
            limits.append(actor.approval_limits.get(role))
    if not limits:
        return Decimal(0)
    return None if None in limits else max(limit for limit in limits if limit is not None)


def next_number(project: Project) -> int:
    """The next version number. Call in the transaction that uses it: the project is locked until its end, so that two
    proposals in one instant get two numbers."""
    project_held(project.pk)
    return (project.budgets.aggregate(last=Max("number"))["last"] or 0) + 1


def budget_move(
    actor: Actor, budget: Budget, version: int, before: str, after: str, action: str, **values: object
) -> Budget:
    """From one state to the next, once: raises StaleVersion or ApplicationError 409 where that is not possible."""
    changed = Budget.objects.filter(pk=budget.pk, state=before, version=version).update(
        state=after, version=F("version") + 1, **values
    )
    fresh = Budget.objects.select_related("project").get(pk=budget.pk)
    if not changed:
        if fresh.version != version:
            raise StaleVersion(changed_by(fresh), current_version=fresh.version)
        raise ApplicationError(
            _("This budget is %s; that cannot be done to it now.") % fresh.get_state_display().lower(),
            code="wrong_state",
            status=409,
        )
    audit_record(
        actor=actor,
        action=action,
        object_type="budget",
        object_id=budget.pk,
        label=f"{budget.project.code} B{budget.number}",
        project_id=budget.project_id,
        before={"state": before},
        after={"state": after},
    )
    return fresh
