"""The portfolio cockpit: score strip, charts, what wants a decision, and one row per project."""

from __future__ import annotations

from collections.abc import Sequence
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
from portfolio.web.cockpit_past import moment_asked, past_export, past_table, views_of
from portfolio.web.cockpit_table import asked, base_rows, build_table, sees_all_money
from portfolio.web.middle import middle
from portfolio.web.score import counts_by_month, score_strip
from projects.selectors.projects import projects_for


@page("project.view", as_of=True, known_at=True)
def cockpit(request: OfficeRequest, org: str) -> HttpResponseBase:
    """The whole page; `?format=csv|xlsx` exports exactly what it shows."""
    actor = request.actor
    query = asked(actor, request)
    moment = moment_asked(actor, query)
    if query.extras.get("format"):
        actor.require("export.run")
        if moment is not None:
            return past_export(actor, query, moment)
        return export_response(
            _for_export(actor), base_rows(actor, query).values(*FIELDS), query,
            file_format=query.extras["format"], stem=f"{org}-projects",
        )  # fmt: skip
    places = read.structure(actor)
    scope, title = _scope(query, *places)
    table = build_table(actor, query, scope) if moment is None else past_table(actor, query, moment)
    strip = table["strip"]
    main = strip[0] if strip else None
    money = sees_all_money(actor)
    context = {
        "nav_active": "portfolio",
        "title": title,
        "query": query,
        "chips": query.chips(),
        "score": score_strip(*_scored(table), query, money=money) if main else [],
        "main": main,
        "others": strip[1:],
        "views": _views(actor, query, strip) if moment is None else views_of(query),
        "menus": _menus(actor, query, *places),
        "columns": [
            {"key": c.key, "label": c.label, "shown": c in query.columns} for c in query.available if c.key != "name"
        ],
        "export_csv": query.urlencode(format="csv", page=None),
        "export_xlsx": query.urlencode(format="xlsx", page=None),
        **table,
    }
    context["menu_names"] = [menu["name"] for menu in context["menus"]]
    return render(request, "portfolio/cockpit.html", context)


def _scored(table: dict[str, Any]) -> tuple[Sequence[read.Totals], list[dict[str, Any]]]:
    """What the strip shows, and its history: the whole over all currencies where there is one, whose history is of
    counts alone; else the first currency."""
    whole = table["whole"]
    if whole is not None and whole["total"] is not None:
        return [whole["total"]], counts_by_month(table["days"])
    return table["strip"], table["days"].get(table["strip"][0].currency, [])


@page("project.view")
def rows(request: OfficeRequest, org: str) -> HttpResponse:
    """What an open cockpit asks for again and again: 204 where its rows are as it shows them, else the table anew."""
    actor = request.actor
    query = asked(actor, request)
    scope = _scope(query, *read.structure(actor))[0] if query.filters else {"scope": "organisation"}
    table = build_table(actor, query, scope, shown_already=request.GET.get("stamp", ""))
    if not table:
        return HttpResponse(status=204)
    return render(request, "portfolio/_cockpit_table.html", {"query": query, **table})


def _scope(
    query: Query, portfolios: Sequence[read.Place], programmes: Sequence[read.Place]
) -> tuple[dict[str, Any], str]:
    """Which roll-up the strip's history is of, and the page's title."""
    programme = next((p for p in programmes if p.code == query.value_of("programme")), None)
    if programme is not None:
        return {"scope": "programme", "programme": programme.pk}, programme.name
    portfolio = next((p for p in portfolios if p.code == query.value_of("portfolio")), None)
    if portfolio is not None:
        return {"scope": "portfolio", "portfolio": portfolio.pk}, portfolio.name
    return {"scope": "organisation"}, portfolios[0].name if len(portfolios) == 1 else _("All portfolios")


def _views(actor: Actor, query: Query, strip: Sequence[read.Totals]) -> list[dict[str, Any]]:
    """Ready views with their counts, whatever the currency, then the saved ones."""
    ready: list[tuple[str, str, int | None]] = [(_("Under way"), "", sum(t.projects for t in strip) if strip else None)]
    if strip and sees_all_money(actor):
        ready += [
            (_("Needs attention"), "attention=true", sum(t.attention for t in strip)),
            (_("Declared too green"), "differs=true", sum(t.too_green for t in strip)),
        ]
    if strip:
        ready.append((_("Past finish"), "overdue=true", sum(t.overdue for t in strip)))
    ready += [(_("Proposed"), "status=proposed", None), (_("Closed"), "status__in=closed%2Ccancelled", None)]
    now = query.saved
    views = [{"name": name, "href": f"?{text}", "count": count, "current": text == now} for name, text, count in ready]
    for view in saved_views_for(actor, "view.save").filter(listing=PROJECTS.name):
        views.append({"name": view.name, "href": f"?{view.query}", "count": None, "current": view.query == now})
    return views


def _menus(
    actor: Actor, query: Query, portfolios: Sequence[read.Place], programmes: Sequence[read.Place]
) -> list[dict[str, Any]]:
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
        default = _("under way") if key == "status" else ""
        menus.append(
            {"label": filters[key].label, "name": key, "value": value, "value_text": dict(choices).get(value, default),
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
    if request.method != "POST":
        return redirect("portfolio:cockpit", org)
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
    if request.method == "POST":
        saved_view_delete(actor=request.actor, view_id=pk)
        messages.success(request, _("View forgotten."))
    return redirect("portfolio:cockpit", org)


@page("project.view")
def charts(request: OfficeRequest, org: str) -> HttpResponse:
    """The middle row, fetched after the page: charts of the rows as filtered, and what wants a decision."""
    actor = request.actor
    query = asked(actor, request)
    found = PROJECTS.filter(base_rows(actor, query), query)
    status_date = status_date_of(actor.organisation)
    context: dict[str, Any] = {"status_date": status_date, "today": today_in(actor.organisation)}
    context["decisions"], context["decisions_more"] = read.decisions(actor, found)
    if actor.allows("money.view"):
        paid = found & projects_for(actor, "money.view")
        context.update(middle(actor.organisation, paid, status_date))
    return render(request, "portfolio/_cockpit_charts.html", context)
