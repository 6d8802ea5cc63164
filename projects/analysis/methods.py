"""The earned share of each package by its measurement method; the rules are in docs/algorithms/earned_value.md."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from projects.analysis.facts import Package, PerformanceFacts, ProgressFact
from projects.analysis.planned_value import NO_BUDGET, ZERO, Plan, plan_of
from projects.analysis.progress import HUNDRED, Statements, earned, latest_statements, why_nothing_is_earned

ONE, HALF = Decimal(1), Decimal("0.5")
OWN = "percent complete"
INHERITED = "percent complete of the whole project"
UNMEASURED = "no progress reported, counts 0 %"
FINISHED_WHOLE = "finished, as the whole project is"
LACKS = {
    "milestones": "percent complete, since it has no milestones",
    "units": "percent complete, since the units in all are not known",
    "apportioned": "percent complete, since no package it is apportioned to is named",
}
DERIVED = ("level_of_effort", "apportioned")
CIRCLE = "Packages are apportioned to one another in a circle: {names}."


class Share(NamedTuple):
    """What part of a package is earned: `above` / `below`, kept apart so that thirds stay exact until multiplied.

    `how` says by what; `on` is the date of the statement behind it; `measured` is False where it counts 0 for want of
    a statement, and for what says nothing of its own (level of effort, apportioned).
    """

    above: Decimal
    below: Decimal
    how: str
    on: date | None
    measured: bool

    def of(self, budget: Decimal) -> Decimal:
        """The earned part of a budget, in its money; exactly `above` where `below` is that budget."""
        return self.above if self.below == budget else budget * self.above / self.below

    @property
    def percent(self) -> Decimal:
        return self.above * HUNDRED / self.below


NOTHING = Share(ZERO, ONE, UNMEASURED, None, False)


def plain(facts: PerformanceFacts) -> bool:
    """Whether every package is measured by percent complete, so that statements alone give EV."""
    return all(package[4] == "percent" for package in facts.packages)


def apportionment_circle(packages: Iterable[Package]) -> tuple[str, ...] | None:
    """Names of packages apportioned in a circle, the first of them again at the end; None where there is no circle."""
    known = {package.id: package for package in packages if package.method == "apportioned"}
    settled: set[int] = set()
    for begin in known:
        path: list[int] = []
        here: int | None = begin
        while here is not None and here in known and here not in settled:
            if here in path:
                return tuple(known[one].name for one in (*path[path.index(here) :], here))
            path.append(here)
            here = known[here].apportioned_to
        settled.update(path)
    return None


def circle_said(names: Sequence[str]) -> str:
    """The sentence that refuses a circle."""
    return CIRCLE.format(names=" → ".join(f"“{name}”" for name in names))


class Measurement:
    """One project's packages made ready to be measured at any number of dates."""

    def __init__(self, facts: PerformanceFacts, plan: Plan) -> None:
        self.facts, self.plan = facts, plan
        self.packages = {package.id: package for package in facts.packages}
        circle = apportionment_circle(facts.packages)
        self.circle = None if circle is None else circle_said(circle)
        self.efforts = {
            package.id: plan_of(
                replace(facts, planned=tuple(row for row in facts.planned if row.package == package.id))
            )
            for package in facts.packages
            if package.method == "level_of_effort"
        }

    def shares(self, t: date) -> dict[int | None, Share]:
        """The share of every budgeted package at `t`. In a circle nothing apportioned is measured."""
        statements = [fact for fact in self.facts.progress if fact.status_date <= t]
        latest = latest_statements(statements, t)
        return {package: self._share(package, statements, latest, t) for package in self.plan.budgets}

    def earned(self, t: date) -> tuple[Decimal | None, str]:
        """EV at `t`, and why it is undefined where it is."""
        if self.plan.bac is None:
            return None, NO_BUDGET
        if self.circle is not None:
            return None, self.circle
        for effort in self.efforts.values():
            if effort.reason not in (None, NO_BUDGET):
                return None, effort.reason or ""
        shares = self.shares(t)
        own = [share for package, share in shares.items() if self._method(package) not in DERIVED]
        if own and not any(share.measured for share in own):
            return None, why_nothing_is_earned(latest_statements(self.facts.progress, t), t)
        return sum((share.of(self.plan.budgets[package]) for package, share in shares.items()), ZERO), ""

    def _method(self, package: int | None) -> str:
        found = self.packages.get(package) if package is not None else None
        return "percent" if found is None else found.method

    def _share(self, package: int | None, statements: Sequence[ProgressFact], latest: Statements, t: date) -> Share:
        known = self.packages.get(package) if package is not None else None
        method = self._method(package)
        if known is None or method == "percent":
            return _by_percent(package, latest, OWN)
        if method == "level_of_effort":
            effort = self.efforts[known.id]
            planned, whole = effort.value(t), effort.bac
            if planned is None or not whole:
                return Share(ZERO, ONE, "level of effort, nothing planned", None, False)
            return Share(planned, whole, "level of effort, earned as planned", t, False)
        if method == "apportioned":
            base = self.packages.get(known.apportioned_to) if known.apportioned_to is not None else None
            if base is None:
                return _by_percent(package, latest, LACKS[method])
            if self.circle is not None:
                return NOTHING
            share = self._share(base.id, statements, latest, t)
            return share._replace(how=f"apportioned to “{base.name}”: {share.how}", measured=False)
        if (method == "units" and not known.units_total) or (method == "milestones" and not known.milestones):
            return _by_percent(package, latest, LACKS[method])
        return _by_events(known, statements, latest, t)


def _by_percent(package: int | None, latest: Statements, how: str) -> Share:
    own, whole = latest.get(package), latest.get(None)
    fact = own or whole
    if fact is None:
        return NOTHING
    return Share(fact.percent_complete, HUNDRED, how if own or package is None else INHERITED, fact.status_date, True)


def _by_events(package: Package, statements: Sequence[ProgressFact], latest: Statements, t: date) -> Share:
    """0/100, 50/50, milestones and units: from statements about the package itself."""
    own, whole = latest.get(package.id), latest.get(None)
    if own is None:
        if whole is not None and whole.percent_complete == HUNDRED:
            return Share(ONE, ONE, FINISHED_WHOLE, whole.status_date, True)
        return NOTHING
    if package.method == "milestones":
        said = _latest_by_milestone(fact for fact in statements if fact.package == package.id)
        reached = [one for one in package.milestones if one.id in said and said[one.id].percent_complete > 0]
        weights = sum((one.weight for one in package.milestones), ZERO)
        how = f"{len(reached)} of {len(package.milestones)} milestones"
        return Share(sum((one.weight for one in reached), ZERO), weights, how, own.status_date, True)
    if package.method == "units":
        return _by_units(package, [fact for fact in statements if fact.package == package.id])
    finished = own.percent_complete == HUNDRED or (own.actual_finish is not None and own.actual_finish <= t)
    started = own.percent_complete > 0 or (own.actual_start is not None and own.actual_start <= t)
    state = "finished" if finished else "started" if started else "not started"
    if package.method == "50_50":
        return Share(ONE if finished else HALF if started else ZERO, ONE, f"50/50, {state}", own.status_date, True)
    return Share(ONE if finished else ZERO, ONE, f"0/100, {state}", own.status_date, True)


def _latest_by_milestone(statements: Iterable[ProgressFact]) -> dict[int, ProgressFact]:
    said: dict[int, ProgressFact] = {}
    for fact in statements:
        if fact.milestone is not None:
            known = said.get(fact.milestone)
            if known is None or fact.status_date >= known.status_date:
                said[fact.milestone] = fact
    return said


def _by_units(package: Package, statements: Sequence[ProgressFact]) -> Share:
    total = package.units_total or ONE
    counted = latest_statements((fact for fact in statements if fact.units_done is not None), date.max).get(package.id)
    if counted is None or counted.units_done is None:
        return NOTHING
    done = min(counted.units_done, total)
    how = f"{counted.units_done.normalize():f} of {total.normalize():f} units"
    return Share(done, total, how, counted.status_date, True)


def share_of(package: Package, statements: Iterable[ProgressFact], t: date) -> Share:
    """The share of one package by statements about it alone, for the methods that are measured by events or units."""
    said = [fact for fact in statements if fact.status_date <= t]
    return _by_events(package, said, latest_statements(said, t), t)


def shares_of(facts: PerformanceFacts, t: date) -> dict[int | None, Share]:
    """The earned share of every budgeted package at `t`, by its method."""
    return Measurement(facts, plan_of(facts)).shares(t)


def earned_at(facts: PerformanceFacts, plan: Plan, t: date) -> tuple[Decimal | None, str]:
    """EV(t), and why it is undefined where it is ("" where it is not)."""
    if not plain(facts):
        return Measurement(facts, plan).earned(t)
    latest = latest_statements(facts.progress, t)
    ev = earned(plan.budgets, latest)
    if ev is not None:
        return ev, ""
    return None, NO_BUDGET if plan.bac is None else why_nothing_is_earned(latest, t)


def earned_value(facts: PerformanceFacts, t: date) -> Decimal | None:
    """EV(t); None without an approved budget or without any progress reported up to `t`."""
    return earned_at(facts, plan_of(facts), t)[0]
