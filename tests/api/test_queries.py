"""How many queries an answer takes does not depend on how many rows it holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pmo.models import Person
from portfolio.models import Portfolio, PortfolioAssignment, Programme
from projects.services.budgets import LineDraft, budget_propose
from projects.services.costs import Posting, cost_entry_post
from projects.services.progress import forecast_record, health_declare, progress_record
from projects.services.projects import ProjectDraft, project_create

# Sign-in takes two (a portfolio manager's three); then a count, the page, and at most two things beside it.
MOST = 6
LISTS = """organisations people memberships standards standard-versions phases activities deliverables gates tokens
tailoring-rules tier-models policies policy-versions acknowledgements audit-events
saved-views portfolios programmes projects project-phases budgets budget-lines cost-entries vendors forecasts progress
health-declarations"""


# PostgreSQL takes a lock on the month, which SQLite's one writer needs not.
LOCK = 1 if connection.vendor == "postgresql" else 0


def fill(cast, number: int) -> None:
    director = cast.actor("pmo_director")
    organisation = cast.organisation
    portfolio = Portfolio.objects.create(
        organisation=organisation, code=f"P{number}", name=f"P{number}", currency="GBP"
    )
    Programme.objects.create(organisation=organisation, portfolio=portfolio, code=f"G{number}", name=f"G{number}")
    person = Person.objects.create(organisation=organisation, name=f"Person {number}")
    PortfolioAssignment.objects.create(organisation=organisation, portfolio=portfolio, person=person)
    draft = ProjectDraft(
        code=f"X{number}",
        name=f"X{number}",
        portfolio_id=portfolio.pk,
        currency="GBP",
        values={"project_manager": person},
    )
    project = project_create(actor=director, draft=draft)
    budget_propose(actor=director, project_id=project.pk, lines=[LineDraft(Decimal(1)), LineDraft(Decimal(2))])
    day = date(2026, 3, 1)
    cost_entry_post(actor=director, posting=Posting(project.pk, Decimal(5), day, vendor_name=f"Vendor {number}"))
    progress_record(actor=director, project_id=project.pk, status_date=day, percent_complete=Decimal(5))
    forecast_record(actor=director, project_id=project.pk, status_date=day, eac=Decimal(5))
    health_declare(actor=director, project_id=project.pk, status_date=day, health="green")


@pytest.mark.parametrize("role", ["pmo_director", "portfolio_manager"])
def test_a_list_takes_as_many_queries_for_one_row_as_for_many(alder, call, settle, role):
    caller = call(alder, role)

    def queries() -> dict[str, int]:
        found = {}
        for name in LISTS.split():
            with CaptureQueriesContext(connection) as captured:
                response = caller.get(f"{name}/?page_size=200")
            if response.status_code == 200:
                found[name] = len(captured)
        return found

    caller.get("roles/")  # notes that the token is used, once in five minutes
    fill(alder, 0)
    before = queries()
    for number in range(1, 5):
        fill(alder, number)
    settle()
    assert queries() == before
    assert {name: count for name, count in before.items() if count > MOST} == {}


def test_an_export_takes_as_many_queries_as_its_list(alder, call):
    caller = call(alder, "pmo_director")
    for number in range(3):
        fill(alder, number)
    with CaptureQueriesContext(connection) as captured:
        b"".join(caller.get("cost-entries/?format=csv"))
    assert len(captured) <= 5


def test_a_post_of_a_cost_takes_thirteen_statements_and_six_more_with_a_key(alder, call):
    caller = call(alder, "project_manager")
    body = {"project": str(alder.project.pk), "amount": "1.00", "incurred_on": "2026-03-01"}
    caller.post("cost-entries/", body)
    with CaptureQueriesContext(connection) as captured:
        caller.post("cost-entries/", body)
    assert len(captured) <= 13 + LOCK
    with CaptureQueriesContext(connection) as captured:
        caller.post("cost-entries/", body, Idempotency_Key="k")
    assert len(captured) <= 19 + LOCK


def test_a_bulk_of_costs_looks_its_project_up_once(alder, call):
    caller = call(alder, "pmo_director")
    body = {"project": str(alder.project.pk), "amount": "1.00", "incurred_on": "2026-03-01"}
    caller.post("cost-entries/", [body])

    def statements(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            caller.post("cost-entries/", [body] * count)
        return len(captured)

    assert statements(11) - statements(1) <= 10 * (10 + LOCK)
