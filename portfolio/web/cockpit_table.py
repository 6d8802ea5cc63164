"""The cockpit's table: what was asked, which rows, their sums, and the stamp that changes when any of it does."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pmo.kit.listing import Page, Query
from pmo.selectors.actors import Actor
from pmo.selectors.clock import status_date_of
from pmo.web.pages import OfficeRequest
from portfolio.listings.projects import PROJECTS, fields_for
from portfolio.selectors import cockpit as read
from portfolio.selectors.rules import stale_after
from portfolio.selectors.whole import Whole, whole_of
from portfolio.web import cells
from portfolio.web.whole import whole_told
from projects.models import Project
from projects.selectors.projects import ids_for, projects_for
from projects.selectors.rows import covers

K_FROM = 1_000_000  # sums from here on are shown in thousands
SCOPES = ("portfolio", "programme")


def sees_all_money(actor: Actor) -> bool:
    """Of every project they see? Otherwise no sum, count or order may rest on money."""
    return covers(actor, "money.view", "project.view")


def asked(actor: Actor, request: OfficeRequest) -> Query:
    """The list as asked for; in no order of money for whoever sees the money of some projects only, unless asked."""
    query = PROJECTS.parse(request.GET, actor.allows)
    unasked = not (request.GET.get("ordering") or request.GET.get("sort"))
    if unasked and actor.allows("money.view") and not sees_all_money(actor):
        return PROJECTS.parse({**request.GET.dict(), "ordering": "name"}, actor.allows)
    return query


def base_rows(actor: Actor, query: Query) -> QuerySet[Project]:
    """The projects under way, unless a status is asked for; only those with visible money where money narrows or
    orders the list, for a place in it tells the figure."""
    found = read.portfolio_rows(actor)
    by_money = any(item.filter.requires for item in query.filters) or any(o.column.requires for o in query.ordering)
    if by_money and not sees_all_money(actor):
        found = found.filter(pk__in=projects_for(actor, "money.view").values("pk"))
    return found if any(item.filter.key == "status" for item in query.filters) else read.running(found)


def build_table(actor: Actor, query: Query, scope: Mapping[str, Any], *, shown_already: str = "") -> dict[str, Any]:
    """Rows, sums and the stamp of both; nothing where the stamp is the one `shown_already`."""
    base = base_rows(actor, query)
    today = status_date_of(actor.organisation)
    days = read.days_of(actor, scope, today)
    mixed = len(days) > 1  # converted sums are taken from the projects, not from the sums of a day
    in_scope = PROJECTS.filter(base, scope_only(query))
    strip = read.totals(in_scope) if mixed or not days else read.totals_of(days)
    strip.sort(key=lambda total: total.currency != actor.organisation.currency)  # one's own money first
    narrowed = _narrowed(query)
    totals = read.totals(PROJECTS.filter(base, query)) if narrowed else strip
    live = narrowed or mixed or not days
    count = sum(total.projects for total in totals) if live else PROJECTS.filter(base, query).count()
    shown = PROJECTS.apply(base.none(), query, count=0) if not count else _page(base, query, count)
    ids = [row["id"] for row in shown.rows]
    waits = read.pending(actor.organisation.pk, ids)
    whole = strip_whole = None
    if sees_all_money(actor):
        strip_whole = whole_of(in_scope, strip, actor.organisation.currency)
        whole = whole_of(PROJECTS.filter(base, query), totals, actor.organisation.currency) if narrowed else strip_whole
    stamp = _stamp(shown.rows, waits, [*totals, *([whole.total] if whole and whole.total else [])])
    if stamp == shown_already:
        return {}
    look = cells.Look(
        org=actor.organisation.slug,
        scale=scale_of(totals),
        today=today,
        stale_after=stale_after(actor.organisation),
        money=None if actor.everywhere("money.view") else frozenset(ids_for(actor, "money.view", ids)),
        columns=query.columns,
    )
    currencies = {row["currency"] for row in shown.rows}
    look.mixed = len(currencies) > 1
    return {
        "page": shown,
        "headers": [head_of(header, look, currencies) for header in query.headers()],
        "rows": cells.rows_of(shown.rows, query.columns, look, waits),
        "feet": feet_of(totals, query, look, whole) if sees_all_money(actor) else [],
        "strip": strip,
        "whole": whole_told(strip_whole, actor),
        "days": days,
        "computed_at": max((t.computed_at for t in totals if t.computed_at), default=None),
        "left_out": sum(total.without_eac for total in totals) if sees_all_money(actor) else 0,
        "unmeasured": sum(total.projects - total.measured for total in totals) if sees_all_money(actor) else 0,
        "stamp": stamp,
    }


def _page(base: QuerySet[Project], query: Query, count: int) -> Page:
    """One page of the list, read in two narrow steps (`one_page`)."""
    pages = max(1, -(-count // query.page_size))
    if query.page > pages:
        return PROJECTS.apply(base, query, count=count)  # says which pages there are
    ordered = PROJECTS.order(PROJECTS.filter(base, query), query)
    first = (query.page - 1) * query.page_size
    found = read.one_page(ordered, fields_for(query.columns), first, query.page_size)
    return Page(rows=found, count=count, page=query.page, pages=pages, query=query)


def _stamp(rows_: Sequence[Mapping[str, Any]], waits: Mapping[int, read.Pending], totals: Sequence[read.Totals]) -> str:
    """Changes when anything the table shows changes."""
    parts = [f"{r['id']}:{r['performance__revision']}:{r['standing__revision']}:{waits.get(r['id'])}" for r in rows_]
    return hashlib.sha256("|".join([*parts, str(totals)]).encode()).hexdigest()[:20]


def scale_of(totals: Sequence[read.Totals]) -> str:
    """ "k" where sums are so large that amounts are shown in thousands."""
    return "k" if any((total.bac or total.ac or 0) >= K_FROM for total in totals) else ""


def head_of(header: Any, look: cells.Look, currencies: set[str]) -> dict[str, Any]:
    """What the head of a column says."""
    column = header.column
    unit = ""
    if column.kind == "money":
        unit = look.scale if look.mixed else f"{cells.currency_sign(next(iter(currencies), ''))}{look.scale}"
    css, col = cells.css_of(column)
    return {
        "label": column.label, "unit": unit, "css": css.replace(" keep", ""), "col": col, "direction": header.direction,
        "link": header.link, "hint": column.hint,
    }  # fmt: skip


def feet_of(
    totals: Sequence[read.Totals], query: Query, look: cells.Look, whole: Whole | None = None
) -> list[dict[str, Any]]:
    """One line of sums per currency, and one over all of them at dated rates where there is a rate for each."""
    lines = [(total.currency if len(totals) > 1 else "", total) for total in totals]
    if whole is not None and whole.total is not None:
        lines.append((_("in %s") % whole.total.currency, whole.total))
    return [
        {
            "currency": words,
            "count": total.projects,
            "whole": whole is not None and total is whole.total,
            "cells": [
                {"css": cells.css_of(column)[0].replace(" keep", ""),
                 "label": cells.label_of(column, look, total.currency),
                 "text": cells.total_of(total, column, look)}
                for column in query.columns
                if column.key != "name"
            ],
        }
        for words, total in lines
    ]  # fmt: skip


def _narrowed(query: Query) -> bool:
    return bool(query.search) or any(item.parameter not in SCOPES for item in query.filters)


def scope_only(query: Query) -> Query:
    kept = {item.parameter: item.raw for item in query.filters if item.parameter in SCOPES}
    return PROJECTS.parse(kept, lambda action: True)
