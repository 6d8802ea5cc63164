"""Finding a column by its header, forgiving what files do to headers: line breaks, footnotes, stray spaces, case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_NOTE = re.compile(r"\[[^\]]*\]|[*†‡¹²³]+$")
_SEPARATOR = re.compile(r"[^a-z0-9%$£€]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@lru_cache(maxsize=4096)
def squeezed(header: str) -> str:
    """Without case, line breaks and repeated spaces: `Start  Date \\n(Latest)` -> `start date (latest)`."""
    return " ".join(header.split()).casefold()


@lru_cache(maxsize=4096)
def words(header: str) -> str:
    """Only its plain words, accents and footnote marks gone: `Planned Cost ($ M)*` -> `planned cost $ m`."""
    plain = unicodedata.normalize("NFKD", _CAMEL.sub(" ", _NOTE.sub("", header)))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return _SEPARATOR.sub(" ", plain.casefold()).strip()


def find(wanted: str, headers: Sequence[str]) -> int | None:
    """The place of the column that `wanted` names, or None.

    In this order: written exactly so; the same but for case and white space; `wanted*` as a beginning; the same plain
    words; the only header that begins with `wanted`.
    """
    if wanted in headers:
        return headers.index(wanted)
    plain = squeezed(wanted)
    squashed = [squeezed(header) for header in headers]
    if plain in squashed:
        return squashed.index(plain)
    if plain.endswith("*") and len(plain) > 1:
        begins = plain[:-1].rstrip()
        return next((index for index, header in enumerate(squashed) if header.startswith(begins)), None)
    by_words = [index for index, header in enumerate(headers) if words(header) == words(wanted) != ""]
    if len(by_words) == 1:
        return by_words[0]
    begins_with = [index for index, header in enumerate(squashed) if plain and header.startswith(plain)]
    return begins_with[0] if len(begins_with) == 1 else None


def shorten(text: str, limit: int = 80) -> str:
    """One line of at most `limit` characters."""
    plain = " ".join(text.split())
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"
