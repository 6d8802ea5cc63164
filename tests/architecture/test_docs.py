"""What the documents point to exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("templates/**/*.md")]
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)\s#]+)")
FENCE = re.compile(r"```.*?```", re.DOTALL)


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document):
    links = LINK.findall(FENCE.sub("", document.read_text(encoding="utf-8")))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_first_commands_of_the_readme_are_the_two_that_matter():
    first = FENCE.search((ROOT / "README.md").read_text(encoding="utf-8")).group()
    commands = [line.split("#")[0].strip() for line in first.splitlines()[1:-1]]
    assert commands == ["python3 manage.py up", "python3 manage.py test"]


def test_every_variable_the_product_reads_is_documented():
    read = set(
        re.findall(r"""env(?:\.\w+)?\(\s*"(\w+)\"""", (ROOT / "pmo" / "settings.py").read_text(encoding="utf-8"))
    )
    documented = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in sorted(read) if f"`{name}`" not in documented] == []
