"""The months of an organisation with what is posted in them, for whoever closes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count

from pmo.kit.errors import NotFound
from pmo.kit.sums import ExactSum, Month
from pmo.models import AccountingPeriod
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from pmo.selectors.periods import month_name, month_of
from projects.models import CostEntry


@dataclass(slots=True)
class PeriodRow:
    """One month. `version` 0: never closed. `spent` is actual cost and accruals by currency, never added up."""

    month: date
    state: str = "open"
    version: int = 0
    entries: int = 0
    spent: dict[str, Decimal] = field(default_factory=dict)
    changed_at: datetime | None = None
    changed_by: str = ""
    reason: str = ""
    begun: bool = True

    @property
    def name(self) -> str:
        return month_name(self.month)

    @property
    def key(self) -> str:
        return f"{self.month:%Y-%m}"

    @property
    def closed(self) -> bool:
        return self.state == AccountingPeriod.State.CLOSED


def periods_of(actor: Actor) -> list[PeriodRow]:
    """Months with entries, months ever closed, and the present one; the newest first. Two queries."""
    actor.require("period.close")
    now = month_of(today_in(actor.organisation))
    found: dict[date, PeriodRow] = {now: PeriodRow(now)}
    mine = CostEntry.objects.filter(organisation=actor.organisation).order_by()
    sums = mine.values_list(Month("incurred_on"), "currency", "kind").annotate(n=Count("id"), total=ExactSum("amount"))
    for month, currency, kind, count, total in sums:
        row = found.setdefault(month, PeriodRow(month))
        row.entries += count
        if kind != CostEntry.Kind.COMMITMENT:
            row.spent[currency] = row.spent.get(currency, Decimal(0)) + total
    for period in AccountingPeriod.objects.filter(organisation=actor.organisation).select_related("changed_by"):
        row = found.setdefault(period.month, PeriodRow(period.month))
        row.state, row.version, row.reason = period.state, period.version, period.reason
        row.changed_at, row.changed_by = period.changed_at, period.changed_by.name if period.changed_by else ""
    for row in found.values():
        row.begun = row.month <= now
    return sorted(found.values(), key=lambda row: row.month, reverse=True)


def period_row(actor: Actor, month: date) -> PeriodRow:
    """One month; NotFound for none that can be named."""
    found = next((row for row in periods_of(actor) if row.month == month), None)
    return found or PeriodRow(month, begun=month <= today_in(actor.organisation))


def month_from(text: str) -> date:
    """'2026-10' to its first day. NotFound for anything else."""
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == 7 else _none()
    except ValueError:
        return _none()


def _none() -> date:
    raise NotFound("There is no such month.")
