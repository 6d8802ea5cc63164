"""Money: Decimal, rounded half-even, at presentation only. No domain word in here."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Final

# ISO 4217 minor units that are not 2. Everything absent has two decimals.
_MINOR_UNITS: Final[dict[str, int]] = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
_SYMBOLS: Final[dict[str, str]] = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥", "INR": "₹", "BRL": "R$", "AUD": "A$"}


def minor_units(currency: str) -> int:
    """Decimals of the currency's smallest unit (ISO 4217)."""
    return _MINOR_UNITS.get(currency, 2)


@lru_cache(maxsize=256)
def quantum(currency: str) -> Decimal:
    """One smallest unit of the currency, e.g. Decimal('0.01') for GBP."""
    return Decimal(1).scaleb(-minor_units(currency))


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Round half-even to the currency's minor unit: for showing, never for computing on."""
    return amount.quantize(quantum(currency), rounding=ROUND_HALF_EVEN)


def money_string(amount: Decimal, currency: str) -> str:
    """The REST form: plain digits with the currency's decimals, e.g. '1250000.00'."""
    return format(round_money(amount, currency), "f")


def symbol(currency: str) -> str:
    """The sign people write before the amount, or the code where there is none in common use."""
    return _SYMBOLS.get(currency, currency)


def allocate(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Split `total` by `weights` so that the parts, in minor units, add up to the rounded total exactly.

    Largest remainder; ties go to the earlier part. Raises ValueError where the weights sum to zero or one is negative.
    """
    if any(weight < 0 for weight in weights) or sum(weights) <= 0:
        raise ValueError("weights must not be negative and must not all be zero")
    unit = quantum(currency)
    whole = round_money(total, currency)
    weight_sum = sum(weights, Decimal(0))
    exact = [whole * weight / weight_sum for weight in weights]
    parts = [share.quantize(unit, rounding=ROUND_DOWN) for share in exact]
    missing = int((whole - sum(parts, Decimal(0))) / unit)
    order = sorted(range(len(parts)), key=lambda i: (-abs(exact[i] - parts[i]), i))
    step = unit if missing >= 0 else -unit
    for index in order[: abs(missing)]:
        parts[index] += step
    return parts
