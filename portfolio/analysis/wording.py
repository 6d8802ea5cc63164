"""Figures inside sentences: short, rounded half-even once, with a true minus sign. For reading, never for computing
on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from pmo.kit.money import symbol

MINUS: Final = "−"
_STEPS: Final = ((Decimal(10_000_000), Decimal(1_000_000), "m", 1), (Decimal(10_000), Decimal(1_000), "k", 0))


def money(amount: Decimal, currency: str) -> str:
    """'£2,332k', '€14.2m', '$950': whole units below 10,000, thousands below 10 million, then millions."""
    size = abs(amount)
    value, suffix, places = size, "", 0
    for limit, unit, letter, digits in _STEPS:
        if size >= limit:
            value, suffix, places = size / unit, letter, digits
            break
    sign = symbol(currency)
    gap = " " if sign == currency else ""
    rounded = _round(value, places)
    return f"{MINUS if amount < 0 and rounded else ''}{sign}{gap}{rounded:,}{suffix}"


def percent(points: Decimal, places: int = 1) -> str:
    """'19.4 %' from percentage points."""
    return f"{signed(points, places)} %"


def index(value: Decimal) -> str:
    """'0.84': an index such as CPI, two decimals."""
    return signed(value, 2)


def signed(value: Decimal, places: int) -> str:
    """Rounded, with thousands separated and a true minus sign."""
    rounded = _round(value, places)
    return f"{MINUS if rounded < 0 else ''}{abs(rounded):,}"


def day(value: date) -> str:
    """'31 Oct 2026'."""
    return f"{value.day} {value:%b %Y}"


def days(count: int) -> str:
    return "1 day" if count == 1 else f"{count:,} days"


def listed(names: Sequence[str], limit: int = 4) -> str:
    """'A, B and C'; beyond `limit` 'A, B, C and 5 others'. Empty for no names."""
    if len(names) <= 1:
        return "".join(names)
    if len(names) > limit:
        shown = names[: limit - 1]
        return f"{', '.join(shown)} and {len(names) - len(shown):,} others"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _round(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN) + 0
