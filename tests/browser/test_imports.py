"""A file on its way in, in a browser: chosen, previewed, applied, taken back; and the accessibility check."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, sideways, violations

TABLE = """Project No,Project Title,Portfolio,Start Date,End Date,Budget (£m),RAG
BRW-1,Tram depot,Import trials,13/01/2026,31/12/2026,10.5,Green
BRW-2,Bus lanes,Import trials,14/01/2026,31/10/2026,2,Red
BRW-3,Cable car,Import trials,15/01/2026,31/10/2026,2 or 3,Mauve
"""
Visit = Callable[..., Page]


def send(page: Page, tmp_path: Path, name: str, text: str = TABLE) -> str:
    """Choose the file and wait for the preview. Answers its address."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    page.goto("/o/demo/imports/")
    page.set_input_files("#file", str(path))
    page.wait_for_url(re.compile(r"/imports/\d+/"))
    expect(page.get_by_text("Ready to apply")).to_be_visible()
    return page.url


def test_a_file_is_previewed_applied_and_taken_back(page: Page, tmp_path: Path) -> None:
    send(page, tmp_path, "trams.csv")
    expect(page.get_by_text("Line 4, column “Budget (£m)”: “2 or 3” is not an amount.")).to_be_visible()
    expect(page.get_by_text("12,500,000.00")).to_be_visible()
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.locator(".pl-tag", has_text="Applied")).to_be_visible()
    page.goto("/o/demo/?search=BRW")
    expect(page.get_by_text("Tram depot").first).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Take back").click()
    page.get_by_role("dialog").get_by_role("button", name="Take back").click()
    expect(page.get_by_text("What it had created is archived")).to_be_visible()


def test_another_column_is_chosen_and_previewed_again(page: Page, tmp_path: Path) -> None:
    send(page, tmp_path, "columns.csv")
    page.get_by_role("link", name="Columns").first.click()
    page.get_by_label("Name", exact=True).select_option(label="Project No")
    expect(page.locator("#samples-name")).to_have_text("BRW-1 · BRW-2 · BRW-3")
    page.get_by_label("Unit of Budget").select_option(label="thousands")
    page.get_by_role("button", name="Preview again").click()
    expect(page.get_by_text("12,500.00", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_of_imports_fit_and_can_be_used_by_everybody(
    visit: Visit, tmp_path: Path, size: dict[str, int], theme: str
) -> None:
    page = visit(size, theme)
    address = send(page, tmp_path, "a-file-with-quite-a-long-name-of-2026.csv")
    for where in ("/o/demo/imports/", address, address + "columns/"):
        page.goto(where)
        assert sideways(page) == 0, where
        assert violations(page) == [], where
