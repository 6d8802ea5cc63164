"""Budget versions of one project, with sums that add up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from pmo.kit.sums import ExactSum
from projects.models import Budget, BudgetLine, Category, Project


@dataclass(frozen=True, slots=True)
class VersionShown:
    """A budget version: its total without reserve, and its lines summed by phase and category."""

    budget: Budget
    total: Decimal
    lines: int
    parts: tuple[tuple[str, str, Decimal], ...]
    is_baseline: bool


def versions_of(project: Project, *, parts: bool = True, limit: int | None = None) -> list[VersionShown]:
    """The project's budgets, newest first; with `parts` their lines by phase and category. Two or three queries."""
    budgets = list(project.budgets.select_related("proposed_by", "approved_by").order_by("-number")[:limit])
    mine = BudgetLine.objects.filter(project=project).order_by()
    totals = {
        pk: (total, count)
        for pk, total, count in mine.values_list("budget_id").annotate(total=ExactSum("amount"), count=Count("id"))
    }
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
    return [
        VersionShown(budget, *totals.get(budget.pk, (Decimal(0), 0)), tuple(split[budget.pk]), budget.pk == baseline)
        for budget in budgets
    ]


def lines_of_newest(project: Project, limit: int = 120) -> list[BudgetLine]:
    """The lines of the newest version, to start the next one from; none where there are more than `limit`."""
    newest = project.budgets.order_by("-number").first()
    if newest is None or newest.lines.count() > limit:
        return []
    return list(newest.lines.order_by("project_phase__order", "period", "id"))
