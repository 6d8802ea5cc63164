"""Baselines and change requests of one project, and what the figures say against any of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pmo.kit.errors import NotFound
from pmo.kit.sums import ExactSum
from pmo.selectors.actors import Actor
from projects.analysis.bridge import BaselineBudget, Bridge, bridge
from projects.analysis.earned_value import Performance, measure
from projects.analysis.facts import PerformanceFacts, PlannedAmount
from projects.models import Baseline, Budget, BudgetLine, ChangeRequest, Project
from projects.selectors.facts import performance_facts
from projects.selectors.frozen import frozen_dates_of, with_frozen_dates
from projects.selectors.projects import project_get


def baselines_of(project: Project) -> QuerySet[Baseline]:
    """The project's baselines that stand, first one first: those whose budget was not taken back with its import."""
    mine = Baseline.objects.filter(project=project, budget__state=Budget.State.APPROVED)
    return mine.select_related("budget", "change_request", "recorded_by").order_by("number")


def baseline_now(project: Project) -> Baseline | None:
    """The newest of them."""
    return baselines_of(project).last()


def change_request_get(actor: Actor, request_id: int, *, action: str = "money.view") -> ChangeRequest:
    """One change request for one action on its project."""
    rows = ChangeRequest.objects.filter(organisation=actor.organisation, pk=request_id)
    request = rows.select_related("project", "budget", "proposed_by", "decided_by").first()
    if request is None:
        raise NotFound(_("There is no such change request here."))
    project_get(actor, action="money.view", pk=request.project_id)
    if action != "money.view":
        project_get(actor, action=action, pk=request.project_id)
    return request


def attachable(project: Project, *, but: ChangeRequest | None = None) -> list[tuple[Budget, Decimal]]:
    """Budgets that a change request may carry, newest first, with their totals: drafts and handed-in versions newer
    than the baseline's that no other request carries."""
    standing = baseline_now(project)
    rows = project.budgets.filter(state__in=(Budget.State.DRAFT, Budget.State.SUBMITTED)).order_by("-number")
    if standing is not None:
        rows = rows.filter(number__gt=standing.budget.number)
    taken = ChangeRequest.objects.filter(project=project, budget__isnull=False)
    if but is not None:
        taken = taken.exclude(pk=but.pk)
    rows = rows.exclude(pk__in=taken.values("budget_id")).annotate(total=ExactSum("lines__amount"))
    return [(budget, budget.total or Decimal(0)) for budget in rows]


class Against(NamedTuple):
    """The figures against one baseline; None where undefined. `slip`: calendar days that the finish is later."""

    baseline: Baseline
    ev: Decimal | None
    cv: Decimal | None
    vac: Decimal | None
    finish: date | None
    slip: int | None


class Story(NamedTuple):
    """How the project stands against the baseline asked for, and the way from the first baseline to its estimate."""

    now: Performance
    against: Against | None
    bridge: Bridge


def story_of(project: Project, baselines: list[Baseline], chosen: Baseline | None, status_date: date) -> Story:
    """Figures as at `status_date`, in ten queries at most. The plan is that of the chosen baseline in `against`."""
    facts = performance_facts([project.pk], as_of=status_date)[project.pk].facts
    now = measure(facts, status_date)
    steps = [
        BaselineBudget(
            baseline.number,
            baseline.bac,
            baseline.change_request.number if baseline.change_request else None,
            baseline.change_request.title if baseline.change_request else baseline.budget.label,
        )
        for baseline in baselines
        if baseline.effective_on <= status_date
    ]
    against = None if chosen is None else _against(project, facts, now, chosen, status_date)
    return Story(now, against, bridge(steps, now))


def _against(
    project: Project, facts: PerformanceFacts, now: Performance, chosen: Baseline, status_date: date
) -> Against:
    sums = BudgetLine.objects.filter(budget=chosen.budget_id).order_by()
    totals = sums.values_list("project_phase_id", "period").annotate(total=ExactSum("amount"))
    planned = tuple(PlannedAmount(*row) for row in totals)
    then = with_frozen_dates(replace(facts, planned=planned), frozen_dates_of(chosen))
    ev = measure(then, status_date).ev
    finish = project.actual_finish or project.forecast_finish or project.finish
    return Against(
        baseline=chosen,
        ev=ev,
        cv=None if ev is None or now.ac is None else ev - now.ac,
        vac=None if now.eac is None else chosen.bac - now.eac,
        finish=finish,
        slip=None if finish is None or chosen.finish is None else (finish - chosen.finish).days,
    )
