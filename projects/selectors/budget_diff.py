"""Two versions of a budget side by side. Two queries."""

from __future__ import annotations

from decimal import Decimal

from pmo.kit.sums import ExactSum
from projects.analysis.budget_diff import Diff, Key, diff
from projects.models import Budget


def budget_diff(before: Budget, after: Budget) -> Diff:
    """What changed from `before` to `after`, two versions of one project."""
    return diff(_lines(before), _lines(after))


def _lines(budget: Budget) -> list[tuple[Key, Decimal]]:
    names = ("project_phase__name", "category", "expense_type", "funding_source", "period")
    rows = budget.lines.order_by().values_list(*names).annotate(total=ExactSum("amount"))
    return [(Key(phase or "", *key), total) for phase, *key, total in rows]
