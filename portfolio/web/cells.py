"""The cells of the cockpit's table: one short function a column, plain string work, for fifty rows a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.kit import figures, graphics, templating
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
WIDE = ("vac_percent", "cv", "cpi", "spi")  # a run of these makes room for "Recalculating"


class Look(NamedTuple):
    """What all cells of one page share."""

    org: str
    scale: str
    today: date
    stale_after: int
    money: frozenset[int] | None  # projects whose money may be shown; None = all


class Row(NamedTuple):
    """One table row, ready to print."""

    id: int
    code: str
    css: str
    cells: Sequence[SafeString]


def tone(key: str, value: Decimal | None) -> str:
    """red or amber where the figure is beyond its line, else nothing."""
    if value is None or key not in LINES:
        return ""
    red, amber = LINES[key]
    return "red" if value < red else "amber" if value < amber else ""


def css_of(column: Column) -> tuple[str, str]:
    """Classes of the cell and of its <col>."""
    numeric = "n" if column.numeric else ""
    return CSS.get(column.key, (numeric, "w-m" if column.numeric else "w-lead"))


def label_of(column: Column, look: Look, currency: str) -> str:
    """The name of a cell where rows are stacked (on a phone)."""
    label = str(column.label)
    return f"{label} {figures.currency_symbol(currency)}{look.scale}" if column.kind == "money" else label


def rows_of(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], look: Look, pending: Mapping[int, Pending]
) -> list[Row]:
    """Every row with its cells, in the order of the columns."""
    span = _index_columns(columns)
    made = []
    for row in rows:
        waits = pending.get(row["id"])
        if waits is None:
            cells = [_cell(row, column, look) for column in columns]
        else:
            cells = [_cell(row, column, look) for column in columns if column.key not in span[1:]]
            place = next((i for i, column in enumerate(columns) if span and column.key == span[0]), None)
            if place is not None:
                cells[place] = format_html(
                    '<td role="cell" colspan="{}" class="busy-cell keep">{}</td>', len(span), _busy(waits)
                )
        made.append(Row(row["id"], row["code"], "busy" if waits else "", cells))
    return made


def _index_columns(columns: Sequence[Column]) -> list[str]:
    """The run of neighbouring columns that a note "Recalculating" is laid across; else the age alone."""
    run: list[str] = []
    for column in columns:
        if column.key in WIDE:
            run.append(column.key)
        elif len(run) >= 2:
            break
        else:
            run = []
    return run if len(run) >= 2 else [column.key for column in columns if column.key == "updated"]


def _cell(row: Mapping[str, Any], column: Column, look: Look) -> SafeString:
    hidden = column.requires is not None and look.money is not None and row["id"] not in look.money
    css, _col = css_of(column)
    if hidden:
        return format_html('<td role="cell" class="{}">{}</td>', css, templating.dash(None, _("not yours to see")))
    draw = DRAW.get(column.key)
    body = draw(row, look) if draw else _plain(row, column, look)
    if column.key == "name":
        return format_html('<th role="rowheader" scope="row" class="{}">{}</th>', css, body)
    label = label_of(column, look, row["currency"])
    return format_html('<td role="cell" class="{}" data-l="{}">{}</td>', css, label, body)


def _plain(row: Mapping[str, Any], column: Column, look: Look) -> Any:
    value = column.read(row)
    if column.key in METRIC:
        return _figure(row, column, value, look)
    if column.kind == "date":
        return figures.day(value) or templating.UNDEFINED
    if value is None or value == "":
        return templating.UNDEFINED
    return format_html('<span class="trunc sec">{}</span>', column.label_of(value))


def _figure(row: Mapping[str, Any], column: Column, value: Decimal | None, look: Look) -> SafeString:
    key = column.key
    if value is None:
        reason = (row["performance__undefined"] or {}).get(key, "")
        return templating.figure(None, reason=reason or _("not computed yet"))
    if column.kind == "money":
        text = figures.money(value, row["currency"], scale=look.scale, sign=key in ("cv", "sv", "vac"))
    elif column.kind == "percent":
        text = figures.percent(value, sign=key.startswith(("cv", "sv", "vac")))
    else:
        text = figures.ratio(value)
    return templating.figure(text, explain_url(look.org, row["code"], key), tone(key, value))


def currency_sign(currency: str) -> str:
    """£, € and so on, or the code."""
    return figures.currency_symbol(currency)


def total_of(total: Totals, column: Column, look: Look) -> str:
    """The sum, or the ratio of sums, that stands at the foot of a column; empty where a sum means nothing."""
    value = getattr(total, column.key, None) if column.key in SUMMED else None
    if value is None:
        return ""
    if column.kind == "money":
        return figures.money(value, total.currency, scale=look.scale, sign=column.key in ("cv", "vac")) or ""
    if column.kind == "percent":
        return figures.percent(value, sign=True) or ""
    return figures.ratio(value) or ""


def explain_url(org: str, code: str, key: str) -> str:
    """Where a figure of a project is derived."""
    return reverse("projects:explain", args=(org, code, key))


def _name(row: Mapping[str, Any], look: Look) -> SafeString:
    where = row["programme__name"] or row["portfolio__name"]
    return format_html(
        '<span class="pn"><a href="{}" title="{}">{}</a><span class="code">{} · {}</span></span>',
        reverse("portfolio:project", args=(look.org, row["code"])),
        row["name"],
        row["name"],
        row["code"],
        where,
    )


def _phase(row: Mapping[str, Any], look: Look) -> str:
    if row["status"] in ("closed", "cancelled", "on_hold", "proposed"):
        words = {"closed": _("Closed"), "cancelled": _("Cancelled"), "on_hold": _("On hold"), "proposed": _("Proposed")}
        return templating.phase_bar(6 if row["status"] == "closed" else row["phase__order"], 5, words[row["status"]])
    return templating.phase_bar(row["phase__order"], 5, row["phase__name"] or "")


def _health(row: Mapping[str, Any], look: Look) -> SafeString:
    reasons = [reason["text"] for reason in row["standing__health_reasons"] or []]
    computed = row["standing__health"]
    because = "; ".join(reasons[:2])
    title = _("Declared %(declared)s, computed %(computed)s") % {
        "declared": templating.tone_word(row["standing__declared"]),
        "computed": templating.tone_word(computed),
    }
    href = reverse("portfolio:health", args=(look.org, row["code"]))
    return templating.health_pair(
        row["standing__declared"], computed, href, f"{title}. {because}" if because else title
    )


def _done(row: Mapping[str, Any], look: Look) -> str:
    bac, pv = row["performance__bac"], row["performance__pv"]
    planned = pv / bac * 100 if bac and pv is not None else None
    reason = (row["performance__undefined"] or {}).get("percent_complete", "")
    return templating.progress_bar(row["performance__percent_complete"], planned, reason)


def _trend(row: Mapping[str, Any], look: Look) -> str:
    values = [None if value is None else float(value) for value in row["performance__cpi_trend"] or ()]
    now = figures.ratio(row["performance__cpi"]) or "–"
    label = _("CPI over 12 months, now %(cpi)s") % {"cpi": now}
    return templating.sparkline(values, label, reference=1)


def _finding(row: Mapping[str, Any], look: Look) -> SafeString:
    title = row["standing__top_finding_title"]
    if not title:
        return format_html('<span class="mute xs nof">{}</span>', _("No open finding"))
    more = (row["standing__open_findings"] or 1) - 1
    return format_html(
        '<a class="find" href="{}" title="{}">{}<span>{}</span></a>',
        reverse("portfolio:finding", args=(look.org, row["standing__top_finding"])),
        title if not more else _("%(title)s, and %(more)d more") % {"title": title, "more": more},
        templating.severity(row["standing__top_finding_severity"]),
        title,
    )


def _age(row: Mapping[str, Any], look: Look) -> Any:
    newest = row["performance__last_update_on"]
    if newest is None:
        return templating.dash(None, _("nobody has reported anything yet"))
    days = max((look.today - newest).days, 0)
    text = _("today") if days == 0 else figures.days(days)
    if days <= look.stale_after:
        return format_html('<time datetime="{}" title="{}">{}</time>', newest.isoformat(), figures.day(newest), text)
    title = _("Older than the %(limit)d day limit") % {"limit": look.stale_after}
    return format_html('<span class="stale" title="{}">{} {}</span>', title, graphics.shape("amber"), text)


def _busy(waits: Pending) -> SafeString:
    if waits.dead:
        return format_html('<span class="busy-note t-bad">{}</span>', _("Stopped; see Office, Health"))
    at = f"{timezone.localtime(waits.since):%H:%M:%S}"
    if waits.entries:
        changes = ngettext("%(count)d change", "%(count)d changes", waits.entries) % {"count": waits.entries}
        said = _("Recalculating, %(changes)s at %(at)s") % {"changes": changes, "at": at}
    else:
        said = _("Recalculating since %(at)s") % {"at": at}
    return format_html('<span class="busy-note" title="{}">{}{}</span>', said, graphics.icon("refresh", "sm"), said)


def short_name(name: str) -> str:
    """ "Saskia Castellan" as "S. Castellan": a column of leads stays narrow; the whole name is the title."""
    first, _space, rest = name.partition(" ")
    return f"{first[0]}. {rest}" if rest else name


def _lead(row: Mapping[str, Any], look: Look) -> Any:
    name = row["project_manager__name"]
    if not name:
        return templating.dash(None, _("no project manager is named"))
    return format_html('<span class="trunc sec" title="{}">{}</span>', name, short_name(name))


DRAW: dict[str, Callable[[Mapping[str, Any], Look], Any]] = {
    "name": _name,
    "lead": _lead,
    "phase": _phase,
    "health": _health,
    "percent_complete": _done,
    "trend": _trend,
    "finding": _finding,
    "updated": _age,
}
