"""The money of one project by cost line and month."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from pmo.kit.money import round_money
from pmo.kit.sums import ExactSum, Month
from projects.analysis.earned_value import measure
from projects.analysis.money_grid import ZERO, Amounts, Line, Money, Planned, budget_of, laid
from projects.models import Baseline, Budget, BudgetLine, CostEntry, Forecast, ForecastLine, Project
from projects.selectors.facts import performance_facts
from projects.selectors.frozen import NOTHING_FROZEN, frozen_dates_of
from projects.selectors.then import approved_then, values_then

BY = ("type", "phase")
NO_BUDGET, BOTH = "none", "both"


class ProjectMoney(NamedTuple):
    """`baseline` None: nothing approved yet. `etc_on`: the date of the estimate to complete by month that is laid out;
    None where the chosen estimate at completion less the actual cost is laid along the remaining budget. `reason`: why
    there is no forecast."""

    money: Money
    baseline: Budget | None
    etc_on: date | None
    reason: str


def baseline_of(project: Project, as_of: date, known_at: datetime | None = None) -> Budget | None:
    """The budget in force at `as_of`, as known at `known_at`."""
    approved = Budget.objects.filter(approved_then(known_at), project=project, effective_on__lte=as_of)
    return approved.order_by("-number").first()


def project_money(
    project: Project, *, as_of: date, by: str = "type", split: bool = False, known_at: datetime | None = None
) -> ProjectMoney:
    """Lines are (capital | operating | both | none, category) or, by phase, (its id or "", category). About 15 queries.

    The ledger does not say capital or operating: a category's cost stands where the budget has that category, under
    "both" where it has it in both, under "none" where it has it in neither; so does its budget, unless `split`. The
    caller has checked who may see it.
    """
    baseline = baseline_of(project, as_of, known_at)
    start, finish, until = _dates(project, known_at)
    rows = list(
        BudgetLine.objects.filter(budget=baseline)
        .order_by("project_phase__order", "category")
        .values_list(
            "project_phase_id", "category", "expense_type", "period", "amount", "project_phase__start",
            "project_phase__finish",
        )
    )  # fmt: skip
    types: dict[str, set[str]] = {}
    for _, category, expense_type, *_rest in rows:
        types.setdefault(category, set()).add(expense_type)

    def line(phase: int | None, category: str, expense_type: str = "") -> Line:
        if by == "phase":
            return (str(phase or ""), category)
        of_category = types.get(category, set())
        merged = BOTH if len(of_category) > 1 else next(iter(of_category), NO_BUDGET)
        return (expense_type if split and expense_type else merged, category)

    frozen = Baseline.objects.filter(budget=baseline).first() if any(row[3] is None for row in rows) else None
    kept = frozen_dates_of(frozen) if frozen is not None else NOTHING_FROZEN
    planned = []
    for phase, category, expense_type, period, amount, *of_phase in rows:
        dates = kept.of(phase, (of_phase[0], of_phase[1]), (start, finish))
        planned.append(Planned(line(phase, category, expense_type), period, amount, *dates))
    entries = known_rows(CostEntry.objects.filter(project=project, incurred_on__lte=as_of), known_at)
    actual = _summed(entries.exclude(kind=CostEntry.Kind.COMMITMENT), line)
    ordered = _summed(entries.filter(kind=CostEntry.Kind.COMMITMENT), line)
    for place, amount in _summed(entries.filter(settles__isnull=False), line, "settles__").items():
        ordered[place] = ordered.get(place, ZERO) - amount
    money = Money(
        project.currency, budget_of(planned, project.currency), actual,
        ordered={place: amount for place, amount in ordered.items() if amount},
    )  # fmt: skip
    forecast, etc_on, reason = _forecast(project, money, as_of, known_at, until, line)
    money.forecast.update(forecast)
    return ProjectMoney(money, baseline, etc_on, reason)


def _dates(project: Project, known_at: datetime | None) -> tuple[date | None, date | None, date | None]:
    """Start, finish and until when money is spent, as known at the moment: one query where one is given."""
    then = values_then(known_at, [project.pk]).get(("project", project.pk), {}) if known_at is not None else {}
    start, finish, forecast = (then.get(key, getattr(project, key)) for key in ("start", "finish", "forecast_finish"))
    return start, finish, forecast or finish


def known_rows(rows: QuerySet[Any], known_at: datetime | None, path: str = "recorded_at") -> QuerySet[Any]:
    """Those of the rows that were recorded by the moment; all where none is given."""
    return rows if known_at is None else rows.filter(**{f"{path}__lte": known_at})


def _summed(rows: QuerySet[CostEntry], line: Any, path: str = "") -> Amounts:
    found: Amounts = {}
    fields = (f"{path}project_phase_id", f"{path}category", Month(f"{path}incurred_on"))
    for phase, category, month, total in rows.order_by().values_list(*fields).annotate(total=ExactSum("amount")):
        place = (line(phase, category), month)
        found[place] = found.get(place, ZERO) + total
    return found


def _forecast(
    project: Project, money: Money, as_of: date, known_at: datetime | None, until: date | None, line: Any
) -> tuple[Amounts, date | None, str]:
    now = as_of.replace(day=1)
    said = known_rows(Forecast.objects.filter(project=project, status_date__lte=as_of), known_at)
    newest = said.order_by("-status_date", "-id").first()
    if newest is not None and newest.kind == Forecast.Kind.ETC:
        found: Amounts = {}
        for period, category, amount in ForecastLine.objects.filter(forecast=newest).values_list(
            "period", "category", "amount"
        ):
            if period > now:
                found[line(None, category), period] = found.get((line(None, category), period), ZERO) + amount
        return found, newest.status_date, ""
    performance = measure(performance_facts([project.pk], as_of=as_of, known_at=known_at)[project.pk].facts, as_of)
    if performance.etc is None:
        return {}, None, performance.undefined.get("etc", "")
    left: Decimal = round_money(performance.etc, project.currency)
    return laid(left, money.budget, as_of, until, project.currency, line(None, "other")), None, ""
