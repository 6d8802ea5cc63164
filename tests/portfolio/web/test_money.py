"""The money page of a portfolio."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from pmo.services.organisations import organisation_create
from projects.models import BudgetLine, CostEntry


@pytest.fixture
def client(director):
    client = Client()
    client.force_login(director.user)
    return client


@pytest.fixture
def filled(office):
    """Two projects in pounds and one in euros, budgeted over 2026, with some cost."""
    for code, spent, currency in (("A-1", 300_000, "GBP"), ("B-2", 100_000, "GBP"), ("E-3", 50_000, "EUR")):
        project = office.project(code, budget=1_200_000, currency=currency, programme=office.programme)
        office.cost(project, spent, on=date(2026, 5, 11))
        office.progress(project, 50)
    office.compute()
    return office


def page(client, query=""):
    return client.get(f"/o/merrowby/money/{query}")


def whole(table):
    return table.total.cells[-1].amount


def test_sums_are_by_currency_and_add_up_to_the_estimates(client, filled):
    tables = page(client).context["tables"]
    assert [(table.currency, len(table.rows)) for table in tables] == [("GBP", 2), ("EUR", 1)]
    assert whole(tables[0]) == 800_000  # BAC / CPI of each: 600,000 and 200,000
    for table in tables:
        assert sum(row.cells[-1].amount for row in table.rows) == whole(table)


@pytest.mark.parametrize("group", ["project", "programme", "category"])
@pytest.mark.parametrize("mode", ["budget", "forecast", "variance", "commitments"])
def test_every_grouping_comes_to_the_same_whole(client, filled, mode, group):
    tables = page(client, f"?mode={mode}&group={group}").context["tables"]
    by_project = page(client, f"?mode={mode}").context["tables"]
    assert [whole(table) for table in tables] == [whole(table) for table in by_project]
    assert [table.total.cells[12].amount for table in tables] == [table.total.cells[12].amount for table in by_project]


def test_the_year_and_the_other_years_come_to_the_whole(client, filled):
    filled.organisation.fiscal_year_start_month = 4
    filled.organisation.save()
    [first, _] = page(client, "?mode=budget&year=2025").context["tables"]
    year, others, all_years = (first.total.cells[place].amount for place in (12, 13, 14))
    assert year + others == all_years == 2_400_000
    assert 0 < year < all_years


def test_a_row_leads_to_the_money_of_its_project(client, filled):
    row = page(client, "?mode=budget").context["tables"][0].rows[0]
    assert row.href == "/o/merrowby/projects/A-1/money/?mode=budget"


def test_filters_are_those_of_the_cockpit_and_an_unknown_one_is_refused(client, filled):
    assert page(client, "?programme=HAR").context["projects"] == 3
    assert page(client, "?status=closed").context["projects"] == 0
    assert page(client, "?colour=red").status_code == 400


def test_another_date_is_computed_from_what_had_happened_by_then(client, filled):
    may = next(place for place, month in enumerate(page(client).context["months"]) if month == date(2026, 5, 1))
    budget_only = page(client, "?mode=variance&as_of=2026-04-30").context["tables"][0].total.cells[may].amount
    assert budget_only > 0  # nothing was spent in May yet


def test_who_sees_some_projects_sums_only_those(office, filled):
    manager = office.member("project_manager", name="Milo")
    mine = office.project("M-4", budget=10, project_manager=office.person(manager))
    CostEntry.objects.create(
        organisation=office.organisation, project=mine, amount=Decimal(4), currency="GBP", incurred_on=date(2026, 5, 1)
    )
    client = Client()
    client.force_login(manager.user)
    [table] = page(client, "?mode=budget").context["tables"]
    assert [row.code for row in table.rows] == ["M-4"]
    assert whole(table) == 10


def test_the_files_have_the_exact_amounts(client, filled):
    said = page(client, "?mode=budget&format=csv").content.decode("utf-8-sig")
    assert said.splitlines()[3].endswith("2400000.00")
    assert page(client, "?mode=budget&format=xlsx").status_code == 200


def test_the_number_of_statements_does_not_grow_with_the_projects(client, filled, django_assert_max_num_queries):
    organisation_create(slug="elsewhere", name="Elsewhere", currency="GBP")
    for number in range(40):
        project = filled.project(f"N-{number}", budget=1_000)
        BudgetLine.objects.filter(project=project).update(period=date(2026, 3, 1))
    page(client)
    for mode in ("budget", "forecast", "variance", "commitments"):
        with django_assert_max_num_queries(15):
            page(client, f"?mode={mode}")
