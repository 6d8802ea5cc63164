"""One running installation with the demo portfolio and one Chromium for all browser tests.

A test gets `page`, signed in as the demo's PMO director at 1440 pixels. Whatever a test does, a message on the console,
a script error, a breach of the content security policy or an answer of 500 fails it.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from benchmarks.installation import DIRECTOR, Installation, installation

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 15_000  # milliseconds
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder drive a browser."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        sentence = "there is no Chromium on this machine"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return path


@pytest.fixture(scope="session")
def house(chromium_path: str) -> Iterator[Installation]:
    """Web, worker and clock with the demo portfolio of 24 projects."""
    with installation() as here:
        here.start("web", "worker", "beat")
        here.worker_is_up()
        here.settled()
        yield here


@pytest.fixture(scope="session")
def base_url(house: Installation) -> str:
    return f"http://127.0.0.1:{house.port}"


@pytest.fixture(scope="session")
def chrome(playwright: Playwright, chromium_path: str) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def signed_in(chrome: Browser, base_url: str, house: Installation) -> Any:
    """What a browser keeps once the director has signed in by the form."""
    context = chrome.new_context(base_url=base_url)
    page = context.new_page()
    sign_in(page, house.password)
    page.wait_for_url("**/o/demo/")
    state = context.storage_state()
    context.close()
    return state


def sign_in(page: Page, password: str) -> None:
    """Fill in the form as the director would."""
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(DIRECTOR)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Sign in").click()


@dataclass
class Watch:
    """What a browser complained of."""

    said: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        """Listen to this page."""
        page.on("console", lambda m: self._console(page, m))
        page.on("pageerror", lambda error: self.said.append(f"{page.url}: {error}"))
        page.on("response", lambda r: self.said.append(f"{r.url} answered {r.status}") if r.status >= 500 else 0)

    def _console(self, page: Page, message: Any) -> None:
        refused = "status of 422" in message.text  # a form that was filled in wrongly
        if message.type in ("error", "warning") and not refused:
            self.said.append(f"{page.url}: {message.text}")

    def quiet(self) -> None:
        """Fail with what was said."""
        assert self.said == []


@pytest.fixture
def visit(chrome: Browser, base_url: str, signed_in: Any) -> Iterator[Callable[..., Page]]:
    """`visit(width, theme, signed=True)`: a fresh browser window, watched."""
    contexts: list[BrowserContext] = []
    watch = Watch()

    def open_window(size: dict[str, int] = WIDE, theme: str = "light", *, signed: bool = True) -> Page:
        context = chrome.new_context(
            base_url=base_url,
            storage_state=signed_in if signed else None,
            viewport=size,  # type: ignore[arg-type]
            color_scheme=theme,  # type: ignore[arg-type]
            locale="en-GB",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        watch.over(page)
        return page

    yield open_window
    for context in contexts:
        context.close()
    watch.quiet()


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """The director's window."""
    return visit()


@pytest.fixture
def cockpit(page: Page) -> Page:
    """The cockpit, loaded."""
    page.goto("/o/demo/")
    return page


def rows(page: Page) -> list[str]:
    """The codes in the cockpit's table, from top to bottom."""
    found = page.locator(".dt-cockpit tbody tr th, .dt-cockpit tbody tr td.c-name")
    return [re.sub(r"\s+", " ", text).strip() for text in found.all_inner_texts()]


def violations(page: Page) -> list[str]:
    """What axe finds, one line for each, all its rules."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{v['id']}: {v['help']} ({len(v['nodes'])} x, {v['nodes'][0]['html'][:160]})" for v in found]


def sideways(page: Page) -> int:
    """How many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
