"""The text of policies as HTML: what is marked up, and that nothing written becomes a tag of its own."""

from __future__ import annotations

import re
import time

import pytest

from pmo.kit.prose import prose


def test_the_subset_is_shown_as_it_is_meant():
    text = "# Gifts\n\nNo *gifts* of **any** kind,\nsee `7.2`.\n\n- one\n- two\n\n1. first\n2. second\n\n> said\n> so\n"
    assert prose(text) == (
        "<h2>Gifts</h2>\n<p>No <em>gifts</em> of <strong>any</strong> kind,<br>see <code>7.2</code>.</p>\n"
        "<ul><li>one</li><li>two</li></ul>\n<ol><li>first</li><li>second</li></ol>\n"
        "<blockquote><p>said<br>so</p></blockquote>"
    )


def test_a_link_leads_to_the_web_and_nowhere_else():
    assert prose("[the law](https://law.example/a?b=1&c=2)") == (
        '<p><a href="https://law.example/a?b=1&amp;c=2" rel="nofollow noopener">the law</a></p>'
    )
    for bad in ("javascript:alert(1)", "data:text/html,x", "//evil.example", "JaVaScRiPt:x"):
        assert "<a" not in prose(f"[x]({bad})")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "# <img src=x onerror=alert(1)>",
        '[x](https://a.example/"onmouseover="alert(1))',
        "[<b>x</b>](https://a.example)",
        "`<i>`",
        "**<u>**",
        "- <svg/onload=alert(1)>",
        "> <iframe>",
        "[`code`](https://a.example)",
        "\x000\x00 `a`",
        "&lt;script&gt;",
    ],
)
def test_nothing_written_becomes_a_tag_of_its_own(text):
    tags = re.findall(r"</?([a-z0-9]+)", prose(text))
    assert set(tags) <= {"p", "h2", "a", "code", "strong", "ul", "li", "blockquote", "br"}
    assert not re.search(r"<[^>]*\son[a-z]+=", prose(text))


@pytest.mark.parametrize(
    "text", ["*" * 50_000, "[" * 50_000, "`" * 50_001, "**a " * 12_000, "> " * 25_000, "[a](" * 12_000]
)
def test_a_hostile_text_is_read_in_no_time(text):
    begun = time.perf_counter()
    prose(text)
    assert time.perf_counter() - begun < 2
