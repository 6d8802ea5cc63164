"""The portfolio cockpit: score strip, charts, what wants a decision, and one row per project."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.kit.export import export_response
from pmo.kit.listing import Listing, Query
from pmo.selectors.actors import Actor
from pmo.selectors.clock import status_date_of, today_in
from pmo.selectors.office import saved_views_for
from pmo.services.saved_views import saved_view_create, saved_view_delete
from pmo.web.pages import OfficeRequest, page
from portfolio.listings.projects import FIELDS, PROJECTS
from portfolio.selectors import cockpit as read
from portfolio.selectors.rules import stale_after
from portfolio.web import cells
from portfolio.web.middle import middle
from portfolio.web.score import score_strip
from projects.selectors.projects import ids_for, projects_for

K_FROM = 1_000_000  # sums from here on are shown in thousands


@page("project.view")
def cockpit(request: OfficeRequest, org: str) -> HttpResponseBase:
    """The whole page; `?format=csv|xlsx` exports exactly what it shows."""
    actor = request.actor
    query = PROJECTS.parse(request.GET, actor.allows)
    rows = read.portfolio_rows(actor)
    if query.extras.get("format"):
        actor.require("export.run")
        file_format = query.extras["format"]
        return export_response(
            _for_export(actor), rows.values(*FIELDS), query, file_format=file_format, stem=f"{org}-projects"
        )
    table = _table(actor, rows, query)
    portfolios, programmes = read.structure(actor)
    scope, title = _scope(query, portfolios, programmes)
    own = table["totals"]
    strip = own if not _narrowed(query) else read.totals(PROJECTS.filter(rows, _scope_only(query)))
    main = strip[0] if strip else None
    days = read.trends(actor, scope, main.currency, table["look"].today) if main else []
    context = {
        "nav_active": "portfolio",
        "title": title,
        "query": query,
        "chips": query.chips(),
        "score": score_strip(strip, days, query, money=actor.allows("money.view")) if main else [],
        "main": main,
        "others": strip[1:],
        "views": _views(actor, query, main),
        "menus": _menus(actor, query, portfolios, programmes),
        "columns": [
            {"key": c.key, "label": c.label, "shown": c in query.columns} for c in query.available if c.key != "name"
        ],
        "export_csv": query.urlencode(format="csv", page=None),
        "export_xlsx": query.urlencode(format="xlsx", page=None),
        **table,
    }
    context["menu_names"] = [menu["name"] for menu in context["menus"]]
    return render(request, "portfolio/cockpit.html", context)


@page("project.view")
def rows(request: OfficeRequest, org: str) -> HttpResponse:
    """What an open cockpit asks for again and again: 204 where its rows are as it shows them, else the table anew."""
    actor = request.actor
    query = PROJECTS.parse(request.GET, actor.allows)
    table = _table(actor, read.portfolio_rows(actor), query)
    if request.GET.get("stamp") == table["stamp"]:
        return HttpResponse(status=204)
    return render(request, "portfolio/_cockpit_table.html", {"query": query, **table})


def _table(actor: Actor, queryset: Any, query: Query) -> dict[str, Any]:
    totals = read.totals(PROJECTS.filter(queryset, query))
    count = sum(total.count for total in totals)
    shown = PROJECTS.apply(queryset.values(*FIELDS), query, count=count)
    ids = [row["id"] for row in shown.rows]
    waits = read.pending(actor.organisation.pk, ids)
    currencies = {row["currency"] for row in shown.rows}
    look = cells.Look(
        org=actor.organisation.slug,
        scale="k" if any((total.bac or total.ac or 0) >= K_FROM for total in totals) else "",
        today=status_date_of(actor.organisation),
        stale_after=stale_after(actor.organisation),
        money=None if actor.everywhere("money.view") else frozenset(ids_for(actor, "money.view", ids)),
    )
    return {
        "page": shown,
        "headers": [_head(header, look, currencies) for header in query.headers()],
        "rows": cells.rows_of(shown.rows, query.columns, look, waits),
        "feet": _feet(totals, query, look) if actor.everywhere("money.view") or look.money == frozenset(ids) else [],
        "totals": totals,
        "look": look,
        "computed_at": max((t.computed_at for t in totals if t.computed_at), default=None),
        "left_out": sum(total.without_eac for total in totals),
        "unmeasured": sum(total.count - total.measured for total in totals),
        "stamp": _stamp(shown.rows, waits, totals),
    }


def _stamp(rows_: Sequence[Mapping[str, Any]], waits: Mapping[int, read.Pending], totals: Sequence[read.Totals]) -> str:
    """Changes when anything the table shows changes."""
    parts = [f"{r['id']}:{r['performance__revision']}:{r['standing__revision']}:{waits.get(r['id'])}" for r in rows_]
    return hashlib.sha256("|".join([*parts, str(totals)]).encode()).hexdigest()[:20]


def _head(header: Any, look: cells.Look, currencies: set[str]) -> dict[str, Any]:
    column = header.column
    unit = ""
    if column.kind == "money" and len(currencies) == 1:
        unit = f"{cells.currency_sign(next(iter(currencies)))}{look.scale}"
    css, col = cells.css_of(column)
    return {
        "label": column.label, "unit": unit, "css": css.replace(" keep", ""), "col": col, "direction": header.direction,
        "link": header.link, "hint": column.hint,
    }  # fmt: skip


def _feet(totals: Sequence[read.Totals], query: Query, look: cells.Look) -> list[dict[str, Any]]:
    """One line of sums per currency: sums are never taken over two."""
    feet = []
    for total in totals:
        line = [
            {"css": cells.css_of(column)[0].replace(" keep", ""), "label": cells.label_of(column, look, total.currency),
             "text": cells.total_of(total, column, look)}
            for column in query.columns
            if column.key != "name"
        ]  # fmt: skip
        feet.append({"currency": total.currency if len(totals) > 1 else "", "count": total.count, "cells": line})
    return feet


SCOPES = ("portfolio", "programme")


def _narrowed(query: Query) -> bool:
    return bool(query.search) or any(item.parameter not in SCOPES for item in query.filters)


def _scope_only(query: Query) -> Query:
    kept = {item.parameter: item.raw for item in query.filters if item.parameter in SCOPES}
    return PROJECTS.parse(kept, lambda action: True)


def _scope(query: Query, portfolios: Sequence[Any], programmes: Sequence[Any]) -> tuple[dict[str, Any], str]:
    """Which roll-up the strip's history is of, and the page's title."""
    programme = next((p for p in programmes if p.code == query.value_of("programme")), None)
    if programme is not None:
        return {"scope": "programme", "programme": programme}, programme.name
    portfolio = next((p for p in portfolios if p.code == query.value_of("portfolio")), None)
    if portfolio is not None:
        return {"scope": "portfolio", "portfolio": portfolio}, portfolio.name
    return {"scope": "organisation"}, portfolios[0].name if len(portfolios) == 1 else _("All portfolios")


def _views(actor: Actor, query: Query, main: read.Totals | None) -> list[dict[str, Any]]:
    """Ready views with their counts, then the saved ones."""
    ready: list[tuple[str, str, int | None]] = [(_("All projects"), "", main.count if main else None)]
    if main is not None and actor.allows("money.view"):
        ready += [
            (_("Needs attention"), "attention=true", main.attention),
            (_("Declared too green"), "differs=true", main.too_green),
        ]
    if main is not None:
        ready.append((_("Past finish"), "overdue=true", main.overdue))
    now = query.saved
    views = [{"name": name, "href": f"?{text}", "count": count, "current": text == now} for name, text, count in ready]
    for view in saved_views_for(actor, "view.save").filter(listing=PROJECTS.name):
        views.append({"name": view.name, "href": f"?{view.query}", "count": None, "current": view.query == now})
    return views


def _menus(actor: Actor, query: Query, portfolios: Sequence[Any], programmes: Sequence[Any]) -> list[dict[str, Any]]:
    filters = {item.key: item for item in PROJECTS.filters_for(actor.allows)}
    menus = []
    for key, options in (
        ("portfolio", [(p.code, p.name) for p in portfolios]),
        ("programme", [(p.code, p.name) for p in programmes]),
        ("status", None),
        ("health", None),
    ):
        if key not in filters or (options is not None and len(options) < 2):
            continue
        choices = options if options is not None else list(filters[key].choice_map.items())
        value = query.value_of(key)
        menus.append(
            {"label": filters[key].label, "name": key, "value": value, "value_text": dict(choices).get(value, ""),
             "options": [{"value": v, "text": t} for v, t in choices]}
        )  # fmt: skip
    return menus


def _for_export(actor: Actor) -> Listing:
    """The list, with the money of projects whose money the actor may not see taken out of its rows."""
    if actor.everywhere("money.view"):
        return PROJECTS
    allowed = set(projects_for(actor, "money.view").values_list("pk", flat=True))
    guarded = {c.value for c in PROJECTS.columns if c.requires and isinstance(c.value, str)}

    def blank(rows_: Sequence[dict[str, Any]]) -> None:
        for row in rows_:
            if row["id"] not in allowed:
                row.update(dict.fromkeys(guarded))

    return replace(PROJECTS, prepare=blank)


@page("view.save", post="view.save")
def view_save(request: OfficeRequest, org: str) -> HttpResponseBase:
    """Keep the list as it is under a name."""
    query = PROJECTS.parse(QueryDict(request.POST.get("query", "")), request.actor.allows)
    view = saved_view_create(
        actor=request.actor,
        listing=PROJECTS.name,
        name=request.POST.get("name", ""),
        query=query.saved,
        shared=request.POST.get("shared") == "on",
    )
    messages.success(request, _("View “%s” saved.") % view.name)
    return redirect(f"{reverse('portfolio:cockpit', args=(org,))}?{view.query}")


@page("view.save", post="view.save")
def view_delete(request: OfficeRequest, org: str, pk: int) -> HttpResponseBase:
    """Forget a view of one's own."""
    saved_view_delete(actor=request.actor, view_id=pk)
    messages.success(request, _("View forgotten."))
    return redirect("portfolio:cockpit", org)


@page("project.view")
def charts(request: OfficeRequest, org: str) -> HttpResponse:
    """The middle row, fetched after the page: charts of the rows as filtered, and what wants a decision."""
    actor = request.actor
    query = PROJECTS.parse(request.GET, actor.allows)
    found = PROJECTS.filter(read.portfolio_rows(actor), query)
    status_date = status_date_of(actor.organisation)
    context: dict[str, Any] = {"status_date": status_date, "today": today_in(actor.organisation)}
    context["decisions"], context["decisions_more"] = read.decisions(actor, found)
    if actor.allows("money.view"):
        paid = found & projects_for(actor, "money.view")
        context.update(middle(actor.organisation, paid, status_date))
    return render(request, "portfolio/_cockpit_charts.html", context)
