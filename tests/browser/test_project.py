"""The page of one project: posting to its ledger, and the figures that follow by themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from benchmarks.installation import Installation, cost, running_project
from tests.browser.conftest import NARROW, sideways


@pytest.fixture
def project(house: Installation) -> dict[str, str]:
    return running_project(house.api())


@pytest.fixture
def address(project: dict[str, str]) -> str:
    return f"/o/demo/projects/{project['code']}/"


def test_the_row_of_the_cockpit_leads_to_the_page_with_money_chart_findings_and_ledger(
    cockpit: Page, project: dict[str, str]
) -> None:
    cockpit.locator(f"#row-{project['id']}").get_by_role("link", name=project["name"]).first.click()
    expect(cockpit.get_by_role("heading", level=1)).to_contain_text(project["name"])
    for name in ("Findings", "Ledger"):
        expect(cockpit.get_by_role("heading", name=name, exact=False).first).to_be_visible()
    expect(cockpit.locator("svg").first).to_be_visible()


def test_the_estimate_by_month_fits_a_phone_and_its_cells_hold_their_amounts(
    visit: Callable[..., Page], address: str
) -> None:
    page = visit(NARROW)
    page.goto(f"{address}forecast/months/")
    cells = page.get_by_role("region", name="Months and categories").get_by_role("textbox")
    expect(cells.first).to_be_visible()
    assert sideways(page) == 0
    cut = cells.evaluate_all(
        "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth).map(cell => cell.value)"
    )
    assert cut == []


def test_a_cost_posted_by_form_stands_in_the_ledger(page: Page, address: str) -> None:
    page.goto(f"{address}ledger/new/")
    page.locator("[name=amount]").fill("4321.09")
    page.locator("[name=reference]").fill("INV-BROWSER-1")
    page.locator("main form button[type=submit]").last.click()
    page.goto(f"{address}ledger/?search=INV-BROWSER-1")
    expect(page.locator("main table tbody tr")).to_have_count(1)
    expect(page.locator("main")).to_contain_text("4,321.09")


def test_a_form_filled_in_wrongly_says_what_is_wrong_beside_the_field(page: Page, address: str) -> None:
    page.goto(f"{address}ledger/new/")
    page.locator("[name=amount]").fill("a lot")
    page.locator("main form button[type=submit]").last.click()
    field = page.locator("[name=amount]")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("a lot")


def test_an_open_page_brings_its_figures_up_to_date_by_itself(
    page: Page, address: str, project: dict[str, str], house: Installation
) -> None:
    page.goto(address)
    money = page.locator("#p-figures")
    before = money.inner_text()
    body = cost(project["id"], "3000000.00")
    assert house.api().ask("POST", "/api/v1/cost-entries/", body, Idempotency_Key="browser-project")[0] == 201
    expect(money).not_to_have_text(before, use_inner_text=True)


def test_every_figure_of_the_page_explains_itself(visit: Callable[..., Page], address: str) -> None:
    page = visit()
    page.goto(address)
    links = page.locator('main a[href*="/figures/"]')
    hrefs = sorted({link.get_attribute("href") or "" for link in links.all()})
    assert len(hrefs) >= 8
    links.first.click()
    expect(page.get_by_role("complementary", name="How this figure came about")).to_contain_text("=")
