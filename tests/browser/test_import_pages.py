"""The pages of imports fit the window and can be used by everybody, in both themes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, sideways, violations

TABLE = """Project No,Project Title,Start Date,End Date,Budget (£m),RAG
BRW-1,Tram depot,13/01/2026,31/12/2026,10.5,Green
BRW-2,Bus lanes,14/01/2026,31/10/2026,2 or 3,Mauve
"""


@pytest.mark.parametrize(("size", "theme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide-light", "narrow-dark"])
def test_list_preview_and_columns_pass_the_accessibility_check(
    visit: Callable[..., Page], tmp_path: Path, size: dict[str, int], theme: str
) -> None:
    path = tmp_path / "a-file-with-quite-a-long-name-of-2026.csv"
    path.write_text(TABLE, encoding="utf-8")
    page = visit(size, theme)
    page.goto("/o/demo/imports/")
    page.set_input_files("#file", str(path))
    page.wait_for_url(re.compile(r"/imports/\d+/"))
    expect(page.get_by_text("Ready to apply")).to_be_visible(timeout=30_000)
    for where in ("/o/demo/imports/", page.url, page.url + "columns/"):
        page.goto(where)
        assert sideways(page) == 0, where
        assert violations(page) == [], where
