"""The figures of one project in another currency: plan at the rate of its approval, cost at the rate of its day.

Source: docs/algorithms/money.md, "Totals over several currencies". Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

from projects.analysis.conversion import MissingRate, Rate, Rates, convert

ZERO = Decimal(0)


class Figures(Protocol):
    """The sums of one project in its own currency; None = undefined."""

    @property
    def currency(self) -> str: ...
    @property
    def bac(self) -> Decimal | None: ...
    @property
    def pv(self) -> Decimal | None: ...
    @property
    def ev(self) -> Decimal | None: ...
    @property
    def ac(self) -> Decimal | None: ...
    @property
    def committed(self) -> Decimal | None: ...
    @property
    def eac(self) -> Decimal | None: ...


class Dated(Figures, Protocol):
    """The same as at a day."""

    @property
    def status_date(self) -> date: ...


class DayAmount(NamedTuple):
    """What was spent, or ordered, on one day, in the project's currency. What an order is settled by counts against it
    on the order's own day, so that nothing is left of one that is settled."""

    on: date
    ordered: bool
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Reported:
    """Figures in `currency`, unrounded; None = undefined in the project's own. `used`: the rates gone through, each
    once, by pair and day."""

    currency: str
    bac: Decimal | None
    pv: Decimal | None
    ev: Decimal | None
    ac: Decimal | None
    committed: Decimal | None
    eac: Decimal | None
    used: tuple[Rate, ...] = ()


def in_currency(figures: Dated, days: Sequence[DayAmount], plan_on: date | None, quote: str, rates: Rates) -> Reported:
    """The figures in `quote`. `days`: every amount behind AC and the commitments. `plan_on`: the day the budget in
    force was approved, None where there is none.

    Raises MissingRate for the first day, by date, that has no rate: no figure leaves an amount out. Raises ValueError
    where `days` do not add up to the figures.
    """
    used: dict[tuple[str, str, date], Rate] = {}

    def at(amount: Decimal, on: date) -> Decimal:
        found = convert(amount, figures.currency, quote, on, rates)
        used.update({(rate.base, rate.quote, rate.valid_on): rate for rate in found.used})
        return found.value

    plan_day = plan_on or figures.status_date
    spent = ordered = ZERO
    own_spent = own_ordered = ZERO
    for day in sorted(days):
        value = at(day.amount, day.on)
        if day.ordered:
            ordered, own_ordered = ordered + value, own_ordered + day.amount
        else:
            spent, own_spent = spent + value, own_spent + day.amount
    if own_spent != (figures.ac or ZERO) or own_ordered != (figures.committed or ZERO):
        raise ValueError(
            f"the days add up to {own_spent} spent and {own_ordered} ordered, "
            f"not to {figures.ac} and {figures.committed}"
        )

    def planned(amount: Decimal | None) -> Decimal | None:
        return None if amount is None else at(amount, plan_day)

    eac = None if figures.eac is None else spent + at(figures.eac - own_spent, plan_day)
    return Reported(
        currency=quote,
        bac=planned(figures.bac),
        pv=planned(figures.pv),
        ev=planned(figures.ev),
        ac=None if figures.ac is None else spent,
        committed=None if figures.committed is None else ordered,
        eac=eac,
        used=tuple(used[key] for key in sorted(used)),
    )


def missing_words(missing: MissingRate) -> str:
    """What is said in place of a total."""
    return f"No total in {missing.quote}: {str(missing)[0].lower()}{str(missing)[1:]}"
