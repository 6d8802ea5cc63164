"""As an analyst and a director would: change a standard, see who is affected, publish, compare; and read a policy."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, sideways, violations

LIBRARY = "/o/demo/standards/"


def latest(page: Page) -> str:
    """The number of the newest published version of the standard that the demo's projects follow."""
    page.goto(f"{LIBRARY}?state=published")
    row = page.locator("tbody tr", has=page.get_by_role("link", name="Five phases"))
    return row.locator(".c-number").inner_text().strip()


def test_a_standard_is_changed_seen_against_its_followers_and_published(page: Page) -> None:
    before = int(latest(page))
    page.get_by_role("link", name="Five phases").click()
    page.get_by_role("button", name="New version").click()
    expect(page.locator("h1")).to_have_text("Five phases")

    page.get_by_role("link", name="Add an activity to Initiation").click()
    page.get_by_label("Name", exact=True).fill("Ask the neighbours")
    page.get_by_label("Why").fill("They hear it anyway.")
    page.get_by_role("button", name="Add", exact=True).click()
    added = page.locator("li", has=page.get_by_role("link", name="Ask the neighbours", exact=True)).last
    expect(added).to_be_visible()

    activities = page.locator('[data-sort="activity"]').first
    page.get_by_role("button", name="Move “Ask the neighbours” up").focus()
    page.keyboard.press("Enter")
    expect(activities.locator("> li").nth(-2)).to_contain_text("Ask the neighbours")
    first, moved = activities.locator("> li").first, activities.locator("> li").nth(-2)
    moved.locator("> .std-grip").drag_to(first, target_position={"x": 80, "y": 3})
    expect(activities.locator("> li").first).to_contain_text("Ask the neighbours")

    page.get_by_text("Take out “List the stakeholders”").locator("..").click()
    page.get_by_role("button", name="Take it out").locator("visible=true").click()
    expect(page.locator("#toasts")).to_contain_text("is taken out")

    page.get_by_role("link", name="Publish").click()
    expect(page.locator(".std-diff")).to_contain_text("Ask the neighbours")
    expect(page.locator(".std-removed")).to_contain_text("List the stakeholders")
    expect(page.locator("[aria-labelledby=affected-h]")).to_contain_text(re.compile(r"24 running projects"))
    assert violations(page) == []
    page.get_by_label("What is new in it").fill("Neighbours are asked.")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".page-head")).to_contain_text(f"Version {before + 1}")
    expect(page.locator(".page-head")).to_contain_text("Published")
    assert int(latest(page)) == before + 1


def test_of_two_who_edit_at_once_the_second_is_told(page: Page) -> None:
    page.goto(f"{LIBRARY}?state=draft")
    page.get_by_role("link", name="Small change").first.click()
    page.get_by_role("link", name="Edit", exact=True).click()
    address = page.url
    other = page.context.new_page()
    other.goto(address)
    other.get_by_role("link", name="Add an activity to Agree").click()
    page.get_by_role("button", name="Move “Do” up").click()
    expect(page.locator("#toasts")).to_contain_text("is moved")
    other.get_by_label("Name", exact=True).fill("Too late")
    with other.expect_response(lambda answer: answer.request.method == "POST") as answered:
        other.get_by_role("button", name="Add", exact=True).click()
    assert answered.value.status == 422
    expect(other.locator("main form")).to_contain_text("Somebody else changed this draft meanwhile")
    expect(other.get_by_label("Name", exact=True)).to_have_value("Too late")


def test_every_page_of_a_standard_fits_a_phone_and_bars_nobody(page: Page) -> None:
    page.goto(f"{LIBRARY}?state=draft")
    version = page.get_by_role("link", name="Small change").first.get_attribute("href") or ""
    page.set_viewport_size(NARROW)
    for path in (
        LIBRARY, version, f"{version}edit/", f"{version}compare/", f"{version}publish/", f"{version}tailoring/",
        f"{version}add/rule/", f"{version}add/gate/?in=1", "/o/demo/tiers/",
        "/o/demo/policies/", "/o/demo/policies/new/",
    ):  # fmt: skip
        page.goto(path)
        assert sideways(page) <= 0, path
        assert violations(page) == [], path
