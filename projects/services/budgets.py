"""Budgets: proposed, submitted, decided. An approved version never changes; the newest one is the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.analysis.permissions import Reach
from pmo.kit.errors import ApplicationError, Forbidden, NotFound, StaleVersion
from pmo.kit.sums import ExactSum
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from pmo.services.audit import audit_record
from projects.models import Budget, BudgetLine, Category, ExpenseType, Project
from projects.selectors.projects import assigned, project_get
from projects.services.costs import amount_checked, phase_checked
from projects.services.performance import performance_owed


@dataclass(frozen=True)
class LineDraft:
    """A budget line to be. `period` the first of a month, or None to spread the amount from start to finish."""

    amount: Decimal
    period: date | None = None
    project_phase_id: int | None = None
    category: str = "other"
    expense_type: str = "operating"
    funding_source: str = ""


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
    budget_lines_add(actor=actor, budget=budget, lines=lines)
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
def budget_lines_add(*, actor: Actor, budget: Budget, lines: Sequence[LineDraft]) -> list[BudgetLine]:
    """Add lines to a draft."""
    if budget.state != Budget.State.DRAFT:
        raise ApplicationError(
            _("Budget %s is no draft any more; propose a new version.") % budget, code="not_draft", status=409
        )
    drafts = [_line(budget, line, index) for index, line in enumerate(lines)]
    return BudgetLine.objects.bulk_create(drafts, batch_size=1_000)


@transaction.atomic
def budget_submit(*, actor: Actor, budget_id: int, version: int) -> Budget:
    """Hand a draft in for decision."""
    budget = budget_get(actor, budget_id, action="budget.propose")
    if not budget.lines.exists():
        raise ApplicationError(_("A budget without lines cannot be submitted."), code="empty", status=409)
    return _decide(actor, budget, version, Budget.State.DRAFT, Budget.State.SUBMITTED, "budget.submit")


@transaction.atomic
def budget_approve(*, actor: Actor, budget_id: int, version: int, effective_on: date | None = None) -> Budget:
    """Approve a submitted budget: the baseline from `effective_on` (today) on.

    Once, by somebody who did not propose it and whose limit covers its total. Raises StaleVersion, Forbidden, or
    ApplicationError 409 where it is decided already. Never by token.
    """
    budget = budget_get(actor, budget_id, action="budget.approve")
    if actor.is_token:
        raise Forbidden(_("A token cannot approve."))
    if budget.proposed_by_id == actor.user.pk:
        raise Forbidden(_("You proposed this budget; somebody else has to approve it."))
    total = (budget.lines.aggregate(total=ExactSum("amount"))["total"] or Decimal(0)) + budget.management_reserve
    limit = approval_limit(actor, budget.project)
    if limit is not None and total > limit:
        raise Forbidden(
            _("%(total)s %(currency)s is above your limit of %(limit)s; it needs somebody with a higher one.")
            % {"total": f"{total:,.2f}", "currency": budget.project.currency, "limit": f"{limit:,.2f}"}
        )
    moment = {
        "approved_by": actor.user,
        "approved_at": timezone.now(),
        "effective_on": effective_on or today_in(actor.organisation),
    }
    budget = _decide(actor, budget, version, Budget.State.SUBMITTED, Budget.State.APPROVED, "budget.approve", **moment)
    performance_owed(budget.organisation_id, [budget.project_id])
    return budget


@transaction.atomic
def budget_reject(*, actor: Actor, budget_id: int, version: int, reason: str) -> Budget:
    """Turn a submitted budget down, with the reason."""
    budget = budget_get(actor, budget_id, action="budget.approve")
    if actor.is_token:
        raise Forbidden(_("A token cannot decide."))
    if not reason.strip():
        raise ApplicationError(_("Say why the budget is turned down."), field="reason", code="required")
    return _decide(
        actor,
        budget,
        version,
        Budget.State.SUBMITTED,
        Budget.State.REJECTED,
        "budget.reject",
        decision_reason=reason.strip(),
    )


def budget_get(actor: Actor, budget_id: int, *, action: str = "money.view") -> Budget:
    """One budget for one action on its project."""
    budget = Budget.objects.filter(pk=budget_id, organisation=actor.organisation).select_related("project").first()
    if budget is None:
        raise NotFound(_("There is no such budget here."))
    project_get(actor, action="money.view", pk=budget.project_id)
    if action != "money.view":
        project_get(actor, action=action, pk=budget.project_id)
    return budget


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
    proposals in one instant get two numbers (posting to the project does not wait for that)."""
    Project.objects.select_for_update(no_key=True).filter(pk=project.pk).values_list("pk", flat=True).get()
    return (project.budgets.aggregate(last=Max("number"))["last"] or 0) + 1


def _line(budget: Budget, line: LineDraft, index: int) -> BudgetLine:
    try:
        if line.category not in Category.values:
            raise ApplicationError(
                _("“%s” is not a cost category.") % line.category, field="category", code="unknown_choice"
            )
        if line.expense_type not in ExpenseType.values:
            raise ApplicationError(
                _("“%s” is neither capital nor operating.") % line.expense_type,
                field="expense_type",
                code="unknown_choice",
            )
        return BudgetLine(
            organisation_id=budget.organisation_id,
            budget=budget,
            project_id=budget.project_id,
            project_phase_id=phase_checked(budget.project, line.project_phase_id),
            category=line.category,
            expense_type=line.expense_type,
            period=line.period.replace(day=1) if line.period else None,
            amount=amount_checked(line.amount),
            funding_source=line.funding_source.strip()[:120],
        )
    except ApplicationError as error:
        error.extra["index"] = index
        raise


def _decide(
    actor: Actor, budget: Budget, version: int, before: str, after: str, action: str, **values: object
) -> Budget:
    changed = Budget.objects.filter(pk=budget.pk, state=before, version=version).update(
        state=after, version=F("version") + 1, **values
    )
    fresh = Budget.objects.select_related("project").get(pk=budget.pk)
    if not changed:
        if fresh.version != version:
            raise StaleVersion(_("Somebody changed this budget meanwhile."), current_version=fresh.version)
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
