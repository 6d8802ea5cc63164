"""Budget versions of one project, with sums that add up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from pmo.kit.errors import NotFound
from pmo.kit.sums import ExactSum
from pmo.selectors.actors import Actor
from projects.models import Budget, BudgetLine, Category, Project
from projects.selectors.projects import project_get


@dataclass(frozen=True, slots=True)
class VersionShown:
    """A budget version: its total without reserve, and its lines summed by phase and category.

    `contingency` is the part of the total in that category. `is_baseline`: the version in force.
    """

    budget: Budget
    total: Decimal
    lines: int
    parts: tuple[tuple[str, str, Decimal], ...]
    contingency: Decimal
    is_baseline: bool


def versions_of(project: Project, *, parts: bool = True, limit: int | None = None) -> list[VersionShown]:
    """The project's budgets, newest first; with `parts` their lines by phase and category. Two or three queries."""
    budgets = list(
        project.budgets.select_related("proposed_by", "approved_by", "change_request").order_by("-number")[:limit]
    )
    mine = BudgetLine.objects.filter(project=project).order_by()
    held_back = ExactSum("amount", filter=Q(category=Category.CONTINGENCY))
    sums = mine.values_list("budget_id").annotate(total=ExactSum("amount"), count=Count("id"), held_back=held_back)
    totals = {pk: (total, count, held_back or Decimal(0)) for pk, total, count, held_back in sums}
    none = (Decimal(0), 0, Decimal(0))
    split: dict[int, list[tuple[str, str, Decimal]]] = defaultdict(list)
    if parts:
        names = dict(Category.choices)
        rows = mine.order_by("project_phase__order", "category").values_list(
            "budget_id", "project_phase__name", "category"
        )
        for pk, phase, category, total in rows.annotate(total=ExactSum("amount")):
            split[pk].append((phase or "", str(names[category]), total))
    approved = [budget for budget in budgets if budget.state == Budget.State.APPROVED]
    baseline = approved[0].pk if approved else None
    shown = []
    for budget in budgets:
        total, count, contingency = totals.get(budget.pk, none)
        split_up = tuple(split[budget.pk])
        shown.append(VersionShown(budget, total, count, split_up, contingency, budget.pk == baseline))
    return shown


def budget_get(actor: Actor, budget_id: int, *, action: str = "money.view") -> Budget:
    """One budget for one action on its project."""
    budget = Budget.objects.filter(pk=budget_id, organisation=actor.organisation).select_related("project").first()
    if budget is None:
        raise NotFound(_("There is no such budget here."))
    project_get(actor, action="money.view", pk=budget.project_id)
    if action != "money.view":
        project_get(actor, action=action, pk=budget.project_id)
    return budget


def lines_of_newest(project: Project, limit: int = 120) -> list[BudgetLine]:
    """The lines of the newest version, to start the next one from; none where there are more than `limit`."""
    newest = project.budgets.order_by("-number").first()
    if newest is None or newest.lines.count() > limit:
        return []
    return list(newest.lines.order_by("project_phase__order", "period", "id"))
