"""What the budget in force still plans by month and category."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pmo.kit.sums import ExactSum
from projects.models import Budget, BudgetLine, Project


def left_by_month(project: Project, day: date) -> dict[tuple[date, str], Decimal]:
    """Lines of the months after the one of `day`, by (month, category): two queries. Lines without a month are in no
    month of it."""
    approved = Budget.objects.filter(project=project, state=Budget.State.APPROVED, effective_on__lte=day)
    current = approved.order_by("-number").values_list("pk", flat=True).first()
    if current is None:
        return {}
    lines = BudgetLine.objects.filter(budget_id=current, period__gt=day).order_by()
    sums = lines.values_list("period", "category").annotate(total=ExactSum("amount"))
    return {(period, category): total for period, category, total in sums}
