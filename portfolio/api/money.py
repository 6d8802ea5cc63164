"""The money of a portfolio by month in JSON, currency by currency: amounts of two are never added up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from pmo.kit.parameters import parse_choice
from pmo.models import Organisation
from portfolio.selectors.money import GROUPS, portfolio_money, told
from projects.analysis.money_grid import MODES
from projects.api.money import MonthOut, grid_shown
from projects.models import Project


class PortfolioLineOut(serializers.Serializer[Any]):
    group = serializers.CharField(help_text="The code of a project, the name of a programme, or a category.")
    months = MonthOut(many=True)
    total = serializers.CharField()


class PortfolioCurrencyOut(serializers.Serializer[Any]):
    currency = serializers.CharField()
    lines = PortfolioLineOut(many=True)
    months = MonthOut(many=True, help_text="The sums of the lines by month.")
    total = serializers.CharField()


class PortfolioMoneyOut(serializers.Serializer[Any]):
    status_date = serializers.DateField()
    known_at = serializers.DateTimeField(allow_null=True)
    mode = serializers.CharField(help_text=", ".join(MODES))
    group = serializers.CharField(help_text=", ".join(GROUPS))
    projects = serializers.IntegerField()
    currencies = PortfolioCurrencyOut(many=True)


def portfolio_money_shown(
    rows: QuerySet[Project],
    organisation: Organisation,
    params: Mapping[str, Any],
    as_of: date,
    known_at: datetime | None,
) -> dict[str, Any]:
    """The answer of portfolios/{id}/money/: of these projects, whose money the reader may see."""
    mode = parse_choice(params, "mode", MODES, "forecast")
    by = parse_choice(params, "group", GROUPS, "project")
    if known_at is not None:
        rows = rows.filter(created_at__lte=known_at)
    projects = told(rows.order_by("code"), known_at)
    found = portfolio_money(rows, projects, organisation, mode=mode, by=by, as_of=as_of, known_at=known_at)
    return {
        "status_date": as_of,
        "known_at": known_at,
        "mode": mode,
        "group": by,
        "projects": len(projects),
        "currencies": [
            grid_shown(money.cells(mode), currency, lambda line: {"group": line[0] if line else ""})
            for currency, money in sorted(found.items())
        ],
    }
