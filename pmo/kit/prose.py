"""A small, safe subset of Markdown as HTML: what policies are written in.

Headings (# to ###), paragraphs, lists (- or 1.), quotes (>), **bold**, *italic*, `code` and [links](https://…).
Everything is escaped first; nothing that is written can become a tag or an attribute of its own. Links lead to http,
https and mail addresses only. Why not a library: docs/decisions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_HEADING: Final = re.compile(r"(#{1,3})[ \t]+(.+)")
_BULLET: Final = re.compile(r"[-*][ \t]+(.+)")
_NUMBER: Final = re.compile(r"[0-9]{1,3}[.)][ \t]+(.+)")
_QUOTE: Final = re.compile(r">[ \t]?(.*)")
_CODE: Final = re.compile(r"`([^`\n]{1,500})`")
_LINK: Final = re.compile(r"\[([^\[\]\n]{1,300})\]\(((?:https?://|mailto:)[^\s()<>]{1,500})\)")
_BOLD: Final = re.compile(r"\*\*(?=\S)([^*\n]{1,1000}?)(?<=\S)\*\*")
_ITALIC: Final = re.compile(r"(?<![*\w])\*(?=\S)([^*\n]{1,1000}?)(?<=\S)\*(?![*\w])")
_MARK: Final = "\x00"


def prose(text: str) -> SafeString:
    """The text as HTML. Never fails: what is no markup stays the words it is."""
    return mark_safe("\n".join(_blocks(text.replace(_MARK, "").replace("\r\n", "\n").split("\n"))))


def _blocks(lines: list[str]) -> Iterator[str]:
    place = 0
    while place < len(lines):
        line = lines[place].strip()
        if not line:
            place += 1
            continue
        heading = _HEADING.fullmatch(line)
        if heading:
            level = len(heading[1]) + 1  # the page's own heading is the h1
            yield f"<h{level}>{_inline(heading[2])}</h{level}>"
            place += 1
            continue
        for pattern, tag in ((_BULLET, "ul"), (_NUMBER, "ol"), (_QUOTE, "blockquote")):
            if pattern.fullmatch(line):
                taken, place = _run(lines, place, pattern)
                yield _list(tag, taken)
                break
        else:
            taken, place = _paragraph(lines, place)
            yield f"<p>{'<br>'.join(_inline(each) for each in taken)}</p>"


def _run(lines: list[str], place: int, pattern: re.Pattern[str]) -> tuple[list[str], int]:
    taken: list[str] = []
    while place < len(lines):
        found = pattern.fullmatch(lines[place].strip())
        if not found:
            break
        taken.append(found[1])
        place += 1
    return taken, place


def _paragraph(lines: list[str], place: int) -> tuple[list[str], int]:
    taken: list[str] = []
    while place < len(lines):
        line = lines[place].strip()
        if not line or (taken and any(each.fullmatch(line) for each in (_HEADING, _BULLET, _NUMBER, _QUOTE))):
            break
        taken.append(line)
        place += 1
    return taken, place


def _list(tag: str, lines: list[str]) -> str:
    if tag == "blockquote":
        return f"<blockquote><p>{'<br>'.join(_inline(line) for line in lines)}</p></blockquote>"
    return f"<{tag}>{''.join(f'<li>{_inline(line)}</li>' for line in lines)}</{tag}>"


def _inline(text: str) -> str:
    """Escaped first. Code and links are set aside while the rest is marked, so that nothing is marked twice."""
    aside: list[str] = []

    def keep(html: str) -> str:
        aside.append(html)
        return f"{_MARK}{len(aside) - 1}{_MARK}"

    safe: str = escape(text)
    safe = _CODE.sub(lambda found: keep(f"<code>{found[1]}</code>"), safe)
    safe = _LINK.sub(lambda found: keep(f'<a href="{found[2]}" rel="nofollow noopener">{found[1]}</a>'), safe)
    safe = _BOLD.sub(r"<strong>\1</strong>", safe)
    safe = _ITALIC.sub(r"<em>\1</em>", safe)
    for index in range(len(aside) - 1, -1, -1):  # a link may hold code that was set aside before it
        safe = safe.replace(f"{_MARK}{index}{_MARK}", aside[index])
    return safe
