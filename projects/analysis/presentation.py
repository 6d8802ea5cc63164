"""Figures as they are kept and shown: money in the currency's minor unit, so that what is shown adds up."""

from decimal import ROUND_HALF_EVEN, Decimal

from pmo.kit.money import round_money
from projects.analysis.earned_value import Performance
from projects.analysis.metrics import METRICS

BASE = ("bac", "pv", "ev", "ac", "committed", "eac")
# Differences are taken between the rounded figures: a reader who subtracts gets what is shown.
DIFFERENCES = {
    "cv": ("ev", "ac"),
    "sv": ("ev", "pv"),
    "etc": ("eac", "ac"),
    "vac": ("bac", "eac"),
    "budget_variance": ("pv", "ac"),
}
RATIO_UNIT = Decimal("0.000001")


def as_shown(performance: Performance) -> dict[str, Decimal | None]:
    """Every METRICS key: money half-even in the minor unit, everything else to six decimals; None stays None."""
    shown: dict[str, Decimal | None] = {}
    for key in BASE:
        value: Decimal | None = getattr(performance, key)
        shown[key] = None if value is None else round_money(value, performance.currency)
    for key, (minuend, subtrahend) in DIFFERENCES.items():
        a, b = shown[minuend], shown[subtrahend]
        shown[key] = None if a is None or b is None or getattr(performance, key) is None else a - b
    for metric in METRICS:
        if metric.key not in shown:
            value = getattr(performance, metric.key)
            shown[metric.key] = None if value is None else value.quantize(RATIO_UNIT, rounding=ROUND_HALF_EVEN)
    return shown
