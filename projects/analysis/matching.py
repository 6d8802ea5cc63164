"""Which project a line of a finance file probably belongs to, and why, in words. Pure: what is known comes as facts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

ENOUGH: Final = 50  # a suggestion needs this score; see `suggest`
_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_NUMBER: Final = re.compile(r"[0-9]{3,}")


class Line(NamedTuple):
    """What a waiting line says."""

    hint: str
    vendor: str = ""
    reference: str = ""
    description: str = ""


class Suggestion(NamedTuple):
    """`because` is a whole sentence; `score` 0..100."""

    project_id: int
    score: int
    because: str


@dataclass(frozen=True, slots=True)
class Known:
    """What was seen before. Texts are folded by `fold`.

    `codes`: project by code. `hints`: how often lines with that hint were matched to which project. `references`: in
    which projects that document stands. `vendors`: entries of a vendor by project.
    """

    codes: Mapping[str, int]
    hints: Mapping[str, Counter[int]] = field(default_factory=dict)
    references: Mapping[str, Counter[int]] = field(default_factory=dict)
    vendors: Mapping[str, Counter[int]] = field(default_factory=dict)


def fold(text: str) -> str:
    """Letters and digits alone, in capitals: 'cap-0042' and 'CAP 0042' are the same."""
    return "".join(_WORD.findall(text)).upper()


def suggest(line: Line, known: Known) -> Suggestion | None:
    """The most probable project, or None where nothing points to exactly one with a score of at least ENOUGH.

    95: people matched the same reference to it before. 90: its code stands in the line. 80: the same document number
    stands in its ledger. 70: the number of its code stands in the hint and in no other project's code. 40 to 65: its
    share of what the vendor was paid for, from 60 % of at least 3 entries.
    """
    found = [one for one in _candidates(line, known) if one.score >= ENOUGH]
    if not found:
        return None
    best = max(found, key=lambda one: one.score)
    rivals = {one.project_id for one in found if one.score == best.score}
    return best if len(rivals) == 1 else None


def _candidates(line: Line, known: Known) -> Iterable[Suggestion]:
    if line.hint and (single := _only(known.hints.get(fold(line.hint)))) is not None:
        yield Suggestion(single, 95, f"Lines with “{line.hint}” were matched to it before.")
    for text, where in (
        (line.hint, "project column"),
        (line.reference, "reference"),
        (line.description, "description"),
    ):
        for code in _codes_in(text, known.codes):
            yield Suggestion(known.codes[code], 90, f"Its code stands in the {where} “{text[:80]}”.")
    if line.reference and (single := _only(known.references.get(fold(line.reference)))) is not None:
        yield Suggestion(single, 80, f"Document “{line.reference}” stands in its ledger.")
    for number in _NUMBER.findall(line.hint):
        holders = {project for code, project in known.codes.items() if number in _NUMBER.findall(code)}
        if len(holders) == 1:
            yield Suggestion(holders.pop(), 70, f"“{number}” is the number in its code and in no other.")
    paid = known.vendors.get(fold(line.vendor)) if line.vendor else None
    if paid:
        project, times = paid.most_common(1)[0]
        total = sum(paid.values())
        share = times * 100 // total
        if times >= 3 and share >= 60:
            yield Suggestion(
                project, 40 + share // 4, f"{times} of the {total} entries of {line.vendor} were posted to it."
            )


def _only(counts: Counter[int] | None) -> int | None:
    return next(iter(counts)) if counts and len(counts) == 1 else None


def _codes_in(text: str, codes: Mapping[str, int]) -> Iterable[str]:
    """Codes that make up one or up to four neighbouring words of the text, so that 'X-1' is not found in 'X-12'."""
    words = [word.upper() for word in _WORD.findall(text)]
    for start in range(len(words)):
        for end in range(start + 1, min(start + 4, len(words)) + 1):
            joined = "".join(words[start:end])
            if len(joined) >= 3 and joined in codes:
                yield joined
