"""Budgets, baselines and change requests: who may, once, and together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from time import sleep

import pytest
from django.db import OperationalError, connection

from pmo.kit.errors import ApplicationError, Forbidden, StaleVersion
from pmo.models import Membership
from projects.models import Baseline, Budget, ChangeRequest, Project
from projects.selectors.baselines import baseline_now, baselines_of, story_of
from projects.services.baselines import baselines_ensure
from projects.services.budget_copy import budget_copy
from projects.services.budget_lines import LineDraft, budget_lines_replace, line_spread, total_of
from projects.services.budgets import budget_approve, budget_propose, budget_submit
from projects.services.change_decisions import change_request_decide
from projects.services.change_requests import (
    ChangeDraft,
    change_request_propose,
    change_request_submit,
    change_request_withdraw,
)
from tests.conftest import make_cast


def submitted_budget(cast, amount=Decimal(100)):
    actor = cast.actor("pmo_analyst")
    budget = budget_propose(actor=actor, project_id=cast.project.pk, lines=[LineDraft(amount, date(2026, 3, 1))])
    return budget_submit(actor=actor, budget_id=budget.pk, version=budget.version)


def submitted_change(cast, budget=None, **values):
    actor = cast.actor("pmo_analyst")
    draft = ChangeDraft(title="More flats", reason="Found more.", budget_id=budget and budget.pk, **values)
    request = change_request_propose(actor=actor, project_id=cast.project.pk, draft=draft)
    return change_request_submit(actor=actor, request_id=request.pk, version=request.version)


def decide(cast, request, approve=True, role="pmo_director"):
    return change_request_decide(
        actor=cast.actor(role), request_id=request.pk, version=request.version, approve=approve, reason="Good.",
        effective_on=date(2026, 6, 1),
    )  # fmt: skip


def at_once(count, work):
    def run(index):
        while True:
            try:
                work(index)
                return "done"
            except ApplicationError as refusal:
                return refusal.code
            except OperationalError:  # a database in memory does not wait for its lock
                sleep(0.01)
            finally:
                connection.close()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, range(count)))


def test_the_first_approved_budget_makes_the_first_baseline(alder, approved_budget):
    budget = approved_budget(alder)
    baseline = Baseline.objects.get(project=alder.project)
    assert (baseline.number, baseline.budget, baseline.bac) == (1, budget, Decimal(1_200_000))
    assert (baseline.finish, baseline.scope) == (alder.project.finish, alder.project.description)
    assert len(baseline.phases) == alder.project.phases.count()


def test_a_second_budget_is_refused_without_a_change_request(alder, approved_budget):
    approved_budget(alder)
    budget = submitted_budget(alder)
    with pytest.raises(ApplicationError, match="Only an approved change request") as refusal:
        budget_approve(actor=alder.actor("pmo_director"), budget_id=budget.pk, version=budget.version)
    assert refusal.value.code == "needs_change_request"


def test_an_approved_change_moves_budget_baseline_and_finish_together(alder, approved_budget):
    first = approved_budget(alder)
    draft = budget_copy(actor=alder.actor("pmo_analyst"), budget_id=first.pk, percent=Decimal(10))
    request = decide(alder, submitted_change(alder, draft, new_finish=date(2027, 3, 31)))
    draft.refresh_from_db()
    alder.project.refresh_from_db()
    baseline = baseline_now(alder.project)
    assert request.cost_effect == Decimal(120_000)
    assert (draft.state, baseline.number, baseline.bac) == ("approved", 2, Decimal(1_320_000))
    assert baseline.change_request == request
    assert alder.project.finish == baseline.finish == date(2027, 3, 31)
    assert request.days_effect == 90
    assert Baseline.objects.get(project=alder.project, number=1).finish == date(2026, 12, 31)


def test_the_bridge_names_the_request_and_adds_up(alder, approved_budget):
    first = approved_budget(alder)
    draft = budget_copy(actor=alder.actor("pmo_analyst"), budget_id=first.pk, percent=Decimal(10))
    decide(alder, submitted_change(alder, draft))
    baselines = list(baselines_of(alder.project))
    story = story_of(alder.project, baselines, baselines[0], date(2026, 10, 31))
    assert story.bridge.start + sum(step.amount for step in story.bridge.steps) == story.bridge.end
    assert [(step.request, step.amount) for step in story.bridge.steps if step.kind == "change"] == [(1, 120_000)]


def test_a_change_without_cost_keeps_the_budget_as_a_new_version(alder, approved_budget):
    approved_budget(alder)
    decide(alder, submitted_change(alder, days_effect=14))
    baseline = baseline_now(alder.project)
    assert (baseline.number, baseline.bac, baseline.finish) == (2, Decimal(1_200_000), date(2027, 1, 14))


def test_a_cost_without_a_budget_cannot_be_handed_in(alder, approved_budget):
    approved_budget(alder)
    with pytest.raises(ApplicationError, match="no budget says where"):
        submitted_change(alder, cost_effect=Decimal(5))


def test_nobody_decides_on_their_own_change_or_above_their_limit(alder, approved_budget):
    first = approved_budget(alder)
    Membership.objects.filter(user=alder.people["budget_owner"]).update(approval_limit=Decimal(1_000_000))
    draft = budget_copy(actor=alder.actor("budget_owner"), budget_id=first.pk)
    request = submitted_change(alder, draft)
    with pytest.raises(Forbidden):
        decide(alder, request, role="budget_owner")  # proposed the budget, and it is above the limit
    draft.refresh_from_db()
    assert draft.state == "submitted"
    assert ChangeRequest.objects.get(pk=request.pk).state == "submitted"


def test_turned_down_and_withdrawn_leave_the_baseline(alder, approved_budget):
    first = approved_budget(alder)
    analyst = alder.actor("pmo_analyst")
    draft = budget_copy(actor=analyst, budget_id=first.pk)
    request = decide(alder, submitted_change(alder, draft), approve=False)
    draft.refresh_from_db()
    assert (request.state, draft.state) == ("rejected", "rejected")
    other = budget_copy(actor=analyst, budget_id=first.pk)
    request = submitted_change(alder, other)
    change_request_withdraw(actor=analyst, request_id=request.pk, version=request.version)
    other.refresh_from_db()
    assert other.state == "draft"
    assert baseline_now(alder.project).number == 1


def test_a_copy_adds_up_when_raised_and_moves_its_months(alder):
    actor = alder.actor("pmo_analyst")
    lines = [LineDraft(Decimal("33.33"), date(2026, month, 1)) for month in (10, 11, 12)]
    budget = budget_propose(actor=actor, project_id=alder.project.pk, lines=lines)
    copy = budget_copy(actor=actor, budget_id=budget.pk, shift_months=2, percent=Decimal("3.5"))
    assert total_of(copy) == Decimal("103.49")
    assert [line.period for line in copy.lines.all()] == [date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]
    assert copy.copied_from == budget


def test_lines_are_replaced_as_a_whole_and_the_late_one_hears_who_was_first(alder):
    actor = alder.actor("pmo_analyst")
    budget = budget_propose(actor=actor, project_id=alder.project.pk, lines=[LineDraft(Decimal(5))])
    lines = line_spread(LineDraft(Decimal(100)), date(2026, 1, 1), date(2026, 3, 31), "even")
    saved = budget_lines_replace(actor=actor, budget_id=budget.pk, version=budget.version, lines=lines)
    assert total_of(saved) == 100
    with pytest.raises(StaleVersion, match="Anil Alder changed B1"):
        budget_lines_replace(actor=actor, budget_id=budget.pk, version=budget.version, lines=[])


def test_missing_baselines_are_made_once(alder, approved_budget):
    budget = approved_budget(alder)
    later = Budget.objects.create(
        organisation=alder.organisation, project=alder.project, number=2, state="approved", origin="imported",
        approved_at=budget.approved_at, effective_on=date(2026, 5, 1),
    )  # fmt: skip
    assert (baselines_ensure(alder.organisation.pk), baselines_ensure(alder.organisation.pk)) == (1, 0)
    assert later.baseline.number == 2


@pytest.mark.django_db(transaction=True)
def test_fifty_approvals_at_once_approve_once():
    cast = make_cast("alder", "Alder")
    budget = submitted_budget(cast)
    actor = cast.actor("pmo_director")
    found = at_once(50, lambda _i: budget_approve(actor=actor, budget_id=budget.pk, version=budget.version))
    assert found.count("done") == 1, found
    assert Baseline.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_change_raced_twenty_times_is_decided_once():
    cast = make_cast("alder", "Alder")
    first = submitted_budget(cast)
    budget_approve(actor=cast.actor("pmo_director"), budget_id=first.pk, version=first.version)
    request = submitted_change(cast, days_effect=3)
    found = at_once(20, lambda index: decide(cast, request, approve=index % 2 == 0))
    assert found.count("done") == 1, found
    assert Baseline.objects.count() == (2 if ChangeRequest.objects.get().state == "approved" else 1)


@pytest.mark.django_db(transaction=True)
def test_drafts_proposed_at_once_get_numbers_of_their_own():
    cast = make_cast("alder", "Alder")
    actor, project = cast.actor("pmo_analyst"), Project.objects.get()
    lines = [LineDraft(Decimal(5))]
    found = at_once(12, lambda _i: budget_propose(actor=actor, project_id=project.pk, lines=lines))
    assert found == ["done"] * 12
    assert sorted(Budget.objects.values_list("number", flat=True)) == list(range(1, 13))
