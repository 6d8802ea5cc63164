"""Markup that a strict content security policy would refuse never gets into a template or a style sheet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SPRITE = (ROOT / "static" / "img" / "icons.svg").read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_compiles(path: Path) -> None:
    assert get_template(name_of(path)).template.nodelist is not None


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_has_no_inline_style_script_or_handler(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style\b", text)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"\shx-on[:a-z-]*\s*=", text)
    assert "javascript:" not in text
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag, tag


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_names_only_icons_of_the_sprite(path: Path) -> None:
    named = set(re.findall(r"{%\s*icon \"([a-z0-9-]+)\"", path.read_text(encoding="utf-8")))
    named |= set(re.findall(r"icon=\"([a-z0-9-]+)\"", path.read_text(encoding="utf-8")))
    assert {icon for icon in named if f'id="i-{icon}"' not in SPRITE} == set()


def test_every_include_of_the_kit_says_its_arguments_first() -> None:
    partial = sorted((ROOT / "templates" / "kit").glob("*.html"))
    assert [path.name for path in partial if not path.read_text(encoding="utf-8").startswith("{# ")] == []


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "css").glob("*.css")), ids=lambda path: path.name)
def test_a_style_sheet_stays_short_and_takes_its_colours_from_the_tokens(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 400
    if path.name != "tokens.css":
        written = [line for line in lines for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b", line) if colour != "#fff"]
        assert written == []
