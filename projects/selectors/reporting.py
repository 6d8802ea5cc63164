"""What the figures of projects in another currency than their organisation's are converted from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models.functions import Coalesce

from pmo.kit.sums import ExactSum
from pmo.models import ExchangeRate, Organisation
from projects.analysis.conversion import MissingRate, Rate, Rates, rates_of
from projects.analysis.earned_value import Performance
from projects.analysis.reporting import DayAmount, Reported, in_currency
from projects.models import Budget, CostEntry, Project
from projects.selectors.then import approved_then


class Abroad(NamedTuple):
    """What one project is converted by: the days behind its costs, and the day its budget in force was approved."""

    days: tuple[DayAmount, ...]
    plan_on: date | None


def rates_then(organisation: Organisation, known_at: datetime | None = None) -> Rates:
    """All rates of the organisation, or those recorded up to `known_at`, by way of its own currency: one query."""
    rows = ExchangeRate.objects.filter(organisation=organisation).order_by("id")
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    return rates_of(
        (Rate(*row) for row in rows.values_list("base", "quote", "rate", "valid_on")), organisation.currency
    )


def projects_abroad(organisation: Organisation, project_ids: Collection[int] | None = None) -> list[int]:
    """Those of the projects (None: all) that are kept in another currency than the organisation's: one query."""
    rows = Project.objects.filter(organisation=organisation).exclude(currency=organisation.currency)
    if project_ids is not None:
        rows = rows.filter(pk__in=project_ids)
    return list(rows.order_by("id").values_list("id", flat=True))


def amounts_by_day(
    organisation: Organisation, project_ids: Collection[int], *, as_of: date, known_at: datetime | None = None
) -> dict[int, Abroad]:
    """Per project the ledger by day up to `as_of`, and the approval of its budget: three queries.

    What invoices settled of an order counts against it on the order's day, and a reversal on the day of what it takes
    back. The caller has checked who may see them.
    """
    days: dict[int, list[DayAmount]] = defaultdict(list)
    entries = CostEntry.objects.filter(organisation=organisation, project_id__in=project_ids, incurred_on__lte=as_of)
    budgets = Budget.objects.filter(
        approved_then(known_at), organisation=organisation, project_id__in=project_ids, effective_on__lte=as_of
    )
    if known_at is not None:
        entries = entries.filter(recorded_at__lte=known_at)
    day = Coalesce("reverses__incurred_on", "incurred_on")  # at one rate nothing is left of what was taken back
    by_day = entries.order_by().values_list("project_id", day, "kind").annotate(total=ExactSum("amount"))
    for project, on, kind, total in by_day:
        days[project].append(DayAmount(on, kind == CostEntry.Kind.COMMITMENT, total))
    settled = entries.filter(settles__isnull=False).order_by()
    for project, on, total in settled.values_list("project_id", "settles__incurred_on").annotate(
        total=ExactSum("amount")
    ):
        days[project].append(DayAmount(on, True, -total))
    zone = ZoneInfo(organisation.timezone)
    approved: dict[int, date] = {}
    for project, at, effective in budgets.order_by("number").values_list("project_id", "approved_at", "effective_on"):
        plan_on = at.astimezone(zone).date() if at is not None else effective
        if plan_on is not None:
            approved[project] = plan_on  # the highest number comes last and stays
    return {pk: Abroad(tuple(days.get(pk, ())), approved.get(pk)) for pk in project_ids}


def reported_figures(
    organisation: Organisation,
    measured: Mapping[int, Performance],
    *,
    as_of: date,
    known_at: datetime | None = None,
) -> dict[int, Reported | MissingRate]:
    """The measured figures of projects abroad in the organisation's currency, or the rate that is missing. Four
    queries; none for no projects."""
    if not measured:
        return {}
    rates = rates_then(organisation, known_at)
    abroad = amounts_by_day(organisation, list(measured), as_of=as_of, known_at=known_at)
    found: dict[int, Reported | MissingRate] = {}
    for pk, figures in measured.items():
        try:
            found[pk] = in_currency(figures, abroad[pk].days, abroad[pk].plan_on, organisation.currency, rates)
        except MissingRate as missing:
            found[pk] = missing
    return found
