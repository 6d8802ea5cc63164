"""Planned value: which part of the approved budget should have been done by a date."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from projects.analysis.facts import PerformanceFacts
from projects.analysis.periods import in_words, month_index, month_last, month_share, working_days

ZERO = Decimal(0)
NO_BUDGET = "No budget has been approved."


@dataclass(frozen=True, slots=True)
class Spread:
    """Budget without months: even over the working days from start to finish."""

    start: date
    finish: date
    days: int
    amount: Decimal

    def value(self, t: date) -> Decimal:
        """The part planned to the end of `t`. A spread over a weekend only falls due on its last day."""
        if t >= self.finish:
            return self.amount
        if t < self.start or not self.days:
            return ZERO
        return self.amount * working_days(self.start, t) / self.days


@dataclass(frozen=True, slots=True)
class Plan:
    """The approved budget arranged in time, built once per project.

    `curve[k]` is the planned value at the end of month `first + k`; `paid_in[k]` is that of budget lines with months
    alone. `start` and `finish` bound the plan (None: nothing is dated). `reason` tells why planned value is unknown.
    """

    bac: Decimal | None
    budgets: dict[int | None, Decimal]
    months: dict[int, Decimal]
    spreads: tuple[Spread, ...]
    first: int
    paid_in: list[Decimal]
    curve: list[Decimal]
    start: date | None
    finish: date | None
    reason: str | None

    def value(self, t: date) -> Decimal | None:
        """Planned value at the end of `t`; None where it is unknown."""
        if self.reason is not None:
            return None
        place = month_index(t) - self.first
        if place < 0:
            return ZERO
        if place >= len(self.curve):
            return self.curve[-1]
        planned = self.paid_in[place - 1] if place else ZERO
        this_month = self.months.get(self.first + place)
        if this_month:
            gone, whole = month_share(t)
            planned += this_month if gone == whole else this_month * gone / whole
        for spread in self.spreads:
            planned += spread.value(t)
        return planned

    def at_month_end(self, index: int) -> Decimal | None:
        """Planned value at the end of the month with this index; None where it is unknown."""
        if self.reason is not None:
            return None
        if index < self.first:
            return ZERO
        return self.curve[min(index - self.first, len(self.curve) - 1)]


def planned_value(facts: PerformanceFacts, t: date) -> Decimal | None:
    """PV(t): months fully passed count whole, the month of `t` by its working days. None without budget or dates."""
    return plan_of(facts).value(t)


def plan_of(facts: PerformanceFacts) -> Plan:
    """Arrange the approved budget in time, in one pass over its lines and one over its months."""
    if not facts.planned:
        return Plan(None, {}, {}, (), 0, [], [], None, None, NO_BUDGET)
    budgets: dict[int | None, Decimal] = {}
    months: dict[int, Decimal] = {}
    loose: dict[int | None, Decimal] = {}
    bac = ZERO
    for package, period, amount in facts.planned:
        bac += amount
        budgets[package] = budgets.get(package, ZERO) + amount
        if period is None:
            loose[package] = loose.get(package, ZERO) + amount
        else:
            index = period.year * 12 + period.month - 1
            months[index] = months.get(index, ZERO) + amount
    spreads, reason = _spreads(facts, loose) if loose else ((), None)
    if reason is not None:
        return Plan(bac, budgets, months, spreads, 0, [], [], None, None, reason)
    return _arranged(bac, budgets, months, spreads)


def _spreads(facts: PerformanceFacts, loose: dict[int | None, Decimal]) -> tuple[tuple[Spread, ...], str | None]:
    """Dates for the budget that has no months, and why that failed if it did."""
    dated = {package.id: package for package in facts.packages}
    merged: dict[tuple[date, date], Decimal] = {}
    for package_id, amount in loose.items():
        package = dated.get(package_id) if package_id is not None else None
        start, finish = (package.start, package.finish) if package is not None else (None, None)
        if start is None or finish is None:
            start, finish = facts.start, facts.finish
        if start is None or finish is None:
            of = f"The budget of “{package.name}”" if package is not None else "The budget"
            return (), f"{of} names no months, and there is no start and finish date to spread it over."
        if finish < start:
            return (), (
                f"The budget names no months, and the finish date {in_words(finish)} lies before "
                f"the start date {in_words(start)}."
            )
        merged[start, finish] = merged.get((start, finish), ZERO) + amount
    # In order of their dates, so that the last digit of a sum of fractions does not depend on the order of the lines.
    return tuple(Spread(*dates, working_days(*dates), amount) for dates, amount in sorted(merged.items())), None


def _arranged(
    bac: Decimal, budgets: dict[int | None, Decimal], months: dict[int, Decimal], spreads: tuple[Spread, ...]
) -> Plan:
    starts = [spread.start for spread in spreads]
    finishes = [spread.finish for spread in spreads]
    first = min(months) if months else month_index(min(starts))
    last = max((index for index, amount in months.items() if amount), default=first)
    if spreads:
        first = min(first, month_index(min(starts)))
        last = max(last, month_index(max(finishes)))
    running = ZERO
    paid_in: list[Decimal] = []
    for index in range(first, last + 1):
        amount = months.get(index)
        if amount is not None:
            running += amount
        paid_in.append(running)
    curve = paid_in
    if spreads:
        ends = [month_last(index) for index in range(first, last + 1)]
        curve = [sum((spread.value(end) for spread in spreads), paid) for paid, end in zip(paid_in, ends, strict=True)]
    start = date(first // 12, first % 12 + 1, 1)
    if first not in months and starts:
        start = min(starts)
    finish = month_last(last)
    if finishes and not months.get(last):
        finish = max(finishes)
    return Plan(bac, budgets, months, spreads, first, paid_in, curve, start, finish, None)
