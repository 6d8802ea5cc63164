"""How one total over several currencies is written in JSON: its figures, its parts, or the rates it lacks."""

from __future__ import annotations

from typing import Any, Final

from rest_framework import serializers

from portfolio.selectors.whole import SHOWN, Whole
from projects.analysis.metrics import METRIC
from projects.api.performance import shown_as

FIGURES: Final = ("bac", "ac", "eac", "cv", "vac", "vac_percent", "cpi", "spi")


def _text() -> serializers.CharField:
    return serializers.CharField(allow_null=True, read_only=True)


class AmountsOut(serializers.Serializer[Any]):
    bac = _text()
    ac = _text()
    eac = _text()


class WholePartOut(serializers.Serializer[Any]):
    currency = serializers.CharField()
    projects = serializers.IntegerField()
    own = AmountsOut(help_text="In the currency of these projects.")
    converted = AmountsOut(help_text="In the reporting currency; the parts add up to the whole.")


class MissingRateOut(serializers.Serializer[Any]):
    base = serializers.CharField()
    quote = serializers.CharField()
    on = serializers.DateField(allow_null=True, help_text="From which day; null while projects are being converted.")
    projects = serializers.IntegerField(help_text="How many projects wait for it.")


class WholeOut(serializers.Serializer[Any]):
    currency = serializers.CharField(help_text="The organisation's reporting currency.")
    bac = _text()
    ac = _text()
    eac = _text()
    cv = _text()
    vac = _text()
    vac_percent = _text()
    cpi = _text()
    spi = _text()
    parts = WholePartOut(many=True)
    missing = MissingRateOut(many=True, help_text="Rates without which there is no total: then its figures are null.")


def whole_shown(whole: Whole) -> dict[str, Any]:
    """The total, its parts and what is missing."""
    total = whole.total
    figures = {
        key: None if total is None else shown_as(METRIC[key].unit, getattr(total, key), total.currency)
        for key in FIGURES
    }
    currency = total.currency if total is not None else whole.lacks[0].quote
    return {
        "currency": currency,
        **figures,
        "parts": [
            {
                "currency": part.currency,
                "projects": part.projects,
                "own": {key: shown_as("money", part.own[key], part.currency) for key in SHOWN},
                "converted": {key: shown_as("money", part.converted[key], currency) for key in SHOWN},
            }
            for part in whole.parts
        ],
        "missing": [lack._asdict() for lack in whole.lacks],
    }
