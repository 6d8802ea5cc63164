"""Money by line and month in JSON: exact amounts as text, whose parts add up to the totals beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from pmo.kit.money import money_string
from pmo.kit.parameters import parse_choice
from projects.analysis.money_grid import MODES, Amounts, Line
from projects.models import Project
from projects.selectors.money import BY, project_money

UNDATED = "undated"
Name = Callable[[Line], dict[str, Any]]


class MonthOut(serializers.Serializer[Any]):
    month = serializers.CharField(help_text=f"`2026-03`, or `{UNDATED}` for budget that has no month.")
    amount = serializers.CharField()


class MoneyLineOut(serializers.Serializer[Any]):
    group = serializers.CharField(help_text="capital, operating, both, none; the id of a phase; or a project's code.")
    category = serializers.CharField()
    months = MonthOut(many=True)
    total = serializers.CharField()


class MoneyOut(serializers.Serializer[Any]):
    status_date = serializers.DateField()
    known_at = serializers.DateTimeField(allow_null=True)
    mode = serializers.CharField(help_text=", ".join(MODES))
    currency = serializers.CharField()
    lines = MoneyLineOut(many=True)
    months = MonthOut(many=True, help_text="The sums of the lines by month.")
    total = serializers.CharField()
    why_no_forecast = serializers.CharField(allow_blank=True)


def project_money_shown(project: Project, params: Mapping[str, Any], as_of: date, known_at: Any) -> dict[str, Any]:
    """The answer of projects/{id}/money/."""
    mode = parse_choice(params, "mode", MODES, "forecast")
    by = parse_choice(params, "group", BY, "type")
    found = project_money(project, as_of=as_of, by=by, split=mode == "budget", known_at=known_at)
    return {
        "status_date": as_of,
        "known_at": known_at,
        "mode": mode,
        **grid_shown(found.money.cells(mode), project.currency, lambda line: {"group": line[0], "category": line[1]}),
        "why_no_forecast": found.reason,
    }


def grid_shown(cells: Amounts, currency: str, name: Name) -> dict[str, Any]:
    """Lines in their order, each with its months, and the sums over all."""
    by_line: dict[Line, dict[date | None, Decimal]] = {}
    whole: dict[date | None, Decimal] = {}
    for (line, month), amount in cells.items():
        mine = by_line.setdefault(line, {})
        mine[month] = mine.get(month, Decimal(0)) + amount
        whole[month] = whole.get(month, Decimal(0)) + amount
    lines = [
        {**name(line), "months": _months(months, currency), "total": _total(months, currency)}
        for line, months in sorted(by_line.items())
    ]
    return {
        "currency": currency, "lines": lines, "months": _months(whole, currency), "total": _total(whole, currency)
    }  # fmt: skip


def _months(amounts: Mapping[date | None, Decimal], currency: str) -> list[dict[str, str]]:
    dated = sorted((month, amount) for month, amount in amounts.items() if month is not None)
    shown = [{"month": f"{month:%Y-%m}", "amount": money_string(amount, currency)} for month, amount in dated]
    if None in amounts:
        shown.append({"month": UNDATED, "amount": money_string(amounts[None], currency)})
    return shown


def _total(amounts: Mapping[date | None, Decimal], currency: str) -> str:
    return money_string(sum(amounts.values(), Decimal(0)), currency)
