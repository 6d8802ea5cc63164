"""Figures inside sentences: short, rounded half-even once, with a true minus sign. For reading, never for computing
on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from pmo.kit.money import symbol

MINUS: Final = "−"
_STEPS: Final = ((Decimal(10_000_000), Decimal(1_000_000), "m", 1), (Decimal(10_000), Decimal(1_000), "k", 0))


def money(amount: Decimal, currency: str) -> str:
    """'£2,332k', '€14.2m', '$950': whole units below 10,000, thousands below 10 million, then millions."""
    size = abs(amount)
    suffix, places = "", 0
    for limit, unit, letter, digits in _STEPS:
        if size >= limit:
            size, suffix, places = size / unit, letter, digits
            break
    text = f"{size:,.{places}f}"
    sign = symbol(currency)
    gap = " " if sign == currency else ""
    return f"{MINUS if amount < 0 and _some(text) else ''}{sign}{gap}{text}{suffix}"


def percent(points: Decimal, places: int = 1) -> str:
    """'19.4 %' from percentage points."""
    return f"{signed(points, places)} %"


def index(value: Decimal) -> str:
    """'0.84': an index such as CPI, two decimals."""
    return signed(value, 2)


def signed(value: Decimal, places: int) -> str:
    """Rounded, with thousands separated and a true minus sign."""
    text = f"{abs(value):,.{places}f}"
    return MINUS + text if value < 0 and _some(text) else text


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


def _some(text: str) -> bool:
    """Whether anything is left of a number after rounding."""
    return bool(text.strip("0.,"))
