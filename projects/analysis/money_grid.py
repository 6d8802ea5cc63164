"""Money by cost line and month: budget, actual, what is still to come, what is ordered; and grids of it that add up.

An amount belongs to a line (any tuple of texts) and a month, the first day of it; None: it has no month.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from pmo.kit.money import allocate
from projects.analysis.periods import month_first, month_index
from projects.analysis.spread import CannotSpread, fiscal_year_label, months_between, spread

MODES: Final = ("budget", "forecast", "variance", "commitments")
ZERO: Final = Decimal(0)
Line = tuple[str, ...]
Month = date | None
Amounts = dict[tuple[Line, Month], Decimal]


class Planned(NamedTuple):
    """A budgeted amount. Without `period` it is spread over the working days of start..finish."""

    line: Line
    period: Month
    amount: Decimal
    start: date | None = None
    finish: date | None = None


def budget_of(planned: Iterable[Planned], currency: str) -> Amounts:
    """Budget by line and month, exact to the minor unit; month None where neither period nor both dates are known."""
    found: Amounts = {}
    for row in planned:
        parts: Iterable[tuple[Month, Decimal]] = ((row.period, row.amount),)
        if row.period is None and row.start is not None and row.finish is not None:
            months = months_between(row.start, row.finish)
            try:
                shares = spread(
                    row.amount, months, "working_days", start=row.start, finish=row.finish, currency=currency
                )
                parts = tuple(zip(months, shares, strict=True))
            except CannotSpread:
                pass
        for month, amount in parts:
            found[row.line, month] = found.get((row.line, month), ZERO) + amount
    return found


def laid(left: Decimal, budget: Mapping[tuple[Line, Month], Decimal], now: date, until: date | None, currency: str,
         rest: Line) -> Amounts:  # fmt: skip
    """What is left to spend, by line and month after `now`, exact to the minor unit.

    In the proportion of the budget planned after the month of `now`; where none is planned there, in the proportion of
    the whole budget's lines, evenly over the months up to `until` (at least the next one). `rest` takes what no budget
    gives a line.
    """
    month = now.replace(day=1)
    if not left:
        return {}
    ahead = {place: amount for place, amount in budget.items() if place[1] and place[1] > month and amount > 0}
    if not ahead:
        following = month_first(month_index(now) + 1)
        months = months_between(following, max(until or following, following))
        lines: dict[Line, Decimal] = {}
        for (line, _), amount in budget.items():
            lines[line] = lines.get(line, ZERO) + amount
        weights = {line: amount for line, amount in lines.items() if amount > 0} or {rest: Decimal(1)}
        ahead = {(line, each): weight for line, weight in weights.items() for each in months}
    places = list(ahead)
    return {
        place: part for place, part in zip(places, allocate(left, list(ahead.values()), currency), strict=True) if part
    }


@dataclass(frozen=True, slots=True)
class Money:
    """All amounts of one currency. `ordered` is what is still open of commitments, by the month of the order."""

    currency: str
    budget: Amounts = field(default_factory=dict)
    actual: Amounts = field(default_factory=dict)
    forecast: Amounts = field(default_factory=dict)
    ordered: Amounts = field(default_factory=dict)

    def cells(self, mode: str) -> Amounts:
        """The amounts of a mode; variance is budget less actual and forecast."""
        if mode == "budget":
            return dict(self.budget)
        if mode == "commitments":
            return dict(self.ordered)
        sign = -1 if mode == "variance" else 1
        found = dict(self.budget) if mode == "variance" else {}
        for part in (self.actual, self.forecast):
            for place, amount in part.items():
                found[place] = found.get(place, ZERO) + sign * amount
        return found


class Year(NamedTuple):
    """A fiscal year and its months that the grid shows."""

    label: str
    months: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells by line and month, and their sums."""

    cells: Amounts
    years: tuple[Year, ...]
    undated: bool

    def at(self, line: Line, month: Month) -> Decimal | None:
        return self.cells.get((line, month))

    def total(self, lines: Sequence[Line] | None = None, months: Sequence[Month] | None = None) -> Decimal:
        """The sum over `lines` and `months`; None means all of them."""
        chosen_lines = None if lines is None else set(lines)
        chosen_months = None if months is None else set(months)
        return sum(
            (
                amount
                for (line, month), amount in self.cells.items()
                if (chosen_lines is None or line in chosen_lines) and (chosen_months is None or month in chosen_months)
            ),
            ZERO,
        )


def grid_of(cells: Amounts, start_month: int, *, also: Iterable[date] = ()) -> Grid:
    """A grid over all months from the first to the last with an amount (and `also`), by fiscal year."""
    dated = {month for _, month in cells if month is not None} | {day.replace(day=1) for day in also}
    years: dict[str, list[date]] = {}
    if dated:
        for month in months_between(min(dated), max(dated)):
            years.setdefault(fiscal_year_label(month, start_month), []).append(month)
    return Grid(
        cells, tuple(Year(label, tuple(months)) for label, months in years.items()), any(m is None for _, m in cells)
    )
