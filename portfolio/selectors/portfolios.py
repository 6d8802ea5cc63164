"""Which portfolios and programmes an actor may see or do something to, and their roll-ups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from pmo.analysis.permissions import Reach
from pmo.models import OutboxMark
from pmo.selectors.actors import Actor
from portfolio.models import Portfolio, Programme, RollUp, RollUpDay
from projects.selectors.projects import projects_for

WHOLE = "money.view"  # figures of a whole portfolio: for those whose reach is the whole of it


def _reachable(actor: Actor, action: str, *, portfolio: str, own: str) -> Q:
    """The condition on rows with their portfolio at `portfolio` and, in projects, their key at `own`."""
    mine = Q(organisation=actor.organisation)
    reach = set(actor.reach(action).values())
    if Reach.ORG in reach:
        return mine
    found = Q(**{f"{portfolio}__in": actor.portfolio_ids}) if Reach.PF in reach else Q(pk__in=())
    if reach and action != WHOLE:  # whoever sees a project sees where it belongs, but not what the whole comes to
        found |= Q(pk__in=projects_for(actor, action).values(own))
    return mine & found


def portfolios_for(actor: Actor, action: str) -> QuerySet[Portfolio]:
    """Portfolios: all, those assigned, or those of the projects one may see."""
    condition = _reachable(actor, action, portfolio="pk", own="portfolio_id")
    return Portfolio.objects.prefetch_related("assignments").filter(condition)


def programmes_for(actor: Actor, action: str) -> QuerySet[Programme]:
    """Programmes: all, those of assigned portfolios, or those of the projects one may see."""
    condition = _reachable(actor, action, portfolio="portfolio_id", own="programme_id")
    return Programme.objects.select_related("portfolio").filter(condition)


@dataclass(frozen=True, slots=True)
class KnownRollUp:
    """What a stored roll-up tells, computed for this answer. Findings of an earlier moment cannot be told: None."""

    currency: str
    figures: Mapping[str, Decimal | None]
    undefined: Mapping[str, str]
    projects_counted: int
    projects_without_data: int
    projects_measured: int
    red: int
    amber: int
    green: int
    overdue: int
    stale: int
    open_findings: None = None
    computed_at: None = None


@dataclass(frozen=True)
class Rolled:
    """The roll-ups of one scope, one a currency, the scope's own currency first."""

    currency: str
    status_date: date | None
    rows: Sequence[RollUp | RollUpDay | KnownRollUp] = ()
    pending: bool = False


def rolled(scope: Portfolio | Programme, *, as_of: date | None = None) -> Rolled:
    """The current roll-ups of a portfolio or programme, or those of the last day kept up to `as_of`."""
    portfolio = scope if isinstance(scope, Portfolio) else scope.portfolio
    where = (
        {"scope": "portfolio", "portfolio": scope}
        if isinstance(scope, Portfolio)
        else {"scope": "programme", "programme": scope}
    )
    currency = portfolio.currency
    if as_of is None:
        rows = list(RollUp.objects.filter(organisation_id=scope.organisation_id, **where))
        open_marks = OutboxMark.objects.filter(organisation_id=scope.organisation_id).exists()
        return Rolled(
            currency, None, sorted(rows, key=lambda row: (row.currency != currency, row.currency)), open_marks
        )
    kept = RollUpDay.objects.filter(organisation_id=scope.organisation_id, day__lte=as_of, **where)
    day = kept.order_by("-day").values_list("day", flat=True).first()
    days = list(kept.filter(day=day)) if day is not None else []
    return Rolled(currency, day, sorted(days, key=lambda row: (row.currency != currency, row.currency)))
