"""The cockpit in a browser: narrowing, ordering, choosing columns, keeping a view, exporting, asking where from."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from benchmarks.installation import Installation, cost, running_project
from tests.browser.conftest import rows


def test_it_shows_one_row_for_each_project_under_way_and_their_sums(cockpit: Page, house: Installation) -> None:
    under_way = house.api().ask("GET", "/api/v1/projects/?status__in=active,on_hold,proposed")[1]["count"]
    expect(cockpit.locator(".dt-cockpit tbody tr")).to_have_count(under_way)
    expect(cockpit.locator(".dt-cockpit tfoot")).to_contain_text(f"Total, {under_way} projects")
    assert under_way >= 20


def test_a_filter_narrows_the_rows_and_its_chip_takes_it_away(cockpit: Page) -> None:
    before = cockpit.locator(".dt-cockpit tbody tr").count()
    cockpit.locator(".tools summary").filter(has_text="health").first.click()
    cockpit.locator(".tools details[open] .menu-item").filter(has_text="Red").click()
    cockpit.wait_for_url("**health=red**")
    narrowed = cockpit.locator(".dt-cockpit tbody tr").count()
    assert 0 < narrowed < before
    cockpit.locator(".tools summary").filter(has_text="health").first.click()
    cockpit.locator(".tools details[open] .menu-item").filter(has_text="Any").click()
    expect(cockpit.locator(".dt-cockpit tbody tr")).to_have_count(before)


def test_a_click_on_a_heading_sorts_and_a_second_one_turns_it_round(cockpit: Page) -> None:
    cockpit.get_by_role("columnheader", name="CPI", exact=False).first.get_by_role("link").click()
    heading = cockpit.locator("th[aria-sort]")
    expect(heading).to_contain_text("CPI")
    first, order = heading.get_attribute("aria-sort"), rows(cockpit)
    heading.get_by_role("link").click()
    expect(cockpit.locator("th[aria-sort]")).not_to_have_attribute("aria-sort", first or "")
    assert rows(cockpit) != order
    assert sorted(rows(cockpit)) == sorted(order)


def test_the_search_finds_a_project_by_a_part_of_its_name(cockpit: Page, house: Installation) -> None:
    project = running_project(house.api())
    box = cockpit.get_by_label("Filter projects")
    box.fill(project["name"][:12])
    box.press("Enter")
    cockpit.wait_for_url("**search=**")
    expect(cockpit.locator(f"#row-{project['id']}")).to_be_visible()
    box.fill("zzzz nothing of this name")
    box.press("Enter")
    expect(cockpit.get_by_text("No project matches")).to_be_visible()


def test_columns_are_chosen_and_stay_in_the_address(cockpit: Page) -> None:
    expect(cockpit.get_by_role("columnheader", name="Sponsor")).to_have_count(0)
    cockpit.locator("summary").filter(has_text="Columns").click()
    cockpit.get_by_label("Sponsor").check()
    cockpit.get_by_role("button", name="Show", exact=True).click()
    cockpit.wait_for_url("**columns=**sponsor**")
    expect(cockpit.get_by_role("columnheader", name="Sponsor")).to_have_count(1)


def test_a_saved_view_is_a_tab_that_leads_back_to_it(cockpit: Page) -> None:
    cockpit.goto("/o/demo/?health=red&ordering=-eac")
    shown = rows(cockpit)
    cockpit.get_by_role("button", name="Save view").click()
    dialog = cockpit.get_by_role("dialog", name="Save this view")
    dialog.get_by_label("Name").fill("Red by forecast")
    dialog.get_by_role("button", name="Save").click()
    cockpit.goto("/o/demo/")
    cockpit.get_by_role("link", name="Red by forecast").click()
    expect(cockpit.get_by_role("link", name="Red by forecast")).to_have_attribute("aria-current", "true")
    assert rows(cockpit) == shown


def test_the_export_holds_exactly_the_rows_shown(cockpit: Page, tmp_path: object) -> None:
    cockpit.goto("/o/demo/?health=red&ordering=code")
    count = cockpit.locator(".dt-cockpit tbody tr").count()
    cockpit.locator("summary").filter(has_text="Export").click()
    with cockpit.expect_download() as taken:
        cockpit.get_by_role("link", name="CSV file").click()
    path = taken.value.path()
    with path.open(encoding="utf-8-sig", newline="") as lines:
        assert len(list(csv.DictReader(lines))) == count


@pytest.mark.parametrize("way", ["click", "keyboard"])
def test_a_figure_opens_its_derivation_and_escape_gives_the_focus_back(cockpit: Page, way: str) -> None:
    figure = cockpit.locator('.dt-cockpit tbody a[href*="/figures/cpi/"]').first
    figure.focus()
    if way == "click":
        figure.click()
    else:
        cockpit.keyboard.press("Enter")
    panel = cockpit.get_by_role("complementary", name="How this figure came about")
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("CPI")
    expect(panel).to_contain_text("EV")
    cockpit.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(figure).to_be_focused()


def test_the_theme_is_switched_and_remembered(cockpit: Page) -> None:
    root = cockpit.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "light")
    cockpit.locator("summary").filter(has_text="Theme").click()
    cockpit.get_by_role("radio", name="Dark").click()
    expect(root).to_have_attribute("data-bs-theme", "dark")
    cockpit.goto("/o/demo/findings/")
    expect(root).to_have_attribute("data-bs-theme", "dark")


def test_a_posted_cost_changes_the_row_of_an_open_cockpit_by_itself(cockpit: Page, house: Installation) -> None:
    api = house.api()
    project = running_project(api)
    row = cockpit.locator(f"#row-{project['id']}")
    before = row.locator("td.c-ac").inner_text()
    focused = row.get_by_role("link").first
    focused.focus()
    status, _ = api.ask("POST", "/api/v1/cost-entries/", cost(project["id"], "2500000.00"), Idempotency_Key="browser-1")
    assert status == 201
    expect(row.locator("td.c-ac")).not_to_have_text(before)
    after = row.locator("td.c-ac").inner_text()
    assert Decimal(after.replace(",", "")) > Decimal(before.replace(",", ""))
    expect(row.get_by_role("link").first).to_be_focused()


def test_while_the_worker_is_away_the_row_says_that_it_is_being_recalculated(
    cockpit: Page, house: Installation
) -> None:
    api = house.api()
    project = running_project(api)
    row = cockpit.locator(f"#row-{project['id']}")
    house.kill("worker")
    try:
        body = cost(project["id"], "1000.00")
        assert api.ask("POST", "/api/v1/cost-entries/", body, Idempotency_Key="browser-2")[0] == 201
        expect(row).to_contain_text("Recalculating")
    finally:
        house.start("worker")
    expect(row).not_to_contain_text("Recalculating", timeout=40_000)
