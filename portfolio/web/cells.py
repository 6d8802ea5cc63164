"""The cells of the cockpit's table: one short function a column, plain string work, for fifty rows a page.

Every function answers finished markup: text from outside goes through `escape`, everything else is ours. A row becomes
markup once, in `rows_of`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from pmo.kit import figures, graphics, templating
from pmo.kit.figures import translate as _
from pmo.kit.listing import Column
from portfolio.analysis.health import THRESHOLDS
from portfolio.selectors.cockpit import Pending, Totals
from projects.analysis.metrics import METRIC

LINES = {
    "cpi": (THRESHOLDS.cpi_red, THRESHOLDS.cpi_amber),
    "spi": (THRESHOLDS.spi_red, THRESHOLDS.spi_amber),
    "vac_percent": (THRESHOLDS.vac_red, THRESHOLDS.vac_amber),
}
# Column -> (class of cell, class of <col>); the style sheet knows the widths and what gives way on small screens.
CSS = {
    "name": ("c-name", "w-name c-name"),
    "lead": ("c-lead", "w-lead c-lead"),
    "phase": ("c-ph", "w-ph c-ph"),
    "health": ("c-hp keep", "w-hp c-hp"),
    "percent_complete": ("c-pc", "w-pc c-pc"),
    "bac": ("n c-bud", "w-m c-bud"),
    "ac": ("n c-ac", "w-m c-ac"),
    "eac": ("n c-eac", "w-m c-eac"),
    "cv": ("n c-cv", "w-v c-cv"),
    "vac_percent": ("n c-vac", "w-v c-vac"),
    "cpi": ("n c-cpi", "w-x c-cpi"),
    "spi": ("n c-spi", "w-x c-spi"),
    "trend": ("c-sp", "w-sp c-sp"),
    "finding": ("c-find", "c-find"),
    "updated": ("n c-age keep", "w-age c-age"),
}
SUMMED = ("bac", "ac", "eac", "cv", "vac", "vac_percent", "cpi", "spi")
SIGNED = ("cv", "sv", "vac", "cv_percent", "sv_percent", "vac_percent", "budget_variance")
WIDE = ("vac_percent", "cv", "cpi", "spi")  # a run of these makes room for "Recalculating"
HERE, KEY = "0-code-0", "0-key-0"  # stand for a project's code and a figure's key in an address made once a page


class Look:
    """What all cells of one page share: organisation, scale of amounts, today, addresses, whose money may be shown."""

    def __init__(
        self,
        org: str,
        scale: str,
        today: date,
        stale_after: int,
        money: frozenset[int] | None,
        columns: Sequence[Column],
        moment: str = "",
    ) -> None:
        self.org, self.scale, self.today, self.stale_after, self.money = org, scale, today, stale_after, money
        self.mixed = False  # several currencies on the page: each amount says its own
        self.project = reverse("portfolio:project", args=(org, HERE))
        self.health = "" if moment else reverse("portfolio:health", args=(org, HERE))
        self.figure = reverse("projects:explain", args=(org, HERE, KEY))
        if moment:  # an earlier one: where the links lead, the figures are the same
            self.project, self.figure = f"{self.project}?{moment}", f"{self.figure}?{moment}"
        self.finding = reverse("portfolio:finding", args=(org, 0))[: -len("0/")]
        self.labels = {column.key: escape(column.label) for column in columns}
        self.dash = str(templating.dash(None, _("not yours to see")))
        self.no_finding = f'<span class="mute xs nof">{_("No open finding")}</span>'


class Row(NamedTuple):
    """One table row, ready to print."""

    id: int
    css: str
    cells: SafeString


Cells = Mapping[str, Any]


def tone(key: str, value: Decimal | None) -> str:
    """red or amber where the figure is beyond its line, else nothing."""
    if value is None or key not in LINES:
        return ""
    red, amber = LINES[key]
    return "red" if value < red else "amber" if value < amber else ""


def css_of(column: Column) -> tuple[str, str]:
    """Classes of the cell and of its <col>."""
    return CSS.get(column.key, ("n", "w-m") if column.numeric else ("", "w-lead"))


def currency_sign(currency: str) -> str:
    """£, € and so on, or the code."""
    return figures.currency_symbol(currency)


def rows_of(rows: Sequence[Cells], columns: Sequence[Column], look: Look, pending: Mapping[int, Pending]) -> list[Row]:
    """Every row with its cells, in the order of the columns."""
    span = _index_columns(columns)
    made = []
    for row in rows:
        waits = pending.get(row["id"])
        if waits is None:
            cells = "".join([_cell(row, column, look) for column in columns])
        else:
            note = f'<td role="cell" colspan="{len(span)}" class="busy-cell keep">{_busy(waits)}</td>'
            parts = [
                note if column.key in span[:1] else _cell(row, column, look)
                for column in columns
                if column.key not in span[1:]
            ]
            cells = "".join(parts)
        made.append(Row(row["id"], "busy" if waits else "", mark_safe(cells)))
    return made


def _index_columns(columns: Sequence[Column]) -> list[str]:
    """The run of neighbouring columns that the note "Recalculating" is laid across; else the age alone."""
    run: list[str] = []
    for column in columns:
        if column.key in WIDE:
            run.append(column.key)
        elif len(run) >= 2:
            break
        else:
            run = []
    return run if len(run) >= 2 else [column.key for column in columns if column.key == "updated"]


def _cell(row: Cells, column: Column, look: Look) -> str:
    key = column.key
    css = css_of(column)[0]
    if column.requires is not None and look.money is not None and row["id"] not in look.money:
        return f'<td role="cell" class="{css}">{look.dash}</td>'
    if key in METRIC and key != "percent_complete":
        body = _figure(row, column, look)
    else:
        draw = DRAW.get(key)
        body = draw(row, look) if draw else _plain(row, column)
    if key == "name":
        return f'<th role="rowheader" scope="row" class="{css}">{body}</th>'
    unit = f" {figures.currency_symbol(row['currency'])}{look.scale}" if column.kind == "money" else ""
    return f'<td role="cell" class="{css}" data-l="{look.labels[key]}{unit}">{body}</td>'


@lru_cache(maxsize=1_024)
def _in_address(code: str) -> str:
    """A code as it stands in an address."""
    return quote(code, safe="/-._~")


def _plain(row: Cells, column: Column) -> str:
    value = column.read(row)
    if value is None or value == "":
        return str(templating.UNDEFINED)
    if column.kind == "date":
        return str(figures.day(value))
    return f'<span class="trunc sec">{escape(column.label_of(value))}</span>'


def _figure(row: Cells, column: Column, look: Look) -> str:
    key = column.key
    value: Decimal | None = row[f"performance__{key}"]
    if value is None:
        reason = (row["performance__undefined"] or {}).get(key) or _("not computed yet")
        return str(templating.dash(None, reason))
    href = look.figure.replace(HERE, _in_address(row["code"]), 1).replace(KEY, key)
    return str(
        templating.figure(
            _text(key, column.kind, value, row["currency"], look.scale, symbol=look.mixed), href, tone(key, value)
        )
    )


def _text(key: str, kind: str, value: Decimal, currency: str, scale: str, *, symbol: bool = False) -> str:
    if kind == "money":
        text = figures.money(value, currency, scale=scale, sign=key in SIGNED, symbol=symbol) or ""
        return text.removesuffix(scale) if symbol else text
    if kind == "percent":
        return figures.percent(value, 1 if abs(value) < 100 else 0, sign=key in SIGNED) or ""
    return figures.ratio(value) or ""


def total_of(total: Totals, column: Column, look: Look) -> str:
    """The sum, or the ratio of sums, that stands at the foot of a column; empty where a sum means nothing."""
    value = getattr(total, column.key, None) if column.key in SUMMED else None
    if value is None:
        return ""
    return _text(column.key, column.kind, value, total.currency, look.scale, symbol=look.mixed)


def label_of(column: Column, look: Look, currency: str) -> str:
    """The name of a cell where rows are stacked (on a phone)."""
    return (
        f"{column.label} {figures.currency_symbol(currency)}{look.scale}"
        if column.kind == "money"
        else str(column.label)
    )


def _name(row: Cells, look: Look) -> str:
    where = row["programme__name"] or row["portfolio__name"]
    name, href = escape(row["name"]), escape(look.project.replace(HERE, _in_address(row["code"]), 1))
    return (
        f'<span class="pn"><a href="{href}" title="{name}">{name}</a>'
        f'<span class="code">{escape(row["code"])} · {escape(where)}</span></span>'
    )


def short_name(name: str) -> str:
    """ "Saskia Castellan" as "S. Castellan": a column of leads stays narrow; the whole name is the title."""
    first, _space, rest = name.partition(" ")
    return f"{first[0]}. {rest}" if rest else name


def _lead(row: Cells, look: Look) -> str:
    name = row["project_manager__name"]
    if not name:
        return str(templating.dash(None, _("no project manager is named")))
    return f'<span class="trunc sec" title="{escape(name)}">{escape(short_name(name))}</span>'


def _phase(row: Cells, look: Look) -> str:
    words = {"closed": _("Closed"), "cancelled": _("Cancelled"), "on_hold": _("On hold"), "proposed": _("Proposed")}
    order = 6 if row["status"] == "closed" else row["phase__order"]
    return templating.phase_bar(order, 5, words.get(row["status"]) or row["phase__name"] or "")


def _health(row: Cells, look: Look) -> str:
    declared, computed = row["standing__declared"], row["standing__health"]
    because = "; ".join(reason["text"] for reason in (row["standing__health_reasons"] or [])[:2])
    title = _("Declared %(declared)s, computed %(computed)s") % {
        "declared": templating.tone_word(declared),
        "computed": templating.tone_word(computed),
    }
    href = look.health.replace(HERE, _in_address(row["code"]), 1)
    return templating.health_pair(declared, computed, href, f"{title}. {because}" if because else title)


def _done(row: Cells, look: Look) -> str:
    bac, pv = row["performance__bac"], row["performance__pv"]
    planned = pv / bac * 100 if bac and pv is not None else None
    reason = (row["performance__undefined"] or {}).get("percent_complete", "")
    return templating.progress_bar(row["performance__percent_complete"], planned, reason)


def _trend(row: Cells, look: Look) -> str:
    values = [None if value is None else float(value) for value in row["performance__cpi_trend"] or ()]
    now = figures.ratio(row["performance__cpi"]) or "–"
    return templating.sparkline(values, _("CPI over 12 months, now %(cpi)s") % {"cpi": now}, reference=1)


def _finding(row: Cells, look: Look) -> str:
    if row.get("untold"):
        return str(templating.dash(None, row["untold"]))
    title = row["standing__top_finding_title"]
    if not title:
        return look.no_finding
    more = (row["standing__open_findings"] or 1) - 1
    whole = title if not more else _("%(title)s, and %(more)d more") % {"title": title, "more": more}
    return (
        f'<a class="find" href="{look.finding}{row["standing__top_finding"]}/" title="{escape(whole)}">'
        f"{templating.severity(row['standing__top_finding_severity'])}<span>{escape(title)}</span></a>"
    )


def _age(row: Cells, look: Look) -> str:
    newest: date | None = row["performance__last_update_on"]
    if newest is None:
        return str(templating.dash(None, _("nobody has reported anything yet")))
    days = max((look.today - newest).days, 0)
    text = _("today") if days == 0 else figures.days(days) if days < 1_000 else _("%d y") % (days // 365)
    if days <= look.stale_after:
        return f'<time datetime="{newest.isoformat()}" title="{figures.day(newest)}">{text}</time>'
    title = _("Older than the %(limit)d day limit") % {"limit": look.stale_after}
    return f'<span class="stale" title="{title}">{graphics.shape("amber")} {text}</span>'


def _busy(waits: Pending) -> str:
    if waits.dead:
        return f'<span class="busy-note t-bad">{_("Stopped; see Office, Health")}</span>'
    at = f"{timezone.localtime(waits.since):%H:%M:%S}"
    said = _("Recalculating since %(at)s") % {"at": at}
    if waits.entries:
        changes = ngettext("%(count)d change", "%(count)d changes", waits.entries) % {"count": waits.entries}
        said = _("Recalculating, %(changes)s at %(at)s") % {"changes": changes, "at": at}
    return f'<span class="busy-note" title="{said}">{graphics.icon("refresh", "sm")}{said}</span>'


DRAW: dict[str, Callable[[Cells, Look], str]] = {
    "name": _name,
    "lead": _lead,
    "phase": _phase,
    "health": _health,
    "percent_complete": _done,
    "trend": _trend,
    "finding": _finding,
    "updated": _age,
}
