"""An amount spread over months, exact to the minor unit, and months as a fiscal year counts them."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from pmo.kit.money import allocate
from projects.analysis.periods import month_end, month_first, month_index, working_days

PROFILES: Final[dict[str, str]] = {
    "even": "Even",
    "front": "Front-loaded",
    "back": "Back-loaded",
    "bell": "Bell (S-curve)",
    "working_days": "By working days",
    "custom": "Own weights",
}
_SHAPES: Final[dict[str, Callable[[int, int], int]]] = {
    "even": lambda k, n: 1,
    "front": lambda k, n: n - k + 1,
    "back": lambda k, n: k,
    # n³ times the rise of 3x² − 2x³ over the k-th of n equal steps.
    "bell": lambda k, n: 3 * n * (2 * k - 1) - 2 * (3 * k * k - 3 * k + 1),
}


class CannotSpread(ValueError):
    """The amount cannot be spread as asked; the message says why."""


def spread(
    total: Decimal,
    months: Sequence[date],
    profile: str = "even",
    *,
    weights: Sequence[Decimal] = (),
    start: date | None = None,
    finish: date | None = None,
    currency: str = "",
) -> tuple[Decimal, ...]:
    """Parts of `total`, one for each of `months`, adding up to it exactly (to `total` rounded to the minor unit).

    `months` are first days of months in their order; `profile` is a key of PROFILES. `weights` belong to "custom",
    `start` and `finish` bound "working_days". `currency` "" means two decimals. Raises CannotSpread.
    """
    if not months:
        raise CannotSpread("There is no month to spread the amount over.")
    shares = _weights(months, profile, weights, start, finish)
    try:
        return tuple(allocate(total, shares, currency))
    except ValueError:
        raise CannotSpread(_WHY.get(profile, "Weights must not be negative and must not all be zero.")) from None


_WHY = {"working_days": "No working day of these months lies between the start and the finish."}


def _weights(
    months: Sequence[date], profile: str, weights: Sequence[Decimal], start: date | None, finish: date | None
) -> list[Decimal]:
    if profile == "custom":
        if len(weights) != len(months):
            raise CannotSpread(f"There are {len(months)} months and {len(weights)} weights.")
        if not all(weight.is_finite() for weight in weights):
            raise CannotSpread("Every weight must be a number.")
        return list(weights)
    if profile == "working_days":
        spans = [(max(month, start or month), min(month_end(month), finish or date.max)) for month in months]
        return [Decimal(working_days(first, last)) for first, last in spans]
    shape = _SHAPES.get(profile)
    if shape is None:
        raise CannotSpread(f"“{profile}” is not one of {', '.join(PROFILES)}.")
    return [Decimal(shape(place, len(months))) for place in range(1, len(months) + 1)]


def months_between(start: date, finish: date) -> tuple[date, ...]:
    """First days of all months touched by start..finish; none when the finish is before the start."""
    return tuple(month_first(index) for index in range(month_index(start), month_index(finish) + 1))


def fiscal_year(month: date, start_month: int) -> tuple[int, int]:
    """The calendar year in which the fiscal year of `month` begins, and the number 1..12 of the month in it."""
    years, place = divmod(month_index(month) - (start_month - 1), 12)
    return years, place + 1


def fiscal_year_label(month: date, start_month: int) -> str:
    """The fiscal year of `month`: "FY 2026/27", or "FY 2026" where it is the calendar year."""
    year, _ = fiscal_year(month, start_month)
    return f"FY {year}" if start_month == 1 else f"FY {year}/{(year + 1) % 100:02}"


def fiscal_label(month: date, start_month: int) -> str:
    """A month as the fiscal calendar names it: "FY 2026/27 P03". `start_month` is 1..12."""
    _, period = fiscal_year(month, start_month)
    return f"{fiscal_year_label(month, start_month)} P{period:02}"
