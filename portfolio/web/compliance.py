"""Compliance over the portfolio: the matrix of projects and requirements, its trend, its export, its saved views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.kit import figures
from pmo.kit.export import rows_response
from pmo.kit.listing import Query
from pmo.selectors.actors import Actor
from pmo.selectors.clock import status_date_of
from pmo.selectors.office import saved_views_for
from pmo.services.saved_views import saved_view_create
from pmo.web.pages import OfficeRequest, page
from portfolio.listings.compliance import COMPLIANCE, STATES, WORDS, head_column
from portfolio.selectors import compliance as read
from portfolio.selectors.cockpit import running, structure
from portfolio.web.compliance_cells import SYMBOLS, TONES, rows_of
from projects.models import Project, ProjectStatus

VIEW: Final = "compliance.view"
TREND_DAYS: Final = 366
OF_CELLS: Final = {"breach": "breach", "due": "due", "waived": "waived", "late": "late", "kept": "met"}


@page(VIEW)
def compliance(request: OfficeRequest, org: str) -> HttpResponseBase:
    """The matrix; `?format=csv|xlsx` exports the rows and columns that it shows, all pages of them."""
    actor = request.actor
    query = COMPLIANCE.parse(request.GET, actor.allows)
    rows = _narrowed(actor, query)
    versions = read.versions_followed(COMPLIANCE.filter(rows, query))
    every = read.heads_of(actor, versions[0].pk if versions else None)
    heads = _shown(query, every)
    if file_format := query.extras.get("format"):
        actor.require("export.run")
        wide = replace(query, columns=(*query.columns, *(head_column(head) for head in heads)))
        found = COMPLIANCE.export_rows(rows, query)
        return rows_response(wide, found, title=_("Compliance"), file_format=file_format, stem=f"{org}-compliance")
    shown = COMPLIANCE.apply(read.with_waiting(rows), query, count=sum(version.projects for version in versions))
    phases = [(name, len(list(group))) for name, group in groupby(heads, key=lambda head: head.phase_name)]
    context = {
        "nav_active": "compliance",
        "query": query,
        "page": shown,
        "heads": [(head, query.urlencode(requirement=head.cell)) for head in heads],
        "phases": [(name or _("Policies"), span) for name, span in phases],
        "rows": rows_of(shown.rows, heads, org),
        "sorts": {header.column.key: header for header in query.headers()},
        "menus": _menus(actor, query, versions, every),
        "chips": _chips(query, every),
        "views": _views(actor, query),
        "legend": [(SYMBOLS[state], word, TONES[state]) for state, word in WORDS.items()],
        "status_date": status_date_of(actor.organisation),
        "export_csv": query.urlencode(format="csv", page=None),
        "export_xlsx": query.urlencode(format="xlsx", page=None),
        "trend": "&".join(f"portfolio={value}" for value in [query.value_of("portfolio")] if value),
    }
    return render(request, "portfolio/compliance.html", context)


def _narrowed(actor: Actor, query: Query) -> QuerySet[Project]:
    """The projects under way, unless a status is asked for; with a requirement and a state, those in that state of
    that requirement."""
    rows = read.compliance_projects(actor)
    requirement, state = query.value_of("requirement"), OF_CELLS.get(query.value_of("state"))
    if requirement and state:
        rows = read.in_state(rows, requirement, state)
    return rows if any(item.filter.key == "status" for item in query.filters) else running(rows)


def _shown(query: Query, heads: Sequence[read.Head]) -> list[read.Head]:
    """The columns of one phase, or the one requirement, where that is asked for; else all."""
    wanted = query.value_of("of_phase")
    found = [head for head in heads if head.phase == wanted] if wanted else list(heads)
    asked = query.value_of("requirement")
    return [head for head in heads if head.cell == asked] or found


def _menus(
    actor: Actor, query: Query, versions: Sequence[read.Version], heads: Sequence[read.Head]
) -> list[dict[str, Any]]:
    portfolios, _programmes = structure(actor)
    slugs = {version.slug: version.name for version in versions}
    numbers = {str(version.number): _("Version %d") % version.number for version in versions}
    options: list[tuple[str, str, dict[str, Any]]] = [
        ("portfolio", _("Portfolio"), {place.code: place.name for place in portfolios}),
        ("standard", _("Standard"), slugs),
        ("version", _("Version"), numbers if len(slugs) == 1 or query.value_of("version") else {}),
        ("of_phase", _("Phase"), {head.phase: head.phase_name or _("Policies") for head in heads}),
        ("state", _("State"), dict(STATES)),
        ("status", _("Status"), dict(ProjectStatus.choices)),
    ]
    made = []
    for name, label, choices in options:
        value = query.value_of(name)
        if len(choices) < 2 and not value:
            continue
        text = choices.get(value, value) or (_("under way") if name == "status" else "")
        made.append(
            {"name": name, "label": label, "value": value, "value_text": text,
             "options": [{"value": key, "text": said} for key, said in choices.items()]}
        )  # fmt: skip
    return made


def _chips(query: Query, heads: Sequence[read.Head]) -> list[Any]:
    """The filters in use that no menu shows; a requirement by its name."""
    shown = ("portfolio", "standard", "version", "of_phase", "state", "status", "search")
    names = {head.cell: head.name for head in heads}
    return [
        replace(chip, words=names.get(chip.words, chip.words)) for chip in query.chips() if chip.parameter not in shown
    ]


def _views(actor: Actor, query: Query) -> list[dict[str, Any]]:
    ready = [(_("Under way"), ""), (_("In breach"), "state=breach"), (_("Due soon"), "state=due"),
             (_("All kept in time"), "state=kept")]  # fmt: skip
    found = [{"name": name, "href": f"?{text}", "count": None, "current": text == query.saved} for name, text in ready]
    for view in saved_views_for(actor, "view.save").filter(listing=COMPLIANCE.name):
        current = view.query == query.saved
        found.append({"name": view.name, "href": f"?{view.query}", "count": None, "current": current})
    return found


@page("view.save", post="view.save")
def view_save(request: OfficeRequest, org: str) -> HttpResponseBase:
    """Keep the matrix as it is under a name."""
    if request.method != "POST":
        return redirect("portfolio:compliance", org)
    query = COMPLIANCE.parse(QueryDict(request.POST.get("query", "")), request.actor.allows)
    view = saved_view_create(
        actor=request.actor, listing=COMPLIANCE.name, name=request.POST.get("name", ""), query=query.saved,
        shared=request.POST.get("shared") == "on",
    )  # fmt: skip
    messages.success(request, _("View “%s” saved.") % view.name)
    return redirect(f"{reverse('portfolio:compliance', args=(org,))}?{view.query}")


@page(VIEW)
def compliance_trend(request: OfficeRequest, org: str) -> HttpResponse:
    """The chart above the matrix, fetched after the page: the office's days, or those of one portfolio."""
    actor = request.actor
    code = COMPLIANCE.parse(request.GET, actor.allows).value_of("portfolio")
    place = next((each for each in structure(actor)[0] if each.code == code), None) if code else None
    since = status_date_of(actor.organisation) - timedelta(days=TREND_DAYS)
    days = [] if code and place is None else read.trend(actor, since, place.pk if place else None)
    percents = [_percent(day.met + day.waived, day.applicable) for day in days]
    context = {
        "title": _("Compliance of %s") % place.name if place else _("Compliance of the office"),
        "days": days,
        "now": days[-1] if days else None,
        "percent": percents[-1] if percents else None,
        "data": {
            "head": [_("Day"), _("Compliance"), _("Due so far"), _("In breach")],
            "days": [figures.day(day.day, year=False) for day in days],
            "percent": percents,
            "applicable": [day.applicable for day in days],
            "breached": [day.breached for day in days],
        },
    }
    return render(request, "portfolio/_compliance_trend.html", context)


def _percent(good: int, counted: int) -> float | None:
    return round(good * 100 / counted, 2) if counted else None
