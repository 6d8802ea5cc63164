"""The money page of a project."""

from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from pmo.kit.spreadsheet import Row
from pmo.kit.workbook import read
from projects.imports.guess import guess, guess_target
from projects.models import Budget, BudgetLine, CostEntry, Forecast, ForecastLine, Progress
from tests.matrix import readable


@pytest.fixture
def project(alder):
    """A budget of 1,200 over four months of 2026, 330 spent by the end of February."""
    project = alder.project
    budget = Budget.objects.create(
        organisation=alder.organisation, project=project, number=1, state="approved", origin="imported",
        approved_at="2026-01-01T00:00:00Z", effective_on=date(2026, 1, 1),
    )  # fmt: skip
    for month, category, expense_type, amount in (
        (1, "labour", "operating", 200), (2, "labour", "operating", 100), (8, "labour", "operating", 300),
        (11, "material", "capital", 600),
    ):  # fmt: skip
        BudgetLine.objects.create(
            organisation=alder.organisation, budget=budget, project=project, category=category,
            expense_type=expense_type, period=date(2026, month, 1), amount=Decimal(amount),
        )  # fmt: skip
    for month, kind, category, amount in (
        (1, "actual", "labour", "210.00"), (2, "accrual", "labour", "100.00"), (2, "actual", "travel", "20.00"),
        (2, "commitment", "material", "400.00"),
    ):  # fmt: skip
        CostEntry.objects.create(
            organisation=alder.organisation, project=project, kind=kind, category=category, amount=Decimal(amount),
            currency="GBP", incurred_on=date(2026, month, 15),
        )  # fmt: skip
    return project


def address(project, query=""):
    return f"/o/alder/projects/{project.code}/money/{query}"


def test_each_mode_has_its_figures(alder, project):
    client = alder.client("budget_owner")
    budget = client.get(address(project, "?mode=budget")).context["grid"]
    assert budget.total() == 1200
    commitments = client.get(address(project, "?mode=commitments")).context["grid"]
    assert commitments.cells == {(("capital", "material"), date(2026, 2, 1)): Decimal(400)}
    page = client.get(address(project, "?mode=forecast")).context
    assert page["grid"].at(("operating", "labour"), date(2026, 1, 1)) == 210
    assert page["grid"].at(("none", "travel"), date(2026, 2, 1)) == 20


def test_actual_and_forecast_come_to_the_estimate_at_completion(alder, project):
    Progress.objects.create(
        organisation=alder.organisation, project=project, status_date=date(2026, 2, 28), percent_complete=Decimal(25)
    )
    page = alder.client("project_manager").get(address(project)).context
    assert page["grid"].total() == Decimal("1320.00")  # BAC / CPI = 1200 × 330 / 300
    variance = alder.client("project_manager").get(address(project, "?mode=variance")).context
    assert variance["grid"].total() == Decimal("-120.00")


def test_a_forecast_by_month_is_laid_out_as_it_was_given(alder, project):
    given = Forecast.objects.create(
        organisation=alder.organisation, project=project, kind="etc", status_date=date(2026, 3, 1), eac=Decimal(1330)
    )
    ForecastLine.objects.create(
        organisation=alder.organisation, forecast=given, period=date(2026, 12, 1), category="material",
        amount=Decimal(1000),
    )  # fmt: skip
    page = alder.client("project_manager").get(address(project)).context
    assert page["grid"].at(("capital", "material"), date(2026, 12, 1)) == 1000
    assert page["found"].etc_on == date(2026, 3, 1)


def test_what_is_settled_is_no_longer_open(alder, project):
    order = CostEntry.objects.get(kind="commitment")
    CostEntry.objects.create(
        organisation=alder.organisation, project=project, category="material", amount=Decimal(150), currency="GBP",
        incurred_on=date(2026, 4, 2), settles=order,
    )  # fmt: skip
    page = alder.client("budget_owner").get(address(project, "?mode=commitments")).context
    assert page["grid"].cells == {(("capital", "material"), date(2026, 2, 1)): Decimal(250)}


def test_an_actual_leads_to_exactly_its_entries(alder, project):
    client = alder.client("budget_owner")
    rows = client.get(address(project, "?group=phase")).context["rows"]
    hrefs = [cell.href for row in rows for cell in row.cells if cell.amount == Decimal(20) and cell.href]
    assert len(hrefs) == 1
    entries = client.get(hrefs[0]).context["list"].page.rows
    assert [(entry.category, entry.amount) for entry in entries] == [("travel", Decimal(20))]


def test_an_earlier_date_leaves_out_what_came_later(alder, project):
    page = alder.client("budget_owner").get(address(project, "?as_of=2026-01-31")).context
    assert page["found"].money.actual == {(("operating", "labour"), date(2026, 1, 1)): Decimal(210)}


def test_the_workbook_shows_the_grid_and_maps_itself_for_the_import(alder, project, tmp_path):
    answer = alder.client("project_manager").get(address(project, "?mode=budget&format=xlsx"))
    path = tmp_path / "money.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    book = load_workbook(path)
    _lines, grid = book.worksheets
    assert [cell.value for cell in grid[1]][-1] == "Total"
    assert grid.cell(grid.max_row, grid.max_column).value == 1200
    lines_read = [list(cells) for _number, cells in read(path, "", 20).rows]
    heads, *rows = [[*cells, *[None] * (8 - len(cells))] for cells in lines_read]
    table = [Row(number, tuple(cells)) for number, cells in enumerate(rows, start=2)]
    assert guess_target(heads, table) == "budget-lines"
    mapping, _options = guess("budget-lines", heads, table)
    assert {field: column["column"] for field, column in mapping.items()} == {
        "project": "Project", "phase": "Phase", "category": "Category", "expense_type": "Expense type",
        "period": "Month", "amount": "Amount", "currency": "Currency", "funding_source": "Funding source",
    }  # fmt: skip
    assert sum(row[5] for row in rows) == 1200


def test_the_csv_file_has_the_same_total(alder, project):
    said = readable(alder.client("project_manager").get(address(project, "?mode=budget&format=csv")))
    assert said.strip().splitlines()[-1].endswith("1200.00")


def test_an_unknown_mode_is_refused_and_a_member_of_the_team_sees_no_money(alder, project):
    assert alder.client("budget_owner").get(address(project, "?mode=guess")).status_code == 400
    assert alder.client("team_member").get(address(project)).status_code == 403


def test_without_an_approved_budget_the_page_says_where_to_make_one(alder):
    page = alder.client("project_manager").get(address(alder.project, "?mode=budget"))
    assert "No budget is approved yet" in page.content.decode()


def test_a_category_in_both_capital_and_operating_is_compared_as_a_whole(alder, project):
    BudgetLine.objects.create(
        organisation=alder.organisation, budget=Budget.objects.get(), project=project, category="labour",
        expense_type="capital", period=date(2026, 1, 1), amount=Decimal(50),
    )  # fmt: skip
    client = alder.client("budget_owner")
    split = client.get(address(project, "?mode=budget")).context["grid"]
    assert split.at(("capital", "labour"), date(2026, 1, 1)) == 50
    variance = client.get(address(project, "?mode=variance")).context["grid"]
    assert variance.at(("both", "labour"), date(2026, 1, 1)) == 40
