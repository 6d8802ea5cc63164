"""The money of many projects by month: a few sums over all of them, put together by project, programme or category."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from pmo.kit.money import round_money
from pmo.kit.sums import ExactSum, Month
from pmo.models import Organisation
from pmo.selectors.clock import status_date_of
from projects.analysis.earned_value import measure
from projects.analysis.money_grid import ZERO, Amounts, Line, Money, Planned, budget_of, laid
from projects.models import Baseline, Budget, BudgetLine, CostEntry, Forecast, ForecastLine, Project, ProjectPerformance
from projects.selectors.facts import performance_facts
from projects.selectors.frozen import NOTHING_FROZEN, frozen_dates
from projects.selectors.money import known_rows
from projects.selectors.then import approved_then, values_then

GROUPS = ("project", "programme", "category")
REST = "other"


class Told(NamedTuple):
    """A project as the report needs it."""

    pk: int
    code: str
    name: str
    currency: str
    programme: str
    start: date | None
    finish: date | None
    until: date | None


def told(rows: QuerySet[Project], known_at: datetime | None = None) -> list[Told]:
    """The projects in their order, their dates as known at the moment: one query, two where a moment is given."""
    fields = ("pk", "code", "name", "currency", "programme__name", "start", "finish", "forecast_finish")
    found = list(rows.values_list(*fields))
    then = values_then(known_at, [row[0] for row in found]) if known_at is not None else {}
    projects = []
    for pk, code, name, currency, programme, *now in found:
        was = then.get(("project", pk), {})
        keys = ("start", "finish", "forecast_finish")
        start, finish, until = (was.get(key, value) for key, value in zip(keys, now, strict=True))
        projects.append(Told(pk, code, name, currency, programme or "", start, finish, until or finish))
    return projects


def cost_by_month(rows: QuerySet[Project], as_of: date) -> dict[int, dict[date, Decimal]]:
    """Actual cost and accruals by project and month, up to `as_of`: one query."""
    found: dict[int, dict[date, Decimal]] = defaultdict(dict)
    spent = CostEntry.objects.filter(project__in=_ids(rows), incurred_on__lte=as_of)
    spent = spent.exclude(kind=CostEntry.Kind.COMMITMENT).order_by()
    for pk, month, total in spent.values_list("project_id", Month("incurred_on")).annotate(total=ExactSum("amount")):
        found[pk][month] = total
    return found


def portfolio_money(
    rows: QuerySet[Project],
    projects: Iterable[Told],
    organisation: Organisation,
    *,
    mode: str,
    by: str,
    as_of: date,
    known_at: datetime | None = None,
) -> dict[str, Money]:
    """Money by currency, its lines (project code), (programme) or (category), as `by` says; what `mode` needs and no
    more, from what was recorded up to `known_at` (None: up to now). At most eight queries whatever the number of
    projects, nine more for another date than the organisation's, or a moment. The rows are those whose money the
    reader may see.
    """
    known = {project.pk: project for project in projects}
    wide = by == "category"
    money: dict[int, Money] = {pk: Money(project.currency) for pk, project in known.items()}
    if mode != "commitments":
        for pk, amounts in _budgets(rows, known, as_of, known_at, wide).items():
            money[pk].budget.update(amounts)
    if mode in ("forecast", "variance"):
        spent = known_rows(CostEntry.objects.filter(project__in=_ids(rows), incurred_on__lte=as_of), known_at)
        _add(money, spent.exclude(kind=CostEntry.Kind.COMMITMENT), wide, "actual")
        _forecasts(rows, known, money, organisation, as_of, known_at, wide)
    if mode == "commitments":
        entries = known_rows(CostEntry.objects.filter(project__in=_ids(rows), incurred_on__lte=as_of), known_at)
        _add(money, entries.filter(kind=CostEntry.Kind.COMMITMENT), wide, "ordered")
        _add(money, entries.filter(settles__isnull=False), wide, "ordered", "settles__", -1)
    return _folded(known, money, by)


def _ids(rows: QuerySet[Project]) -> QuerySet[Project, Any]:
    return rows.order_by().values("pk")


def _add(
    money: Mapping[int, Money], entries: QuerySet[CostEntry], wide: bool, part: str, path: str = "", sign: int = 1
) -> None:
    fields: tuple[Any, ...] = ("project_id", Month(f"{path}incurred_on"), *((f"{path}category",) if wide else ()))
    for pk, month, *line, total in entries.order_by().values_list(*fields).annotate(total=ExactSum("amount")):
        if pk in money:
            amounts: Amounts = getattr(money[pk], part)
            place = (tuple(line), month)
            amounts[place] = amounts.get(place, ZERO) + sign * total


def _budgets(
    rows: QuerySet[Project], known: Mapping[int, Told], as_of: date, known_at: datetime | None, wide: bool
) -> dict[int, Amounts]:
    """The budget in force of each project: two queries, one more for dates where lines name no month."""
    approved = Budget.objects.filter(approved_then(known_at), project__in=_ids(rows), effective_on__lte=as_of)
    approved = approved.order_by("number")
    baseline = dict(approved.values_list("project_id", "id"))
    in_force = set(baseline.values())
    planned: dict[int, list[Planned]] = defaultdict(list)
    fields = ("project_id", "budget_id", "period", "project_phase_id", "project_phase__start", "project_phase__finish")
    lines = BudgetLine.objects.filter(project__in=_ids(rows)).order_by()
    sums = lines.values_list(*fields, *(("category",) if wide else ())).annotate(total=ExactSum("amount"))
    found = list(sums)
    loose = any(row[2] is None for row in found)
    frozen = frozen_dates(Baseline.objects.filter(project__in=_ids(rows)), in_force) if loose else {}
    for pk, budget, period, phase, start, finish, *line, total in found:
        if budget in in_force and pk in known:
            whole = (known[pk].start, known[pk].finish)
            dates = frozen.get(pk, NOTHING_FROZEN).of(phase, (start, finish), whole)
            planned[pk].append(Planned(tuple(line), period, total, *dates))
    return {pk: budget_of(amounts, known[pk].currency) for pk, amounts in planned.items()}


def _forecasts(
    rows: QuerySet[Project], known: Mapping[int, Told], money: Mapping[int, Money], organisation: Organisation,
    as_of: date, known_at: datetime | None, wide: bool,
) -> None:  # fmt: skip
    """Lay what is left of each project along the months ahead, or its own estimate to complete by month."""
    now = as_of.replace(day=1)
    said = known_rows(Forecast.objects.filter(project__in=_ids(rows), status_date__lte=as_of), known_at)
    said = said.order_by("status_date", "id")
    newest = {pk: (forecast, kind) for pk, forecast, kind in said.values_list("project_id", "id", "kind")}
    given = {forecast: pk for pk, (forecast, kind) in newest.items() if kind == Forecast.Kind.ETC and pk in known}
    if given:
        by_month = ForecastLine.objects.filter(forecast__project__in=_ids(rows), period__gt=now)
        for forecast, period, category, amount in by_month.values_list("forecast_id", "period", "category", "amount"):
            if forecast in given:
                place = ((category,) if wide else (), period)
                amounts = money[given[forecast]].forecast
                amounts[place] = amounts.get(place, ZERO) + amount
    own = set(given.values())
    rest: Line = (REST,) if wide else ()
    for pk, left in _left(rows, organisation, as_of, known_at).items():
        if pk in known and pk not in own and left:
            project = known[pk]
            amount = round_money(left, project.currency)
            money[pk].forecast.update(laid(amount, money[pk].budget, as_of, project.until, project.currency, rest))


def _left(
    rows: QuerySet[Project], organisation: Organisation, as_of: date, known_at: datetime | None
) -> dict[int, Decimal]:
    """The estimate to complete of each project: as kept, or computed for another date or moment."""
    if known_at is None and as_of == status_date_of(organisation):
        kept = ProjectPerformance.objects.filter(project__in=_ids(rows), etc__isnull=False)
        return dict(kept.values_list("project_id", "etc"))
    ids = list(rows.order_by().values_list("pk", flat=True))
    loaded = performance_facts(ids, as_of=as_of, known_at=known_at, organisation_id=organisation.pk)
    found = {pk: measure(one.facts, as_of).etc for pk, one in loaded.items()}
    return {pk: etc for pk, etc in found.items() if etc is not None}


def _folded(known: Mapping[int, Told], money: Mapping[int, Money], by: str) -> dict[str, Money]:
    folded: dict[str, Money] = {}
    for pk, each in money.items():
        project = known[pk]
        whole = folded.setdefault(project.currency, Money(project.currency))
        head = (project.code,) if by == "project" else (project.programme,) if by == "programme" else None
        for part in ("budget", "actual", "forecast", "ordered"):
            target: Amounts = getattr(whole, part)
            for (line, month), amount in getattr(each, part).items():
                place = (head or line, month)
                target[place] = target.get(place, ZERO) + amount
    return folded
