"""The facts that figures are computed from, for many projects at once, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Max, Q, QuerySet

from pmo.kit.among import among
from pmo.kit.bulk import select_rows
from pmo.kit.sums import ExactSum, Month, Tally
from projects.analysis.facts import (
    CostAmount,
    Milestone,
    Package,
    PerformanceFacts,
    PlannedAmount,
    ProgressFact,
    RemainingAmount,
)
from projects.models import (
    Baseline,
    Budget,
    BudgetLine,
    CostEntry,
    Forecast,
    ForecastLine,
    MeasurementMethod,
    PhaseMilestone,
    Progress,
    Project,
    ProjectPhase,
)
from projects.selectors.frozen import frozen_dates, with_frozen_dates
from projects.selectors.then import approved_then, values_then

PACKAGE = ("id", "name", "start", "finish", "method", "units_total", "apportioned_to_id")
PROJECT = ("status", "start", "finish", "actual_finish", "eac_method")
STATEMENT = (
    "project_phase_id", "status_date", "percent_complete", "units_done", "milestone_id", "actual_start",
    "actual_finish",
)  # fmt: skip

ACTUAL, ACCRUAL, COMMITMENT = "actual", "accrual", "commitment"  # CostEntry.Kind, as facts name them
NOTHING = Decimal(0)
# Hundreds of thousands are made: from a tuple that is there, without a call into Python for each.
_planned: Callable[[Sequence[Any]], PlannedAmount] = partial(tuple.__new__, PlannedAmount)
_cost: Callable[[Sequence[Any]], CostAmount] = partial(tuple.__new__, CostAmount)
_said: Callable[[Sequence[Any]], ProgressFact] = partial(tuple.__new__, ProgressFact)


class Loaded(NamedTuple):
    """Facts of one project, with what the projection tells beside the figures."""

    facts: PerformanceFacts
    last_progress_on: date | None
    last_cost_on: date | None
    spend_since_progress: Decimal


def performance_facts(
    project_ids: Collection[int] | None = None,
    *,
    as_of: date,
    known_at: datetime | None = None,
    organisation_id: int | None = None,
) -> dict[int, Loaded]:
    """Facts by project id, with an effective date up to `as_of` and, where given, recorded up to `known_at`.

    `project_ids` None means all projects of `organisation_id`, or of the installation. Seven queries, whatever the
    number of projects; one more each where packages are measured by milestones, where budget lines name no month (the
    dates kept with the baseline), where estimates to complete were given by month, and where `known_at` is given (what
    was changed since of projects and phases). The caller has checked who may see them.
    """

    def mine(rows: QuerySet[Any], path: str = "project_id") -> QuerySet[Any]:
        rows = rows.filter(among(project_ids, path))
        return rows.filter(organisation_id=organisation_id) if organisation_id is not None else rows

    def known(rows: QuerySet[Any], path: str = "recorded_at") -> QuerySet[Any]:
        return rows.filter(**{f"{path}__lte": known_at}) if known_at is not None else rows

    packages: dict[int, list[Package]] = defaultdict(list)
    phases = mine(ProjectPhase.objects.order_by("project_id", "order"))
    by_milestones = False
    then = values_then(known_at, project_ids, organisation_id) if known_at is not None else {}
    for project, *row in select_rows(phases.values_list("project_id", *PACKAGE)):
        package = Package(*row)
        was = then.get(("project_phase", package.id))
        if was:
            package = package._replace(**{key: was[key] for key in Package._fields if key in was})
        packages[project].append(package)
        by_milestones = by_milestones or package.method == MeasurementMethod.MILESTONES
    if by_milestones:
        reached: dict[int, list[Milestone]] = defaultdict(list)
        weighted = mine(PhaseMilestone.objects.order_by("project_phase_id", "order"), "project_phase__project_id")
        for phase, *milestone in weighted.values_list("project_phase_id", "id", "name", "weight", "planned_on"):
            reached[phase].append(Milestone(*milestone))
        for project, found in packages.items():
            packages[project] = [
                one
                if "milestones" in then.get(("project_phase", one.id), ())  # as they were, put in above
                else one._replace(milestones=tuple(reached.get(one.id, ())))
                for one in found
            ]

    approved = mine(Budget.objects.filter(approved_then(known_at), effective_on__lte=as_of)).order_by("number")
    baseline = dict(approved.values_list("project_id", "id"))  # the highest number comes last and stays
    planned: dict[int, list[PlannedAmount]] = defaultdict(list)
    baseline_ids = set(baseline.values())
    lines = mine(BudgetLine.objects.order_by())
    sums = lines.values_list("budget_id", "project_id", "project_phase_id", "period").annotate(total=ExactSum("amount"))
    for line in select_rows(sums):
        if line[0] in baseline_ids:
            planned[line[1]].append(_planned(line[2:]))
    loose = any(period is None for amounts in planned.values() for _, period, _ in amounts)
    frozen = frozen_dates(mine(Baseline.objects.all()), baseline_ids) if loose else {}

    progress: dict[int, list[ProgressFact]] = defaultdict(list)
    told: dict[int, date] = {}  # the last statement
    moved: dict[int, date] = {}  # the last one that said something new
    percents: dict[tuple[int, int | None], Decimal] = {}
    said = known(mine(Progress.objects.filter(status_date__lte=as_of))).order_by("id")
    for statement in select_rows(said.values_list("project_id", *STATEMENT)):
        project, fact = statement[0], _said(statement[1:])
        progress[project].append(fact)
        if fact.status_date > told.get(project, date.min):
            told[project] = fact.status_date
        key = (project, fact.package)
        if percents.get(key) != fact.percent_complete:  # the same percentage said again is no progress
            percents[key] = fact.percent_complete
            moved[project] = max(fact.status_date, moved.get(project, date.min))

    reported: dict[int, tuple[Decimal, date]] = {}
    by_month: dict[int, tuple[int, date]] = {}
    forecasts = known(mine(Forecast.objects.filter(status_date__lte=as_of))).order_by("status_date", "id")
    reports = forecasts.values_list("project_id", "id", "kind", "eac", "status_date")
    for project, pk, kind, eac, on in select_rows(reports):
        reported[project] = (eac, on)
        if kind == Forecast.Kind.ETC:
            by_month[project] = (pk, on)
    remaining: dict[int, list[RemainingAmount]] = defaultdict(list)
    if by_month:
        current = {pk for pk, _ in by_month.values()}
        left = mine(ForecastLine.objects.order_by("forecast_id", "period"), "forecast__project_id")
        for pk, period, total in left.values_list("forecast_id", "period").annotate(total=ExactSum("amount")):
            if pk in current:
                remaining[pk].append(RemainingAmount(period, total))

    costs: dict[int, list[CostAmount]] = {}
    tally: dict[int, tuple[int, int, date]] = {}  # entries, newest id, newest day of a cost
    since: dict[int, Decimal] = {}
    entries = known(mine(CostEntry.objects.filter(incurred_on__lte=as_of)))
    ordered = Q(kind=CostEntry.Kind.COMMITMENT)
    months = (  # the kinds side by side: a row for each of them would be two thirds more rows
        entries.values_list("project_id", Month("incurred_on"))
        .annotate(
            actual=ExactSum("amount", filter=Q(kind=CostEntry.Kind.ACTUAL)),
            accrual=ExactSum("amount", filter=Q(kind=CostEntry.Kind.ACCRUAL)),
            commitment=ExactSum("amount", filter=ordered),
            settled=ExactSum("amount", filter=Q(settles__isnull=False)),
            count=Tally("id"),
            through=Max("id"),
            latest=Max("incurred_on", filter=~ordered),
        )
        .order_by("project_id")
    )
    for project, rows in groupby(select_rows(months), itemgetter(0)):
        moved_on = moved.get(project, date.min)
        number, newest, last, spent = 0, 0, date.min, NOTHING
        amounts = costs[project] = []
        for _, month, actual, accrual, commitment, settled, count, through, latest in rows:
            number += count
            if through > newest:
                newest = through
            if latest is not None and latest > last:
                last = latest
            if actual is not None:
                amounts.append(_cost((month, ACTUAL, actual)))
                if month > moved_on:
                    spent += actual
            if accrual is not None:
                amounts.append(_cost((month, ACCRUAL, accrual)))
                if month > moved_on:
                    spent += accrual
            if commitment is not None:
                amounts.append(_cost((month, COMMITMENT, commitment)))
            if settled is not None:  # what was invoiced of an order is no longer committed
                amounts.append(_cost((month, COMMITMENT, -settled)))
        tally[project] = (number, newest, last)
        since[project] = spent

    loaded: dict[int, Loaded] = {}
    projects = mine(Project.objects.all(), "id").values_list(
        "id", "currency", "status", "start", "finish", "actual_finish", "eac_method"
    )
    for pk, currency, status, start, finish, actual_finish, eac_method in projects:
        eac, eac_on = reported.get(pk, (None, None))
        count, through, last_cost = tally.get(pk, (0, 0, date.min))
        estimate, estimated_on = by_month.get(pk, (0, None))
        facts = PerformanceFacts(
            project_id=pk,
            currency=currency,
            status=status,
            start=start,
            finish=finish,
            actual_finish=actual_finish,
            packages=tuple(packages.get(pk, ())),
            planned=tuple(planned.get(pk, ())),
            costs=tuple(costs.get(pk, ())),
            progress=tuple(progress.get(pk, ())),
            reported_eac=eac,
            reported_eac_on=eac_on,
            bottom_up_etc=None,
            eac_method=eac_method,
            computed_through=through,
            entries=count,
            remaining=tuple(remaining.get(estimate, ())),
            remaining_on=estimated_on,
        )
        changed = then.get(("project", pk))
        if changed:
            facts = replace(facts, **{key: changed[key] for key in PROJECT if key in changed})
        if pk in frozen:
            facts = with_frozen_dates(facts, frozen[pk])
        loaded[pk] = Loaded(
            facts,
            told.get(pk),
            None if last_cost == date.min else last_cost,
            since.get(pk, NOTHING),
        )
    return loaded
