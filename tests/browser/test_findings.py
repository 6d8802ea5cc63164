"""The inbox of findings in a browser: mouse, keyboard, forms, phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, sideways, violations

INBOX, RULES = "/o/demo/findings/", "/o/demo/settings/rules/"


@pytest.fixture
def inbox(page: Page) -> Page:
    page.goto(INBOX)
    return page


def opened(page: Page) -> str:
    """The title of the finding that is open."""
    return page.locator("#detail h2").inner_text()


def test_the_gravest_stands_open_and_a_click_opens_another(inbox: Page) -> None:
    first = opened(inbox)
    assert first == inbox.locator(".inbox .tt").first.inner_text()
    third = inbox.locator(".inbox .tt").nth(2)
    third.click()
    expect(inbox.locator("#detail h2")).to_have_text(third.inner_text())
    expect(inbox.locator(".inbox > li.sel")).to_contain_text(third.inner_text())
    inbox.wait_for_url("**/findings/*/**")
    inbox.go_back()
    expect(inbox.locator("#detail h2")).to_have_text(first)


def test_j_and_k_walk_the_list_and_a_acknowledges(inbox: Page) -> None:
    first = opened(inbox)
    inbox.keyboard.press("j")
    expect(inbox.locator("#detail h2")).not_to_have_text(first)
    inbox.keyboard.press("k")
    expect(inbox.locator("#detail h2")).to_have_text(first)
    inbox.keyboard.press("a")
    expect(inbox.locator(".inbox > li.sel .st")).to_contain_text("Acknowledged")
    expect(inbox.locator("#toasts")).to_contain_text("Acknowledged.")
    inbox.reload()
    expect(inbox.locator("#detail header")).to_contain_text("Acknowledged")


def test_suppressing_asks_for_a_date_to_come_and_can_be_taken_back(inbox: Page) -> None:
    inbox.locator(".inbox .tt").last.click()
    expect(inbox.locator(".inbox > li.sel .tt")).to_have_text(inbox.locator(".inbox .tt").last.inner_text())
    inbox.locator("#detail summary", has_text="Suppress").click()
    form = inbox.locator("#detail .menu-form", has_text="Reason")
    form.locator('[name="until"]').fill("2099-01-01")
    form.locator('[name="reason"]').fill("Known to the board")
    form.get_by_role("button", name="Suppress").click()
    expect(inbox.locator("#detail header")).to_contain_text("until 1 Jan 2099: Known to the board")
    expect(inbox.locator("#finding-tabs a", has_text="Suppressed")).to_contain_text("1")
    inbox.locator("#detail").get_by_role("button", name="Reopen").click()
    expect(inbox.locator("#detail header")).to_contain_text("Open")
    expect(inbox.locator("#finding-tabs a", has_text="Suppressed")).to_contain_text("0")


def test_on_a_phone_a_finding_takes_the_screen_and_gives_it_back(visit: Callable[..., Page]) -> None:
    page = visit(NARROW)
    page.goto(INBOX)
    expect(page.locator("#detail")).to_be_hidden()
    page.locator(".inbox .tt").first.click()
    expect(page.locator("#detail")).to_be_visible()
    expect(page.locator(".inbox").first).to_be_hidden()
    assert sideways(page) == 0
    page.get_by_label("Back to the list").click()
    expect(page.locator(".inbox").first).to_be_visible()
    assert sideways(page) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_an_open_rule_and_an_open_finding_pass_the_accessibility_check(
    visit: Callable[..., Page], size: dict[str, int], theme: str
) -> None:
    page = visit(size, theme)
    page.goto(RULES)
    page.locator("#programme-drift > summary").click()
    assert violations(page) == []
    page.goto(f"{INBOX}?tab=across")
    page.locator(".inbox .tt").first.click()
    expect(page.locator("#detail")).to_be_visible()
    assert violations(page) == []
