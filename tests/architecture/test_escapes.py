"""What goes around escaping, forgery protection or the query layer stands on a list, each with its reason."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

ALLOWED = {
    r"""\b(mark_safe|SafeString)\((?!["']{2}\))""": {
        "pmo/kit/graphics.py": "draws icons and small charts; every text put in is escaped",
        "pmo/kit/prose.py": "a subset of Markdown; every text is escaped before anything is marked up",
        "pmo/kit/templating.py": "draws money, health and links; every text put in is escaped",
        "portfolio/web/cells.py": "draws the cells of fifty rows a page; names, codes and titles are escaped",
    },
    r"\bcsrf_exempt\b": {},
    r"\.raw\(": {},
    r"\.extra\(": {},
    r"\|\s*safe\b|\{%\s*autoescape off": {
        "templates/kit/field.html": "help of a form field is written by us and by Django, never by a person",
    },
    r"""\bstyle=["']|\son\w+=["']|<script(?![^>]*\bsrc=)(?![^>]*type="application/json")[^>]*>""": {},
}


def sources():
    for folder in ("pmo", "projects", "portfolio", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".html") and "boot" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


SOURCES = dict(sources())


@pytest.mark.parametrize("pattern", ALLOWED)
def test_every_use_has_a_reason_and_every_reason_a_use(pattern):
    only = ".html" if "style=" in pattern else ""
    used = {name for name, text in SOURCES.items() if name.endswith(only) and re.search(pattern, text)}
    assert used == set(ALLOWED[pattern])
