"""From a draft to a new baseline in the browser: lines, copy, comparison, request, decision."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from django.utils.html import escape

from projects.models import Budget, ChangeRequest, Project
from projects.services.budget_copy import budget_copy
from projects.services.budget_lines import LineDraft, budget_lines_replace, total_of
from projects.services.budgets import budget_propose, budget_submit
from projects.services.change_requests import ChangeDraft, change_request_propose, change_request_submit


def base(cast):
    return f"/o/{cast.organisation.slug}/projects/{cast.project.code}"


def draft_of(cast, role="pmo_analyst"):
    lines = [LineDraft(Decimal(50), date(2026, 1, 1), funding_source="Grant")]
    return budget_propose(actor=cast.actor(role), project_id=cast.project.pk, lines=lines)


def grid(**cells):
    months = {month.replace("m", "2026-"): amount for month, amount in cells.items()}
    return json.dumps([{"phase": "", "category": "labour", "kind": "capital", "fund": "Grant", "cells": months}])


def test_the_grid_shows_lines_by_month_with_the_fiscal_calendar(alder):
    alder.organisation.fiscal_year_start_month = 4
    alder.organisation.save()
    page = alder.client("pmo_analyst").get(f"{base(alder)}/budgets/{draft_of(alder).pk}/lines/").content.decode()
    assert "FY 2025/26" in page and "P10" in page
    assert 'data-fund="Grant"' in page and ">50.00<" in page


def test_the_whole_grid_is_saved_as_one_request(alder):
    budget = draft_of(alder)
    answer = alder.client("pmo_analyst").post(
        f"{base(alder)}/budgets/{budget.pk}/lines/",
        {"version": budget.version, "act": "grid", "grid": grid(m01="10.50", m02="4.50")},
    )
    assert answer.status_code == 302
    assert [(line.category, line.amount) for line in budget.lines.all()] == [
        ("labour", Decimal("10.50")),
        ("labour", Decimal("4.50")),
    ]


def test_who_saves_too_late_hears_who_was_first_and_keeps_what_was_typed(alder):
    budget = draft_of(alder)
    budget_lines_replace(actor=alder.actor("pmo_director"), budget_id=budget.pk, version=budget.version, lines=[])
    answer = alder.client("pmo_analyst").post(
        f"{base(alder)}/budgets/{budget.pk}/lines/",
        {"version": budget.version, "act": "grid", "grid": grid(m01="77.00")},
    )
    page = answer.content.decode()
    assert answer.status_code == 412
    assert "Dora Alder changed B1" in page and ">77.00<" in page
    assert not budget.lines.exists()


def test_a_row_is_put_without_scripts_and_spread_by_its_profile(alder):
    budget = draft_of(alder)
    row = {
        "version": budget.version, "act": "row", "project_phase": "", "category": "services",
        "expense_type": "operating", "funding_source": "", "amount": "1,000", "profile": "even",
        "first": "2026-03", "last": "2026-05",
    }  # fmt: skip
    assert alder.client("pmo_analyst").post(f"{base(alder)}/budgets/{budget.pk}/lines/", row).status_code == 302
    found = [line.amount for line in budget.lines.filter(category="services")]
    assert found == [Decimal("333.34"), Decimal("333.33"), Decimal("333.33")]
    assert total_of(budget) == 1_050


def test_a_grid_that_cannot_be_read_changes_nothing(alder):
    budget = draft_of(alder)
    for sent in ("[", "{}x", "[1]", grid(m01="much"), grid(m13="5.00")):
        answer = alder.client("pmo_analyst").post(
            f"{base(alder)}/budgets/{budget.pk}/lines/", {"version": budget.version, "act": "grid", "grid": sent}
        )
        assert answer.status_code == 422, sent
    assert total_of(budget) == 50


def test_two_versions_are_compared_and_the_differences_add_up(alder, approved_budget):
    first = approved_budget(alder)
    budget_copy(actor=alder.actor("pmo_analyst"), budget_id=first.pk, shift_months=1)
    page = alder.client("auditor").get(f"{base(alder)}/budgets/1/vs/2/").content.decode()
    assert "added" in page and "removed" in page
    assert "11 lines are the same in both." in page
    assert alder.client("auditor").get(f"{base(alder)}/budgets/1/vs/9/").status_code == 404


def test_a_change_goes_from_a_copy_to_a_new_baseline(alder, approved_budget):
    first = approved_budget(alder)
    analyst, director = alder.client("pmo_analyst"), alder.client("pmo_director")
    analyst.post(f"{base(alder)}/budgets/{first.pk}/copy/", {"percent": "10", "shift_months": "0", "label": "More"})
    draft = Budget.objects.get(number=2)
    page = analyst.get(f"{base(alder)}/budgets/").content.decode()
    assert f"/changes/new/?budget={draft.pk}" in page
    analyst.post(f"{base(alder)}/changes/new/", {"title": "More flats", "reason": "Found <more>.", "budget": draft.pk})
    request = ChangeRequest.objects.get()
    analyst.post(f"{base(alder)}/changes/{request.pk}/submit/", {"version": request.version})
    request.refresh_from_db()
    assert "You proposed it" not in director.get(f"{base(alder)}/changes/{request.pk}/").content.decode()
    refused = director.post(
        f"{base(alder)}/changes/{request.pk}/", {"version": request.version, "decision": "approve", "reason": ""}
    )
    assert refused.status_code == 422
    decided = director.post(
        f"{base(alder)}/changes/{request.pk}/",
        {"version": request.version, "decision": "approve", "reason": "Good.", "effective_on": "2026-06-01"},
    )
    assert decided.status_code == 302
    page = director.get(f"{base(alder)}/changes/?baseline=1").content.decode()
    assert "Against BL-1" in page and "BL-2" in page
    assert "CR-1 More flats" in page and "+120,000.00" in page
    assert escape("Found <more>.") in director.get(f"{base(alder)}/changes/{request.pk}/").content.decode()


def test_a_submitted_change_waits_in_the_cockpit_for_who_may_decide(alder, approved_budget, settle):
    approved_budget(alder)
    actor = alder.actor("pmo_analyst")
    draft = ChangeDraft(title="Later", reason="Rain.", days_effect=9)
    request = change_request_propose(actor=actor, project_id=alder.project.pk, draft=draft)
    change_request_submit(actor=actor, request_id=request.pk, version=request.version)
    settle()
    charts = f"/o/{alder.organisation.slug}/charts/"
    for role, told in (("pmo_director", True), ("pmo_analyst", False)):
        page = alder.client(role).get(charts)
        assert ("CR-1: Later" in page.content.decode()) == told, role


@pytest.mark.parametrize("step", ["submit", "approve", "reject", "copy", "lines"])
def test_a_budget_is_not_found_under_the_code_of_another_project(alder, step):
    other = Project.objects.create(
        organisation=alder.organisation, code="OTHER", name="Another", portfolio=alder.portfolio, currency="GBP",
        standard_version=alder.project.standard_version,
    )  # fmt: skip
    budget = draft_of(alder)
    if step in ("approve", "reject"):
        budget = budget_submit(actor=alder.actor("pmo_analyst"), budget_id=budget.pk, version=budget.version)
    sent = {"version": budget.version, "reason": "No.", "grid": grid(m01="1"), "act": "grid"}
    client = alder.client("pmo_director")
    answer = client.post(f"/o/{alder.organisation.slug}/projects/{other.code}/budgets/{budget.pk}/{step}/", sent)
    assert answer.status_code == 404
    budget.refresh_from_db()
    assert (budget.state, budget.version) == (
        "submitted" if step in ("approve", "reject") else "draft",
        sent["version"],
    )
    assert Budget.objects.count() == 1
    answer = client.post(f"{base(alder)}/budgets/{budget.pk}/{step}/", sent)
    assert answer.status_code in (204, 302), "the address of its own project does it"
