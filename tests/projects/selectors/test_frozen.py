"""Planned value rests on the dates of the baseline in force: only a change request moves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from pmo.services.outbox import relay_all
from portfolio.selectors.money import portfolio_money, told
from projects.analysis.earned_value import Performance, measure
from projects.models import Baseline, Budget, Project, ProjectPhase
from projects.selectors.baselines import baselines_of, story_of
from projects.selectors.facts import performance_facts
from projects.selectors.money import project_money
from projects.services.budget_lines import LineDraft
from projects.services.budgets import budget_propose, budget_submit
from projects.services.change_decisions import change_request_decide
from projects.services.change_requests import ChangeDraft, change_request_propose, change_request_submit
from projects.services.phases import project_phase_update
from projects.services.projects import project_update
from tests.conftest import Cast, without_phases

Approve = Callable[..., Budget]
HALF = date(2026, 6, 30)


def figures(project: Project, as_of: date = HALF) -> Performance:
    return measure(performance_facts([project.pk], as_of=as_of)[project.pk].facts, as_of)


def move(cast: Cast, **values: object) -> None:
    assert cast.project is not None
    project = Project.objects.get(pk=cast.project.pk)
    project_update(actor=cast.actor("pmo_director"), project_id=project.pk, version=project.version, values=values)


def move_phase(cast: Cast, phase: ProjectPhase, **values: object) -> None:
    project_phase_update(actor=cast.actor("project_manager"), phase_id=phase.pk, values=values)


@pytest.fixture
def spread(alder: Cast) -> ProjectPhase:
    """A project from 5 January to 18 December 2026 with one phase in it, nothing approved yet."""
    assert alder.project is not None
    Project.objects.filter(pk=alder.project.pk).update(start=date(2026, 1, 5), finish=date(2026, 12, 18))
    without_phases(alder.project)
    return ProjectPhase.objects.create(
        organisation=alder.organisation, project=alder.project, order=1, name="Build",
        start=date(2026, 3, 2), finish=date(2026, 9, 25),
    )  # fmt: skip


def test_moving_dates_without_a_change_request_moves_no_planned_value(
    alder: Cast, spread: ProjectPhase, approved_budget: Approve
) -> None:
    approved_budget(
        alder, lines=[LineDraft(Decimal(300_000), None), LineDraft(Decimal(600_000), None, project_phase_id=spread.pk)]
    )
    assert alder.project is not None
    before = figures(alder.project)
    # 127 of 250 working days of the project, 87 of 150 of the phase.
    assert before.pv == Decimal(300_000) * 127 / 250 + Decimal(600_000) * 87 / 150

    move_phase(alder, spread, start=date(2026, 8, 3), finish=date(2027, 2, 26))
    move(alder, finish=date(2027, 12, 31))

    assert figures(alder.project) == before


def test_a_change_request_makes_the_baseline_whose_dates_count_from_its_day_on(
    alder: Cast, spread: ProjectPhase, approved_budget: Approve
) -> None:
    approved_budget(alder, lines=[LineDraft(Decimal(300_000), None)])
    assert alder.project is not None
    analyst, director = alder.actor("pmo_analyst"), alder.actor("pmo_director")
    budget = budget_propose(actor=analyst, project_id=alder.project.pk, lines=[LineDraft(Decimal(300_000), None)])
    budget_submit(actor=analyst, budget_id=budget.pk, version=budget.version)
    draft = ChangeDraft(title="Later", reason="Flood.", budget_id=budget.pk, new_finish=date(2027, 6, 30))
    request = change_request_propose(actor=analyst, project_id=alder.project.pk, draft=draft)
    request = change_request_submit(actor=analyst, request_id=request.pk, version=request.version)
    change_request_decide(
        actor=director, request_id=request.pk, version=request.version, approve=True, reason="Good.",
        effective_on=date(2026, 6, 1),
    )  # fmt: skip

    assert [str(each) for each in baselines_of(alder.project)] == ["BL-1", "BL-2"]
    assert figures(alder.project, date(2026, 5, 29)).pv == Decimal(300_000) * 105 / 250
    assert figures(alder.project).pv == Decimal(300_000) * 127 / 388  # to 30 June 2027


def test_a_phase_that_was_planned_over_the_project_stays_so_when_it_gets_dates(
    alder: Cast, spread: ProjectPhase, approved_budget: Approve
) -> None:
    ProjectPhase.objects.filter(pk=spread.pk).update(start=None, finish=None)
    approved_budget(alder, lines=[LineDraft(Decimal(250_000), None, project_phase_id=spread.pk)])
    move_phase(alder, spread, start=date(2026, 8, 3), finish=date(2026, 9, 25))
    assert alder.project is not None
    assert figures(alder.project).pv == Decimal(127_000)


def test_where_the_baseline_kept_no_dates_those_of_today_count(
    alder: Cast, spread: ProjectPhase, approved_budget: Approve
) -> None:
    """As with totals read from a register that has no dates: they are told later."""
    assert alder.project is not None
    ProjectPhase.objects.filter(pk=spread.pk).update(start=None, finish=None)
    Project.objects.filter(pk=alder.project.pk).update(start=None, finish=None)
    approved_budget(alder, lines=[LineDraft(Decimal(250_000), None, project_phase_id=spread.pk)])
    assert figures(alder.project).pv is None
    move(alder, start=date(2026, 1, 5), finish=date(2026, 12, 18))
    assert figures(alder.project).pv == Decimal(127_000)


def test_the_stored_figure_is_the_one_asked_for(alder: Cast, spread: ProjectPhase, approved_budget: Approve) -> None:
    approved_budget(alder, lines=[LineDraft(Decimal(250_000), None)])
    move(alder, start=date(2026, 9, 1))
    relay_all()
    assert alder.project is not None
    stored = Project.objects.get(pk=alder.project.pk).performance
    assert stored.pv == figures(alder.project, stored.status_date).pv


def test_against_an_earlier_baseline_its_own_dates_count(
    alder: Cast, spread: ProjectPhase, approved_budget: Approve
) -> None:
    """Level of effort earns what is planned, so the dates show in what is earned."""
    approved_budget(alder, lines=[LineDraft(Decimal(150_000), None, project_phase_id=spread.pk)])
    assert alder.project is not None
    ProjectPhase.objects.filter(pk=spread.pk).update(
        method="level_of_effort", start=date(2026, 8, 3), finish=date(2026, 9, 25)
    )
    first = Baseline.objects.get(project=alder.project)
    against = story_of(alder.project, [first], first, HALF).against
    assert against is not None
    assert against.ev == Decimal(87_000)


def test_the_money_grid_lays_the_budget_along_the_same_dates(
    alder: Cast, spread: ProjectPhase, approved_budget: Approve
) -> None:
    assert alder.project is not None
    undated = ProjectPhase.objects.create(
        organisation=alder.organisation, project=alder.project, order=2, name="Hand over"
    )
    approved_budget(
        alder,
        lines=[
            LineDraft(Decimal(300_000), None),
            LineDraft(Decimal(600_000), None, project_phase_id=spread.pk),
            LineDraft(Decimal(50_000), None, project_phase_id=undated.pk),
        ],
    )

    def laid() -> tuple[dict[object, Decimal], dict[object, Decimal]]:
        rows = Project.objects.filter(pk=alder.project.pk)  # type: ignore[union-attr]
        one = project_money(rows.get(), as_of=HALF).money.budget
        by_code = portfolio_money(rows, told(rows), alder.organisation, mode="budget", by="project", as_of=HALF)
        return dict(one), dict(by_code["GBP"].budget)

    before = laid()
    move_phase(alder, spread, start=date(2026, 8, 3), finish=date(2027, 2, 26))
    move_phase(alder, undated, start=date(2027, 1, 4), finish=date(2027, 1, 29))
    move(alder, finish=date(2027, 12, 31))
    assert laid() == before
    assert sum(before[0].values()) == sum(before[1].values()) == Decimal(950_000)
    assert {month for _, month in before[0]} == {date(2026, month, 1) for month in range(1, 13)}
