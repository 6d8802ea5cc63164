"""Parts of a shown total: rounded so that whoever adds them up gets exactly the total."""

from collections.abc import Sequence
from decimal import Decimal

from pmo.kit.money import quantum, round_money


def rounded_parts(parts: Sequence[Decimal], total: Decimal, currency: str) -> list[Decimal]:
    """The parts in minor units, adding up to `total` (itself in minor units).

    Each is rounded half-even; what that misses of the total goes, one unit each, to the parts it moved furthest from.
    `total` must be the rounded sum of the parts, so that at most one unit a part is missing.
    """
    rounded = [round_money(part, currency) for part in parts]
    missing = total - sum(rounded, Decimal(0))
    if not missing or not rounded:
        return rounded
    unit = quantum(currency) if missing > 0 else -quantum(currency)
    order = sorted(range(len(parts)), key=lambda i: (-(parts[i] - rounded[i]) / unit, i))
    for index in order[: int(missing / unit)]:
        rounded[index] += unit
    return rounded
