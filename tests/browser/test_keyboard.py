"""Everything by keyboard alone."""

from __future__ import annotations

from decimal import Decimal

from playwright.sync_api import Page, expect

from benchmarks.installation import Installation, running_project
from tests.browser.conftest import rows


def focused(page: Page) -> str:
    """What has the focus, in a few words."""
    return str(
        page.evaluate(
            "(() => { const e = document.activeElement;"
            " return (e.getAttribute('aria-label') || e.innerText || e.tagName).trim().slice(0, 80) })()"
        )
    )


def test_the_first_stop_is_the_link_that_skips_to_the_content(cockpit: Page) -> None:
    cockpit.keyboard.press("Tab")
    skip = cockpit.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    cockpit.keyboard.press("Enter")
    expect(cockpit.locator("#main")).to_be_focused()


def test_every_entry_of_the_navigation_is_a_stop_and_opens_by_enter(cockpit: Page) -> None:
    wanted = cockpit.locator("#nav ul a").all_inner_texts()
    seen: list[str] = []
    for _ in range(30):
        cockpit.keyboard.press("Tab")
        seen.append(focused(cockpit))
    for text in wanted:
        assert any(text.split("\n")[0].strip() in stop for stop in seen), (text, seen)
    cockpit.get_by_role("link", name="Findings").first.focus()
    cockpit.keyboard.press("Enter")
    cockpit.wait_for_url("**/findings/")


def test_the_table_is_sorted_by_enter_on_a_heading(cockpit: Page) -> None:
    before = rows(cockpit)
    cockpit.locator(".dt-cockpit thead th").first.get_by_role("link").focus()
    cockpit.keyboard.press("Enter")
    cockpit.wait_for_url("**ordering=**")
    assert sorted(rows(cockpit)) == sorted(before)
    expect(cockpit.locator(".dt-cockpit thead th").first).to_have_attribute("aria-sort", "ascending")


def test_a_menu_opens_by_enter_and_closes_by_escape_with_the_focus_back(cockpit: Page) -> None:
    summary = cockpit.locator(".tools details.menu summary").first
    summary.focus()
    cockpit.keyboard.press("Enter")
    expect(cockpit.locator(".tools details.menu[open]")).to_have_count(1)
    cockpit.keyboard.press("Escape")
    expect(cockpit.locator(".tools details.menu[open]")).to_have_count(0)
    expect(summary).to_be_focused()


def test_a_dialog_keeps_the_focus_inside_and_escape_gives_it_back(cockpit: Page) -> None:
    button = cockpit.get_by_role("button", name="Save view")
    button.focus()
    cockpit.keyboard.press("Enter")
    dialog = cockpit.locator("#save-view")
    expect(dialog).to_be_visible()
    for _ in range(8):
        cockpit.keyboard.press("Tab")
        inside = "document.activeElement === document.body || document.activeElement.closest('#save-view') !== null"
        assert cockpit.evaluate(inside)
    cockpit.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


def test_the_palette_opens_by_its_shortcut_and_leads_to_a_project(cockpit: Page) -> None:
    cockpit.keyboard.press("Control+k")
    palette = cockpit.locator("#palette")
    expect(palette).to_be_visible()
    cockpit.keyboard.type("findings")
    expect(palette.get_by_role("link").first).to_be_visible()
    cockpit.keyboard.press("ArrowDown")
    cockpit.keyboard.press("Enter")
    cockpit.wait_for_url(lambda url: not url.endswith("/o/demo/"))


def test_wherever_the_focus_is_it_can_be_seen(cockpit: Page) -> None:
    for _ in range(25):
        cockpit.keyboard.press("Tab")
        shown = cockpit.evaluate(
            "(() => { const e = document.activeElement; if (e === document.body) return true;"
            " const s = getComputedStyle(e), b = e.getBoundingClientRect();"
            " return b.width > 0 && (s.outlineStyle !== 'none' || s.boxShadow !== 'none') })()"
        )
        assert shown, focused(cockpit)


def test_the_money_grid_is_scrolled_by_arrows_and_a_figure_opens_its_entries_by_enter(
    page: Page, house: Installation
) -> None:
    page.goto(f"/o/demo/projects/{running_project(house.api())['code']}/money/?mode=forecast")
    grid = page.get_by_role("region", name="Cost lines by month")
    grid.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(100):  # the page's own policy forbids it to wait by a script given as text
        if page.locator(".mgrid-wrap").evaluate("(wrap) => wrap.scrollLeft") > 0:
            break
        page.wait_for_timeout(50)
    assert page.locator(".mgrid-wrap").evaluate("(wrap) => wrap.scrollLeft") > 0
    page.keyboard.press("Tab")
    assert grid.evaluate("(grid) => grid.contains(document.activeElement)")
    amount = focused(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ledger/?**")
    entries = page.locator("td.c-amount").all_inner_texts()
    assert sum(Decimal(text.replace(",", "").replace("−", "-")) for text in entries) == Decimal(amount.replace(",", ""))
