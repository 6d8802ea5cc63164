"""Signing in and out."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from benchmarks.installation import Installation
from tests.browser.conftest import sign_in


def test_signing_in_leads_to_the_cockpit_with_all_projects_of_the_demo(
    visit: Callable[..., Page], house: Installation
) -> None:
    page = visit(signed=False)
    page.goto("/o/demo/")
    assert "/accounts/login/" in page.url
    sign_in(page, house.password)
    expect(page.locator(".dt-cockpit tbody tr").first).to_be_visible()
    page.goto("/o/demo/?status__in=proposed,active,on_hold,closed,cancelled")
    expect(page.locator(".dt-cockpit tbody tr").nth(31)).to_be_visible()  # 24 under way, eight that are finished


def test_a_wrong_password_is_told_in_a_sentence_and_opens_nothing(visit: Callable[..., Page]) -> None:
    page = visit(signed=False)
    sign_in(page, "not the password")
    expect(page.get_by_text("not correct")).to_be_visible()
    page.goto("/o/demo/")
    assert "/accounts/login/" in page.url


def test_signing_out_closes_the_door(visit: Callable[..., Page], house: Installation) -> None:
    page = visit(signed=False)
    sign_in(page, house.password)
    page.wait_for_url("**/o/demo/")
    page.locator("summary").filter(has_text="Account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "/o/demo/" not in url)
    page.goto("/o/demo/")
    assert "/accounts/login/" in page.url
