"""How the figures of a project are written in JSON: one field for each of METRICS, null with its reason beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from pmo.kit.api import decimal_text
from pmo.kit.money import money_string
from pmo.kit.parameters import parse_value
from projects.analysis.explain import Explanation
from projects.analysis.metrics import METRIC, METRICS
from projects.analysis.series import PeriodPoint
from projects.selectors.performance import Figures

PLACES = {"percent": 4, "ratio": 6, "months": 4}


def shown_as(unit: str, value: Decimal | None, currency: str) -> str | None:
    """One figure: money with the currency's decimals, the rest plain digits; None stays None."""
    if value is None:
        return None
    return money_string(value, currency) if unit == "money" else decimal_text(value, PLACES[unit])


def figures_shown(values: dict[str, Decimal | None], currency: str) -> dict[str, str | None]:
    """Every metric by its key."""
    return {metric.key: shown_as(metric.unit, values.get(metric.key), currency) for metric in METRICS}


def performance_shown(figures: Figures) -> dict[str, Any]:
    """The answer of projects/{id}/performance/."""
    return {
        "status_date": figures.status_date,
        "currency": figures.currency,
        **figures_shown(figures.values, figures.currency),
        "eac_method": figures.eac_method,
        "eacs": figures.eacs,
        "undefined": figures.undefined,
        "computed_at": figures.computed_at,
        "computed_through": str(figures.computed_through),
        "pending": figures.pending,
    }


def series_shown(points: tuple[PeriodPoint, ...], currency: str) -> list[dict[str, Any]]:
    """The S-curve: one point a period."""
    return [
        {
            "period": f"{point.period_end:%Y-%m}",
            "period_end": point.period_end,
            **{key: shown_as("money", getattr(point, key), currency) for key in ("pv", "ev", "ac")},
            **{key: shown_as("ratio", getattr(point, key), currency) for key in ("cpi", "spi")},
        }
        for point in points
    ]


def explanation_shown(explanation: Explanation, currency: str) -> dict[str, Any]:
    """The derivation of one figure: formula, inputs and the rows they rest on."""

    def money(value: Decimal | None) -> str | None:
        return shown_as("money", value, currency)

    def unit_of(key: str) -> str:
        return METRIC[key].unit if key in METRIC else ("months" if key in ("at", "pd") else "money")

    return {
        "key": explanation.key,
        "name": explanation.name,
        "formula": explanation.formula,
        "formula_with_numbers": explanation.formula_with_numbers,
        "value": shown_as(explanation.unit, explanation.value, currency),
        "unit": explanation.unit,
        "currency": currency,
        "reason": explanation.reason,
        "sentence": explanation.sentence,
        "inputs": [
            {"key": i.key, "name": i.name, "value": shown_as(unit_of(i.key), i.value, currency), "note": i.note}
            for i in explanation.inputs
        ],
        "packages": [
            {
                "name": line.name,
                "budget": money(line.budget),
                "percent": shown_as("percent", line.percent, currency),
                "percent_on": line.percent_on,
                "method": line.method,
                "earned": money(line.earned),
            }
            for line in explanation.packages
        ],
        "costs": [
            {"kind": c.kind, "period": f"{c.period:%Y-%m}", "amount": money(c.amount)} for c in explanation.costs
        ],
        "planned": [
            {
                "name": line.name,
                "period": f"{line.period:%Y-%m}" if line.period else None,
                "amount": money(line.amount),
                "counted": money(line.counted),
            }
            for line in explanation.planned
        ],
    }


def time_travel(params: Any) -> dict[str, Any]:
    """`as_of` and `known_at` as given; ApplicationError for what is no date."""
    found = {}
    for name, kind in (("as_of", "date"), ("known_at", "datetime")):
        found[name] = parse_value(name, params[name], kind) if params.get(name) else None  # type: ignore[arg-type]
    return found


def wants_series(params: Any) -> bool:
    """`?series=true`."""
    return bool(parse_value("series", params.get("series") or "false", "bool"))


def _text(**kwargs: Any) -> serializers.CharField:
    return serializers.CharField(allow_null=True, read_only=True, **kwargs)


class PointOut(serializers.Serializer[Any]):
    period = serializers.CharField()
    period_end = serializers.DateField()
    pv = _text()
    ev = _text()
    ac = _text()
    cpi = _text()
    spi = _text()


FIGURE_FIELDS = {metric.key: _text(help_text=f"{metric.name}: {metric.formula}") for metric in METRICS}


class PerformanceBase(serializers.Serializer[Any]):
    status_date = serializers.DateField(allow_null=True)
    currency = serializers.CharField()
    eac_method = serializers.CharField()
    eacs = serializers.DictField(child=_text())
    undefined = serializers.DictField(child=serializers.CharField(), help_text="Why a figure is null, by its key.")
    computed_at = serializers.DateTimeField(allow_null=True, help_text="null: computed for this answer.")
    computed_through = serializers.CharField(help_text="Id of the newest ledger entry counted.")
    pending = serializers.BooleanField(help_text="Newer facts are being computed.")
    series = PointOut(many=True, required=False)


PerformanceOut = type("PerformanceOut", (PerformanceBase,), dict(FIGURE_FIELDS))


class InputOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    value = _text()
    note = serializers.CharField()


class ExplanationOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    formula = serializers.CharField()
    formula_with_numbers = serializers.CharField()
    value = _text()
    unit = serializers.ChoiceField(choices=["money", "percent", "ratio", "months"])
    currency = serializers.CharField()
    reason = _text()
    sentence = serializers.CharField()
    inputs = InputOut(many=True)
    packages = serializers.ListField(child=serializers.DictField())
    costs = serializers.ListField(child=serializers.DictField())
    planned = serializers.ListField(child=serializers.DictField())
