"""Every page that links lead to answers, says what it is, fits the window and passes axe in both themes."""

from __future__ import annotations

import re
import urllib.parse
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from benchmarks.installation import Api, Installation
from tests.browser.conftest import NARROW, WIDE, sideways, violations

DEPTH = 3
OF_A_KIND = 4  # pages of one view that are asked for
FOREIGN = ("api-docs",)  # drawn by Swagger UI as it comes, whose contrast and headings are its own
ELSEWHERE = ("home", "account_login", "mfa_activate_totp", "account_reauthenticate")  # lead on to another page
LINK = re.compile(r'<a [^>]*href="([^"#]*)')
PLACEHOLDER = re.compile(r"\{\{|\{%|%\(\w+\)s|undefined|\bNaN\b")


@dataclass(frozen=True)
class Found:
    """What following links from the cockpit brought to light."""

    pages: dict[str, str]  # view -> its first address that is an HTML page
    broken: list[str]
    asked: int


@pytest.fixture(scope="session")
def found(house: Installation) -> Found:
    return crawl(house.pages())


def crawl(browser: Api) -> Found:
    """Follow links `DEPTH` deep; of each view at most `OF_A_KIND` addresses."""
    pages: dict[str, str] = {}
    broken: list[str] = []
    kinds: Counter[str] = Counter()
    seen = {"/o/demo/"}
    layer = ["/o/demo/"]
    asked = 0
    for _ in range(DEPTH + 1):
        onward: list[str] = []
        for address in layer:
            asked += 1
            status, text = browser.ask("GET", address)
            view = view_of(address)
            if status == 302 and view in ELSEWHERE:
                continue
            if status != 200:
                broken.append(f"{address} answers {status}")
            elif isinstance(text, str) and "<html" in text:
                pages.setdefault(view, address)
                for href in LINK.findall(text):
                    joined = urllib.parse.urljoin(address, href.replace("&amp;", "&"))
                    kind = view_of(joined) + "?" * ("?" in joined)
                    if joined.startswith("/") and joined not in seen and kinds[kind] < OF_A_KIND:
                        seen.add(joined)
                        kinds[kind] += 1
                        onward.append(joined)
        layer = onward
    return Found(pages, broken, asked)


def view_of(address: str) -> str:
    try:
        return resolve(urllib.parse.urlsplit(address).path).view_name
    except Resolver404:
        return urllib.parse.urlsplit(address).path


def test_every_link_within_three_clicks_of_the_cockpit_answers(found: Found) -> None:
    assert found.broken == []
    assert found.asked > 60


def test_the_links_lead_to_all_the_kinds_of_pages_there_are(found: Found) -> None:
    wanted = {
        "portfolio:cockpit", "portfolio:project", "portfolio:findings", "portfolio:finding", "portfolio:rules",
        "portfolio:project-new", "projects:ledger", "projects:cost_post", "projects:budgets", "projects:imports",
        "projects:explain", "projects:activity", "projects:edit", "pmo:standards", "pmo:people", "pmo:audit",
        "pmo:tokens", "pmo:health",
    }  # fmt: skip
    assert wanted - found.pages.keys() == set()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_no_page_has_a_violation_a_sideways_scroll_or_an_empty_heading(
    visit: Callable[..., Page], found: Found, size: dict[str, int]
) -> None:
    page = visit(size)
    wrong: list[str] = []
    for view, address in sorted(found.pages.items()):
        if view in FOREIGN:
            continue
        page.goto(address)
        page.wait_for_timeout(150)
        wrong += [f"{view} {sentence}" for sentence in looks(page)]
        for theme in ("light", "dark"):
            page.evaluate(f"window.Plumbline && window.Plumbline.setTheme('{theme}')")
            wrong += [f"{view} in {theme}: {line}" for line in violations(page)]
    assert wrong == [], "\n" + "\n".join(wrong)


def looks(page: Page) -> list[str]:
    """What anybody would see at a glance: too wide, no title, an empty heading, a word meant for a programme."""
    said = []
    if (more := sideways(page)) > 0:
        said.append(f"is {more} px wider than the window")
    headings = page.locator("h1, h2, h3, th[scope=col]").all_inner_texts()
    texts = page.locator("h1").all_text_contents()
    if len(texts) != 1 or not texts[0].strip():
        said.append(f"has these first headings: {texts}")
    shown = page.locator("main").inner_text()
    for field in page.locator("main code").all_inner_texts():  # written for people: what a template may say
        shown = shown.replace(field, "")
    if any(PLACEHOLDER.search(text) for text in [*headings, page.title(), shown]):
        at = PLACEHOLDER.search(shown)
        said.append(
            f"shows a word not meant for people: {shown[max(0, at.start() - 40) : at.end() + 40] if at else headings}"
        )
    empty = page.locator("h1, h2, h3, th[scope=col], legend, label, button, summary").evaluate_all(
        "all => all.filter(e => !e.textContent.trim() && !e.getAttribute('aria-label')"
        " && !e.querySelector('img,input'))"
        ".map(e => e.outerHTML.slice(0, 120))"
    )
    return said + [f"has an empty {html}" for html in empty]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_the_door_has_no_violation_either(visit: Callable[..., Page], size: dict[str, int]) -> None:
    page = visit(size, signed=False)
    for address in ("/accounts/login/", "/accounts/password/reset/"):
        page.goto(address)
        assert sideways(page) <= 0
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            assert violations(page) == [], (address, theme)
