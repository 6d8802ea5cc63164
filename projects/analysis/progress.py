"""Earned value from dated statements of progress, package by package."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from projects.analysis.facts import ProgressFact
from projects.analysis.periods import in_words
from projects.analysis.planned_value import ZERO

HUNDRED = Decimal(100)
UNBUDGETED = "Progress is reported only for parts of the project that carry no budget."

Statements = dict[int | None, ProgressFact]


def latest_statements(progress: Iterable[ProgressFact], t: date) -> Statements:
    """The statement that holds at `t` for each package: the latest date, and of that date the one recorded last."""
    latest: Statements = {}
    for fact in progress:
        package, on = fact[0], fact[1]
        if on <= t:
            known = latest.get(package)
            if known is None or on >= known[1]:
                latest[package] = fact
    return latest


def earned(budgets: dict[int | None, Decimal], latest: Statements) -> Decimal | None:
    """Σ budget × percent / 100. A package without a statement takes the project's; failing that it counts 0 %.

    None where no budgeted package has any statement to go by: progress would be invented.
    """
    whole = latest.get(None)
    total = ZERO
    measured = False
    for package, budget in budgets.items():
        fact = latest.get(package, whole)
        if fact is not None:
            measured = True
            total += budget * fact[2]
    return total / HUNDRED if measured else None


def why_nothing_is_earned(latest: Statements, t: date) -> str:
    """The reason where `earned` is None although there is a budget."""
    return UNBUDGETED if latest else f"No progress has been reported up to {in_words(t)}."
