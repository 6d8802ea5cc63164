"""The lines of a budget draft: checked, added, replaced as a whole, spread over months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, StaleVersion
from pmo.kit.sums import ExactSum
from pmo.models import AuditEvent
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from projects.analysis.spread import CannotSpread, months_between, spread
from projects.models import Budget, BudgetLine, Category, ExpenseType, Project, ProjectPhase
from projects.selectors.budgets import budget_get
from projects.services.costs import amount_checked, date_checked

MOST_LINES = 10_000
MOST_MONTHS = 240


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
def budget_lines_add(*, actor: Actor, budget: Budget, lines: Sequence[LineDraft]) -> list[BudgetLine]:
    """Add lines to a draft, which becomes a new version of itself. Raises ApplicationError with the line's index."""
    changed = Budget.objects.filter(pk=budget.pk, state=Budget.State.DRAFT).update(version=F("version") + 1)
    if not changed:
        raise _no_draft(budget)
    return lines_write(budget, lines)


@transaction.atomic
def budget_lines_replace(*, actor: Actor, budget_id: int, version: int, lines: Sequence[LineDraft]) -> Budget:
    """Give a draft these lines and no others. Raises StaleVersion naming who changed it meanwhile."""
    budget = budget_get(actor, budget_id, action="budget.propose")
    before = total_of(budget)
    changed = Budget.objects.filter(pk=budget.pk, state=Budget.State.DRAFT, version=version).update(
        version=F("version") + 1
    )
    if not changed:
        fresh = Budget.objects.get(pk=budget.pk)
        if fresh.state != Budget.State.DRAFT:
            raise _no_draft(fresh)
        raise StaleVersion(changed_by(fresh), current_version=fresh.version)
    budget.lines.all().delete()
    lines_write(budget, lines)
    fresh = Budget.objects.select_related("project").get(pk=budget.pk)
    audit_record(
        actor=actor,
        action="budget.change",
        object_type="budget",
        object_id=budget.pk,
        label=f"{budget.project.code} {budget}",
        project_id=budget.project_id,
        before={"total": before},
        after={"lines": len(lines), "total": total_of(fresh)},
    )
    return fresh


def lines_write(budget: Budget, lines: Sequence[LineDraft]) -> list[BudgetLine]:
    """Check and insert lines. Call in the transaction that has made sure that the budget may change."""
    if len(lines) > MOST_LINES:
        message = _("A budget holds up to %(limit)d lines; this one would have %(count)d.")
        raise ApplicationError(message % {"limit": MOST_LINES, "count": len(lines)}, code="too_many")
    phases = set(ProjectPhase.objects.filter(project=budget.project_id).values_list("pk", flat=True))
    drafts = [_line(budget, line, index, phases) for index, line in enumerate(lines)]
    return BudgetLine.objects.bulk_create(drafts, batch_size=1_000)


def line_spread(
    line: LineDraft, start: date, finish: date, profile: str = "even", *, currency: str = ""
) -> list[LineDraft]:
    """The line's amount over the months of start..finish by a profile of PROFILES; the parts add up to it exactly.

    Months that get nothing have no line. Raises ApplicationError.
    """
    if finish < start:
        raise ApplicationError(_("The last month lies before the first."), field="finish", code="finish_before_start")
    months = months_between(start, finish)
    if len(months) > MOST_MONTHS:
        raise ApplicationError(_("That is more than %d months.") % MOST_MONTHS, field="finish", code="too_many")
    try:
        parts = spread(line.amount, months, profile, start=start, finish=finish, currency=currency)
    except CannotSpread as refusal:
        raise ApplicationError(str(refusal), field="profile", code="cannot_spread") from refusal
    return [replace(line, amount=part, period=month) for month, part in zip(months, parts, strict=True) if part]


def total_of(budget: Budget) -> Decimal:
    """The sum of the lines: what BAC is where this is the baseline."""
    total: Decimal | None = budget.lines.aggregate(total=ExactSum("amount"))["total"]
    return total or Decimal(0)


def changed_by(budget: Budget) -> str:
    """The sentence for who comes too late: who changed the budget last, and when, as far as the log tells."""
    events = AuditEvent.objects.filter(
        organisation_id=budget.organisation_id, object_type="budget", object_id=str(budget.pk)
    )
    last = events.select_related("user").order_by("-id").first()
    if last is None or last.user is None:
        return _("Somebody changed this budget meanwhile.")
    return _("%(who)s changed %(budget)s at %(time)s UTC, after you opened it.") % {
        "who": last.user, "budget": budget, "time": f"{last.at:%H:%M}",
    }  # fmt: skip


def project_held(project_id: int) -> Project:
    """The project, locked until the transaction ends: numbers are given and baselines made one at a time. Posting to
    the project does not wait for that."""
    return Project.objects.select_for_update(no_key=True, of=("self",)).get(pk=project_id)


def _no_draft(budget: Budget) -> ApplicationError:
    return ApplicationError(
        _("Budget %s is no draft any more; propose a new version.") % budget, code="not_draft", status=409
    )


def _line(budget: Budget, line: LineDraft, index: int, phases: set[int]) -> BudgetLine:
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
        if line.project_phase_id is not None and line.project_phase_id not in phases:
            raise ApplicationError(
                _("“%s” is not a phase of this project.") % line.project_phase_id,
                field="project_phase",
                code="does_not_exist",
            )
        return BudgetLine(
            organisation_id=budget.organisation_id,
            budget=budget,
            project_id=budget.project_id,
            project_phase_id=line.project_phase_id,
            category=line.category,
            expense_type=line.expense_type,
            period=date_checked(line.period, field="period").replace(day=1) if line.period else None,
            amount=amount_checked(line.amount),
            funding_source=line.funding_source.strip()[:120],
        )
    except ApplicationError as error:
        error.extra["index"] = index
        raise
