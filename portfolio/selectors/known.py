"""The roll-up of a portfolio or programme as it was known at a moment, and its total over several currencies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet

from pmo.selectors.clock import status_date_of
from portfolio.analysis.rollup import WHY_UNDEFINED
from portfolio.models import Portfolio, Programme
from portfolio.selectors import past
from portfolio.selectors.cockpit import running, totals
from portfolio.selectors.portfolios import KnownRollUp, Rolled
from portfolio.selectors.rules import stale_after
from portfolio.selectors.whole import Whole, whole_of
from projects.analysis.metrics import METRICS
from projects.models import Project

FIELDS: Final = ("id", "currency", "status", "finish")


def rolled_then(scope: Portfolio | Programme, *, as_of: date | None, known_at: datetime) -> tuple[Rolled, Whole | None]:
    """The roll-ups from what was recorded up to `known_at`, with their total over all currencies.

    As many queries as `past_rows` takes, whatever the number of projects. Raises ApplicationError above its LIMIT.
    """
    organisation = scope.organisation
    moment = past.Moment(as_of or status_date_of(organisation), known_at)
    rows = past.past_rows(organisation, _there(scope, moment), FIELDS, moment)
    old = stale_after(organisation)
    own = _portfolio(scope).currency
    found = []
    for currency, total in past.rolled_up(rows).items():
        mine = [row for row in rows if row["currency"] == currency]
        values = {metric.key: getattr(total, metric.key, None) for metric in METRICS}
        colours = [row["standing__health"] for row in mine]
        found.append(
            KnownRollUp(
                currency=currency,
                figures=values,
                undefined={key: WHY_UNDEFINED[key] for key, value in values.items() if value is None},
                projects_counted=total.projects_counted,
                projects_without_data=total.projects_without_data,
                projects_measured=total.projects_measured,
                red=colours.count("red"),
                amber=colours.count("amber"),
                green=colours.count("green"),
                overdue=sum(1 for row in mine if past.overdue(row, moment)),
                stale=sum(1 for row in mine if _stale(row, moment, old)),
            )
        )
    found.sort(key=lambda one: (one.currency != own, one.currency))
    return Rolled(own, moment.as_of, found), _whole(rows, moment, organisation.currency)


def whole_now(scope: Portfolio | Programme) -> Whole | None:
    """The total of the projects under way over all their currencies; None where there is one. At most two queries."""
    rows = running(_projects(scope))
    return whole_of(rows, totals(rows), scope.organisation.currency)


def whole_at(scope: Portfolio | Programme, as_of: date) -> Whole | None:
    """The same as at an earlier day, from what is known today."""
    organisation = scope.organisation
    moment = past.Moment(as_of, None)
    rows = past.past_rows(organisation, _there(scope, moment), FIELDS, moment)
    return _whole(rows, moment, organisation.currency)


def _whole(rows: Sequence[past.Row], moment: past.Moment, currency: str) -> Whole | None:
    return past.past_whole(rows, past.past_totals(rows, moment), currency)


def _portfolio(scope: Portfolio | Programme) -> Portfolio:
    return scope if isinstance(scope, Portfolio) else scope.portfolio


def _projects(scope: Portfolio | Programme) -> QuerySet[Project]:
    where: dict[str, Any] = {"portfolio": scope} if isinstance(scope, Portfolio) else {"programme": scope}
    return Project.objects.filter(organisation_id=scope.organisation_id, archived_at__isnull=True, **where)


def _there(scope: Portfolio | Programme, moment: past.Moment) -> QuerySet[Project]:
    return past.under_way_at(past.there_at(_projects(scope), moment), moment)


def _stale(row: past.Row, moment: past.Moment, days: int) -> bool:
    told: date | None = row["performance__last_update_on"]
    return told is not None and (moment.as_of - told).days > days
