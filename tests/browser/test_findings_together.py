"""Several findings at once, and what a finding rests on."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def test_several_are_ticked_and_acknowledged_together(page: Page) -> None:
    page.goto("/o/demo/findings/")
    boxes = page.locator(".inbox input[name=ids]")
    numbers = [boxes.nth(index).get_attribute("value") for index in (1, 2)]
    for index in (1, 2):
        boxes.nth(index).check()
    bar = page.locator("[data-bulk-bar]").first
    expect(bar).to_contain_text("2")
    bar.get_by_role("button", name="Acknowledge").click()
    page.wait_for_load_state()
    for number in numbers:
        page.goto(f"/o/demo/findings/{number}/")
        expect(page.locator("#detail")).to_contain_text("Acknowledged")


def test_the_demo_has_many_findings_and_each_links_to_its_projects(page: Page) -> None:
    page.goto("/o/demo/findings/")
    assert page.locator(".inbox .tt").count() >= 10
    page.locator(".inbox .tt").first.click()
    expect(page.locator("#detail a[href*='/projects/']").first).to_be_visible()
