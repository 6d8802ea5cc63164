"""The inbox of findings in a browser: mouse, keyboard, phone, and the accessibility check."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from portfolio.models import Finding
from portfolio.services.standings import standings_refresh
from projects.services.performance import performance_rebuild
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
INBOX, RULES = "/o/alder/findings/", "/o/alder/settings/rules/"
CHECKS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
Open = Callable[..., Page]


@pytest.fixture
def troubled(transactional_db: None, alder: Cast) -> Cast:
    """Nobody named as sponsor, no approved budget: two findings."""
    assert alder.project is not None
    alder.project.sponsor = None
    alder.project.save()
    performance_rebuild(alder.organisation.pk)
    standings_refresh(alder.organisation.pk)
    assert Finding.objects.count() == 2
    return alder


def test_a_click_opens_a_finding_beside_the_list_and_a_key_acknowledges_it(troubled: Cast, open_page: Open) -> None:
    page = open_page(troubled.people["pmo_director"], INBOX)
    page.get_by_role("link", name="No sponsor named", exact=True).click()
    expect(page.locator("#detail h2")).to_have_text("No sponsor named")
    expect(page.locator(".inbox > li.sel")).to_contain_text("No sponsor named")
    page.locator("h1").click()
    page.keyboard.press("a")
    expect(page.locator(".inbox > li.sel")).to_contain_text("Acknowledged")
    expect(page.locator("#toasts")).to_contain_text("Acknowledged.")
    assert Finding.objects.get(rule="missing-owner").status == "acknowledged"


def test_j_and_k_walk_the_list(troubled: Cast, open_page: Open) -> None:
    page = open_page(troubled.people["pmo_director"], INBOX)
    first = page.locator("#detail h2").inner_text()
    page.keyboard.press("j")
    expect(page.locator("#detail h2")).not_to_have_text(first)
    page.keyboard.press("k")
    expect(page.locator("#detail h2")).to_have_text(first)


def test_suppressing_asks_for_a_date_and_a_reason_and_takes_it_off_the_list(troubled: Cast, open_page: Open) -> None:
    page = open_page(troubled.people["pmo_director"], INBOX)
    page.locator("#detail summary", has_text="Suppress").click()
    form = page.locator("#detail .menu-form", has_text="Reason")
    form.locator('[name="until"]').fill("2099-01-01")
    form.locator('[name="reason"]').fill("Known to the board")
    form.get_by_role("button", name="Suppress").click()
    expect(page.locator("#detail header")).to_contain_text("until 1 Jan 2099: Known to the board")
    expect(page.locator("#finding-tabs a", has_text="Suppressed")).to_contain_text("1")


def test_on_a_phone_a_finding_takes_the_screen_and_gives_it_back(troubled: Cast, open_page: Open) -> None:
    page = open_page(troubled.people["pmo_director"], INBOX, width=390)
    expect(page.locator("#detail")).to_be_hidden()
    page.get_by_role("link", name="No sponsor named", exact=True).click()
    expect(page.locator("#detail")).to_be_visible()
    expect(page.locator(".inbox").first).to_be_hidden()
    page.get_by_label("Back to the list").click()
    expect(page.locator(".inbox").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("path", [INBOX, f"{INBOX}?tab=suppressed", RULES])
def test_the_pages_pass_the_accessibility_check(
    troubled: Cast, open_page: Open, path: str, width: int, theme: str
) -> None:
    page = open_page(troubled.people["pmo_director"], path, width=width, theme=theme)
    found = Axe().run(page, options={"runOnly": CHECKS})
    assert [violation["id"] for violation in found.response["violations"]] == []
