"""The cells of the compliance matrix: a symbol and a word each, never colour alone; each leads to its row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pmo.kit import figures
from portfolio.analysis.compliance import Judged, worst
from portfolio.listings.compliance import WORDS, cells_of
from portfolio.selectors.compliance import Head
from projects.models import Project

SYMBOLS: Final = {
    "met": "✓", "late": "✓", "waived": "~", "due": "!", "breach": "✕", "open": "○", "not_applicable": "–",
}  # fmt: skip
TONES: Final = {
    "met": "good", "late": "warn", "waived": "none", "due": "warn", "breach": "bad", "open": "none",
    "not_applicable": "off",
}  # fmt: skip


class Row(NamedTuple):
    """One project: its name and percentage, and the cells from left to right."""

    project: Project
    href: str
    percent: Any
    why: str
    counts: tuple[int, int]  # in breach, due so far
    waiting: bool
    cells: list[SafeString]


def rows_of(projects: Sequence[Any], heads: Sequence[Head], org: str) -> list[Row]:
    """The matrix's rows. Requirements that no column stands for are summed up in a last cell."""
    known = {head.cell for head in heads}
    rows = []
    for project in projects:
        kept = getattr(project, "compliance", None)
        packed = cells_of(project)
        href = reverse("portfolio:project-compliance", args=[org, project.code])
        cells = [_cell(head, packed.get(head.cell), href) for head in heads]
        cells.append(_others([cell for key, cell in packed.items() if key not in known], href))
        rows.append(
            Row(
                project, href, kept.percent if kept else None,
                kept.why_undefined if kept else _("Not computed yet."),
                (kept.breached, kept.applicable) if kept else (0, 0), project.waiting or kept is None, cells,
            )
        )  # fmt: skip
    return rows


def state_mark(state: str) -> SafeString:
    """Symbol and word of a state."""
    return format_html(
        '<span class="cs cs-{}"><span aria-hidden="true">{}</span> {}</span>',
        TONES[state],
        SYMBOLS[state],
        WORDS[state],
    )


def anchor(kind: str, pk: int) -> str:
    """Where a requirement stands on the project's own page."""
    return f"r-{kind}-{pk}"


def _cell(head: Head, cell: Sequence[Any] | None, href: str) -> SafeString:
    if cell is None:
        return format_html('<td class="cmx-none" title="{}">{}</td>', _("Not asked of this project"), "")
    state, pk, due, done, until, bad = cell
    return format_html(
        '<td class="cs-{}{}"><a href="{}#{}" tabindex="-1" title="{}"><span aria-hidden="true">{}</span> {}</a></td>',
        TONES[state], " cs-counted" if bad else "", href, anchor(head.kind, pk),
        f"{head.name}: {told(state, due, done, until)}", SYMBOLS[state], WORDS[state],
    )  # fmt: skip


def _others(cells: Sequence[Sequence[Any]], href: str) -> SafeString:
    state = worst(cell[0] for cell in cells)
    if state is None:
        return format_html('<td class="cmx-none">{}</td>', "")
    same = sum(cell[0] == state for cell in cells)
    return format_html(
        '<td class="cs-{}"><a href="{}" tabindex="-1" title="{}"><span aria-hidden="true">{}</span> {} {}</a></td>',
        TONES[state], href, _("%d further requirements, the gravest state of them") % len(cells), SYMBOLS[state], same,
        WORDS[state],
    )  # fmt: skip


def told(state: str, due: str | None, done: str | None, until: str | None) -> str:
    """A state with its days in words."""
    if state == "waived":
        return _("waived until %s") % _day(until)
    if state in ("met", "late"):
        if due is None:
            return _("done %s") % _day(done)
        words = _("done %(done)s, was due %(due)s") if state == "met" else _("done %(done)s, too late for %(due)s")
        return words % {"done": _day(done), "due": _day(due)}
    if state == "not_applicable":
        return _("does not apply")
    if due is None:
        return _("no day set")
    return (_("was due %s") if state == "breach" else _("due %s")) % _day(due)


def judged_words(item: Judged) -> str:
    """The same of a requirement judged just now."""
    days = (item.requirement.due, item.done_on, item.until)
    return told(item.state, *(None if day is None else day.isoformat() for day in days))


def _day(text: str | None) -> str:
    return figures.day(date.fromisoformat(text)) or "" if text else ""
