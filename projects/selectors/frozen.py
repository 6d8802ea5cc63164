"""The dates that a baseline keeps: planned value rests on them, not on those the project has come to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from pmo.kit.bulk import select_rows
from projects.analysis.facts import PerformanceFacts
from projects.models import Baseline

Dates = tuple[date | None, date | None]


class FrozenDates(NamedTuple):
    """Start and finish of a project, and of its phases by id, as they were when a baseline was made."""

    project: Dates
    phases: dict[int, Dates]

    def of(self, phase: int | None, own: Dates, project: Dates) -> Dates:
        """The dates that budget of this phase without a month is planned over; `own` and `project` are today's."""
        whole = self.project if _complete(self.project) else project
        kept = self.phases.get(phase) if phase is not None else None
        if kept is not None and _complete(kept):
            return kept
        if kept is not None and _complete(self.project):
            return whole
        return own if _complete(own) else whole


NOTHING_FROZEN = FrozenDates((None, None), {})


def frozen_dates(baselines: QuerySet[Baseline], budget_ids: Collection[int]) -> dict[int, FrozenDates]:
    """By project id, the dates kept with the baselines of these budgets (one a project). One query."""
    rows = baselines.order_by().values_list("project_id", "budget_id", "start", "finish", "phases")
    return {
        project: FrozenDates(
            (start, finish), {phase["id"]: (_day(phase["start"]), _day(phase["finish"])) for phase in phases}
        )
        for project, budget, start, finish, phases in select_rows(rows)
        if budget in budget_ids
    }


def frozen_dates_of(baseline: Baseline) -> FrozenDates:
    """Those of one baseline at hand."""
    phases = {phase["id"]: (_day(phase["start"]), _day(phase["finish"])) for phase in baseline.phases}
    return FrozenDates((baseline.start, baseline.finish), phases)


def with_frozen_dates(facts: PerformanceFacts, frozen: FrozenDates) -> PerformanceFacts:
    """The facts with the dates of the baseline. Where it kept no two dates to plan by, those of today stand.

    A phase that had no two dates of its own was planned over the project's, and stays so whatever dates it got since.
    """
    whole = _complete(frozen.project)
    packages = []
    for package in facts.packages:
        kept = frozen.phases.get(package.id)
        if kept is not None and _complete(kept):
            package = package._replace(start=kept[0], finish=kept[1])
        elif kept is not None and whole:
            package = package._replace(start=None, finish=None)
        packages.append(package)
    start, finish = frozen.project if whole else (facts.start, facts.finish)
    return replace(facts, packages=tuple(packages), start=start, finish=finish)


def _complete(dates: Dates) -> bool:
    return dates[0] is not None and dates[1] is not None


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
