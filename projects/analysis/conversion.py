"""Amounts in another currency, at dated rates: direct, inverse or through the reporting currency, never guessed."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pmo.kit.money import round_money
from projects.analysis.parts import rounded_parts
from projects.analysis.periods import in_words

ONE = Decimal(1)
NO_DAYS: tuple[date, ...] = ()


class Rate(NamedTuple):
    """One unit of `base` is `rate` units of `quote` from `valid_on` on. Given in recorded order: the last counts."""

    base: str
    quote: str
    rate: Decimal
    valid_on: date


class Money(NamedTuple):
    """An amount in a currency, and the day whose rate converts it."""

    amount: Decimal
    currency: str
    on: date


class Conversion(NamedTuple):
    """`value` is `amount` converted, unrounded; `used` are the rates gone through, `via` the pivot ("" where none).

    `rate` is what one unit was worth, for showing: `value` was computed without it.
    """

    amount: Decimal
    base: str
    quote: str
    on: date
    value: Decimal
    rate: Decimal
    used: tuple[Rate, ...]
    via: str

    @property
    def says(self) -> str:
        """In words: "1 EUR = 0.85 GBP (1 March 2026); through GBP". Empty where nothing was converted."""
        told = [f"1 {one.base} = {one.rate.normalize():f} {one.quote} ({in_words(one.valid_on)})" for one in self.used]
        return "; ".join([*told, f"through {self.via}"] if self.via else told)


class Converted(NamedTuple):
    """A sum in one currency, in minor units: `parts` in the order given add up to `whole` exactly."""

    whole: Decimal
    parts: tuple[Decimal, ...]
    conversions: tuple[Conversion, ...]


class MissingRate(LookupError):
    """There is no way from `base` to `quote` on that day."""

    def __init__(self, base: str, quote: str, on: date) -> None:
        super().__init__(f"No exchange rate from {base} to {quote} is known on {in_words(on)}.")
        self.base, self.quote, self.on = base, quote, on


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates arranged for looking up; `pivot` is the reporting currency ("" for none). Made by `rates_of`."""

    pivot: str
    days: dict[tuple[str, str], tuple[date, ...]]
    rows: dict[tuple[str, str], tuple[Rate, ...]]

    def latest(self, base: str, quote: str, on: date) -> Rate | None:
        """The rate of exactly this pair that holds on the day."""
        place = bisect_right(self.days.get((base, quote), NO_DAYS), on)
        return self.rows[base, quote][place - 1] if place else None

    def between(self, base: str, quote: str, on: date) -> Rate | None:
        """The rate that holds between the two on the day, in either direction: the later one, direct before inverse."""
        direct, inverse = self.latest(base, quote, on), self.latest(quote, base, on)
        if direct is None or (inverse is not None and inverse.valid_on > direct.valid_on):
            return inverse
        return direct


def rates_of(rows: Iterable[Rate], pivot: str = "") -> Rates:
    """Arrange rates, given in recorded order, in one pass. Raises ValueError for a rate that is not above zero."""
    by_pair: dict[tuple[str, str], dict[date, Rate]] = {}
    for row in rows:
        if not row.rate > 0:
            raise ValueError(f"the rate {row.base}/{row.quote} is not above zero")
        by_pair.setdefault((row.base, row.quote), {})[row.valid_on] = row
    days = {pair: tuple(sorted(of_pair)) for pair, of_pair in by_pair.items()}
    return Rates(pivot, days, {pair: tuple(by_pair[pair][day] for day in days[pair]) for pair in by_pair})


def convert(amount: Decimal, base: str, quote: str, on: date, rates: Rates) -> Conversion:
    """`amount` of `base` in `quote` at the latest rates valid on the day. Raises MissingRate, which names the pair."""
    if base == quote:
        return Conversion(amount, base, quote, on, amount, ONE, (), "")
    found = rates.between(base, quote, on)
    if found is not None:
        return _through(amount, base, quote, on, (found,), "")
    pivot = rates.pivot
    if pivot and pivot not in (base, quote):
        first, second = rates.between(base, pivot, on), rates.between(pivot, quote, on)
        if first is not None and second is not None:
            return _through(amount, base, quote, on, (first, second), pivot)
    raise MissingRate(base, quote, on)


def _through(amount: Decimal, base: str, quote: str, on: date, used: tuple[Rate, ...], via: str) -> Conversion:
    """All multiplications before all divisions, so that an inverse is not rounded twice."""
    above, below, held = ONE, ONE, base
    for one in used:
        if one.base == held:
            above, held = above * one.rate, one.quote
        else:
            below, held = below * one.rate, one.base
    return Conversion(amount, base, quote, on, amount * above / below, above / below, used, via)


def converted_sum(amounts: Sequence[Money], quote: str, rates: Rates) -> Converted:
    """The sum of the amounts in `quote`, each at the rate of its day, and its parts, by largest remainder.

    Raises MissingRate for the first amount that cannot be converted: no sum leaves an amount out.
    """
    conversions = tuple(convert(money.amount, money.currency, quote, money.on, rates) for money in amounts)
    values = [conversion.value for conversion in conversions]
    whole = round_money(sum(values, Decimal(0)), quote)
    return Converted(whole, tuple(rounded_parts(values, whole, quote)), conversions)


def missing_pairs(amounts: Iterable[Money], quote: str, rates: Rates) -> tuple[MissingRate, ...]:
    """Every pair without a rate, once, with the first day asked about; what a page says instead of a sum."""
    missing: dict[str, MissingRate] = {}
    for money in amounts:
        if money.currency not in missing:
            try:
                convert(money.amount, money.currency, quote, money.on, rates)
            except MissingRate as error:
                missing[money.currency] = error
    return tuple(missing.values())
