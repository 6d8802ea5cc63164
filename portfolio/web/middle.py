"""The cockpit's charts: spend by month, and where each project stands in cost and schedule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.kit import figures
from pmo.models import Organisation
from portfolio.selectors.spend import fiscal_year, spend_by_month
from projects.models import Project

BUBBLES = 60
MILLION = Decimal(1_000_000)


def middle(organisation: Organisation, rows: QuerySet[Project], status_date: date) -> dict[str, Any]:
    """Data of the two charts, in the organisation's currency or, where no row keeps it, the one most of them keep."""
    currencies = rows.order_by().values_list("currency").annotate(count=Count("id")).order_by("-count", "currency")
    kept = dict(currencies)
    if not kept:
        return {}
    currency = organisation.currency if organisation.currency in kept else next(iter(kept))
    spend = _spend(organisation, rows, currency, status_date)
    if len(kept) > 1:  # the amounts of a chart are in one currency
        share = {"n": kept[currency], "all": sum(kept.values()), "currency": currency}
        spend["note"] = f"{_('%(n)d of %(all)d projects, in %(currency)s') % share}: {spend['note']}"
    return {
        "spend": spend,
        "bubbles": _bubbles(organisation.slug, rows, currency),
        "sign": figures.currency_symbol(currency),
    }


def _spend(organisation: Organisation, rows: QuerySet[Project], currency: str, status_date: date) -> dict[str, Any]:
    months = fiscal_year(status_date, organisation.fiscal_year_start_month)
    spend = spend_by_month(rows, currency, status_date, months)
    now = status_date.replace(day=1)
    largest = max((max(m.budget, m.actual or 0, m.forecast or 0) for m in spend), default=Decimal(0))
    scale, unit = (MILLION, "m") if largest >= 500_000 else (Decimal(1_000), "k")
    to_date = sum((m.actual or Decimal(0) for m in spend if m.month <= now), Decimal(0))
    planned = sum((m.budget for m in spend if m.month <= now), Decimal(0))

    def scaled(value: Decimal | None) -> float | None:
        return None if value is None else round(float(value / scale), 3)

    shown = {"currency": currency, "scale": unit, "places": 1, "symbol": True}
    note = _("%(actual)s to date, %(budget)s planned") % {
        "actual": figures.money(to_date, **shown),  # type: ignore[arg-type]
        "budget": figures.money(planned, **shown),  # type: ignore[arg-type]
    }
    return {
        "unit": f"{figures.currency_symbol(currency)}{unit}",
        "note": note,
        "label": _("Spend by month. %s.") % note,
        "data": {
            "months": [_month(m.month) for m in spend],
            "actual": [scaled(m.actual) for m in spend],
            "forecast": [scaled(m.forecast) for m in spend],
            "budget": [scaled(m.budget) for m in spend],
            "now": months.index(now) if now in months else len(months) - 1,
        },
    }


def _month(month: date) -> str:
    words = (figures.day(month, year=False) or "").split(" ")
    return f"{words[-1]} {month:%y}" if month.month == 1 else words[-1]


def _bubbles(org: str, rows: QuerySet[Project], currency: str) -> dict[str, Any]:
    """The largest projects that have VAC % and SPI."""
    measured = rows.filter(currency=currency, performance__vac_percent__isnull=False, performance__spi__isnull=False)
    fields = ("code", "name", "performance__vac_percent", "performance__spi", "performance__bac", "standing__health")
    points = [
        {
            "code": code,
            "name": name,
            "x": round(float(vac), 2),
            "y": round(float(spi), 3),
            "size": float(bac or 0),
            "health": health or "none",
            "href": reverse("portfolio:project", args=(org, code)),
        }
        for code, name, vac, spi, bac, health in measured.order_by("-performance__bac", "pk").values_list(*fields)[
            :BUBBLES
        ]
    ]
    return {
        "count": len(points),
        "label": _("%d projects by forecast variance (VAC %%) and schedule index (SPI); the size is the budget.")
        % len(points),
        "data": {"points": points, "x_label": _("VAC %"), "y_label": _("SPI"), "x_zero": 0, "y_zero": 1},
    }
