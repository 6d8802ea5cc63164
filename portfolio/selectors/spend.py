"""Money by month over many projects: budget, actual, and what is left to spend laid along the remaining budget."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Max, OuterRef, QuerySet, Subquery

from pmo.kit.sums import ExactSum, Month
from projects.models import Budget, BudgetLine, CostEntry, Project, ProjectPerformance

ZERO = Decimal(0)


class SpendMonth(NamedTuple):
    """One month of one currency; `forecast` None up to the status date's month."""

    month: date
    budget: Decimal
    actual: Decimal | None
    forecast: Decimal | None


def fiscal_year(status_date: date, start_month: int) -> list[date]:
    """First days of the twelve months of the fiscal year that the date lies in."""
    year = status_date.year if status_date.month >= start_month else status_date.year - 1
    return [date(year + (start_month + i - 1) // 12, (start_month + i - 1) % 12 + 1, 1) for i in range(12)]


def spend_by_month(rows: QuerySet[Project], currency: str, status_date: date, months: list[date]) -> list[SpendMonth]:
    """Budget, actual and forecast of the projects that keep `currency`, for consecutive `months`. Four queries.

    The forecast lays the estimate to complete (EAC − AC) along the months ahead in the proportion of the budget that is
    planned there; what the budget plans after the last month shown takes its share with it.
    """
    mine = rows.filter(currency=currency).order_by().values("pk")
    newest = (
        Budget.objects.filter(project=OuterRef("project"), state=Budget.State.APPROVED, effective_on__lte=status_date)
        .order_by("-number")
        .values("pk")[:1]
    )
    lines = BudgetLine.objects.filter(project__in=mine, budget=Subquery(newest), period__isnull=False)
    planned = dict(lines.order_by().values_list("period").annotate(total=ExactSum("amount")))
    entries = CostEntry.objects.filter(
        project__in=mine, incurred_on__gte=months[0], incurred_on__lte=status_date
    ).exclude(kind=CostEntry.Kind.COMMITMENT)
    spent = dict(entries.order_by().values_list(Month("incurred_on")).annotate(total=ExactSum("amount")))
    left = ProjectPerformance.objects.filter(project__in=mine).aggregate(etc=ExactSum("etc"), newest=Max("computed_at"))
    now = status_date.replace(day=1)
    ahead = sum((amount for month, amount in planned.items() if month > now), ZERO)
    etc = left["etc"] or ZERO
    return [
        SpendMonth(
            month,
            planned.get(month, ZERO),
            spent.get(month, ZERO) if month <= now else None,
            etc * planned.get(month, ZERO) / ahead if month > now and ahead > 0 else None,
        )
        for month in months
    ]
