"""What differs between two texts, line by line. Pure."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Final, NamedTuple

MOST_LINES: Final = 4_000
NEAR: Final = 2  # lines of context that are kept around a change


class Line(NamedTuple):
    """`kind`: same, added, removed, or gap (lines left out because nothing in them differs)."""

    kind: str
    text: str


def text_diff(before: str, after: str) -> list[Line]:
    """The lines added and removed with two lines around each; empty where the texts are the same."""
    old, new = before.split("\n")[:MOST_LINES], after.split("\n")[:MOST_LINES]
    if old == new:
        return []
    found: list[Line] = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(NEAR):
        if found or group[0][1] > 0:
            found.append(Line("gap", ""))
        for tag, low, high, new_low, new_high in group:
            if tag == "equal":
                found += [Line("same", text) for text in old[low:high]]
                continue
            found += [Line("removed", text) for text in old[low:high]]
            found += [Line("added", text) for text in new[new_low:new_high]]
    return found
