"""How a figure came about: its formula with the numbers put in, and the rows those numbers rest on."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from projects.analysis.derivation import numbered, template_of
from projects.analysis.earned_value import Performance
from projects.analysis.facts import PerformanceFacts
from projects.analysis.forecast import EAC_SAYS
from projects.analysis.methods import Measurement
from projects.analysis.metrics import METRIC, fields, sentence
from projects.analysis.planned_value import plan_of

WHOLE_PROJECT = "Whole project"


class Input(NamedTuple):
    """A figure the formula rests on; `note` tells why it is undefined, or how it was come by."""

    key: str
    name: str
    value: Decimal | None
    note: str


class PackageLine(NamedTuple):
    """A package's share of EV. `percent` and `percent_on` are None where nothing was reported for it.

    `method` says how it was measured, such as "percent complete" or "2 of 4 milestones".
    """

    name: str
    budget: Decimal
    percent: Decimal | None
    method: str
    earned: Decimal
    percent_on: date | None


class CostLine(NamedTuple):
    """A month's ledger total of one kind."""

    kind: str
    period: date
    amount: Decimal


class PlannedLine(NamedTuple):
    """An approved budget line and the part of it planned to the status date (None where its dates are unknown)."""

    name: str
    period: date | None
    amount: Decimal
    counted: Decimal | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One figure taken apart. `formula_with_numbers` reads "EV / AC = 480.00 / 1,000.00 = 0.48"."""

    key: str
    name: str
    formula: str
    formula_with_numbers: str
    value: Decimal | None
    unit: str
    reason: str | None
    sentence: str
    inputs: tuple[Input, ...]
    packages: tuple[PackageLine, ...]
    costs: tuple[CostLine, ...]
    planned: tuple[PlannedLine, ...]


def explain(key: str, facts: PerformanceFacts, performance: Performance) -> Explanation:
    """Take apart the figure `key` of `performance`, which `facts` gave. KeyError for a key not in METRICS.

    Only the rows the figure rests on are listed: packages where EV enters, ledger totals where AC (or commitments)
    enter, budget lines where PV or BAC enter.
    """
    metric = METRIC[key]
    value: Decimal | None = getattr(performance, key)
    derived = numbered(key, facts, performance)
    rests_on = _roots(key, performance)
    told = sentence(metric, value)
    if key == "eac" and told:
        told = f"{told} {EAC_SAYS[performance.eac_method]}"
    return Explanation(
        key=key,
        name=metric.name,
        formula=derived.formula,
        formula_with_numbers=derived.with_numbers,
        value=value,
        unit=metric.unit,
        reason=performance.undefined.get(key),
        sentence=told,
        inputs=tuple(Input(*known) for known in derived.inputs),
        packages=package_lines(facts, performance.status_date) if "ev" in rests_on else (),
        costs=_cost_lines(facts, performance.status_date, rests_on),
        planned=planned_lines(facts, performance.status_date) if rests_on & {"pv", "bac", "es"} else (),
    )


def _roots(key: str, performance: Performance) -> set[str]:
    """The figures read straight from rows that `key` rests on, through however many formulas."""
    named = [name for name in fields(template_of(key, performance)) if name in METRIC]
    found = {key} if key == "es" or not named else set()
    for name in named:
        found |= _roots(name, performance)
    return found


def package_lines(facts: PerformanceFacts, t: date) -> tuple[PackageLine, ...]:
    """Every budgeted package with the statement that measures it at `t`, phases in their order, the rest last."""
    names: dict[int | None, str] = {package.id: package.name for package in facts.packages}
    plan = plan_of(facts)
    shares = Measurement(facts, plan).shares(t)
    order = [package for package in (*names, *plan.budgets) if package is not None and package in plan.budgets]
    lines = []
    for package in dict.fromkeys([*order, *plan.budgets]):
        budget, share = plan.budgets[package], shares[package]
        name = WHOLE_PROJECT if package is None else names.get(package, f"Phase {package}")
        percent = None if share.on is None else share.percent
        lines.append(PackageLine(name, budget, percent, share.how, share.of(budget), share.on))
    return tuple(lines)


def _cost_lines(facts: PerformanceFacts, t: date, rests_on: set[str]) -> tuple[CostLine, ...]:
    kinds = {"commitment"} if "committed" in rests_on else {"actual", "accrual"} if "ac" in rests_on else set()
    found = [CostLine(kind, period, amount) for period, kind, amount in facts.costs if kind in kinds and period <= t]
    return tuple(sorted(found, key=lambda line: (line.period, line.kind)))


def planned_lines(facts: PerformanceFacts, t: date) -> tuple[PlannedLine, ...]:
    """Every budget line with its part of PV; their sum is PV wherever PV is known."""
    names = {package.id: package.name for package in facts.packages}
    lines = []
    for line in facts.planned:
        alone = plan_of(replace(facts, planned=(line,)))
        name = WHOLE_PROJECT if line.package is None else names.get(line.package, f"Phase {line.package}")
        lines.append(PlannedLine(name, line.period, line.amount, alone.value(t)))
    return tuple(lines)
