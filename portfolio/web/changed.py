"""What changed between two moments: of the office or a portfolio, and of one project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.kit.parameters import only_known, parse_positive, parse_value, refuse, single_values
from pmo.web.pages import OfficeRequest, page
from portfolio.selectors import cockpit as read
from portfolio.selectors.changed import changed
from portfolio.selectors.changed_moments import moment_asked, moments_of
from portfolio.web.changed_words import (
    GROUP_OF,
    GROUP_WORDS,
    GROUPS,
    by_size,
    figures_told,
    file_of,
    in_words,
    line_row,
    presets_told,
    project_row,
    sums_of,
    told,
)
from projects.models import Project
from projects.selectors.projects import visible_to
from projects.web.subpage import subpage

ROWS: Final = 50
KNOWN: Final = frozenset({"from", "to", "portfolio", "show", "page", "format"})


@page("project.view")
def changed_office(request: OfficeRequest, org: str) -> HttpResponseBase:
    """The whole office, or one portfolio by `?portfolio=`."""
    portfolios, _programmes = read.structure(request.actor)
    asked = request.GET.get("portfolio", "")
    if asked and asked not in {place.code for place in portfolios}:
        raise refuse("portfolio", _("There is no portfolio “%s” here.") % asked[:60])
    rows = visible_to(request.actor).filter(archived_at__isnull=True)
    rows = rows.filter(portfolio__code=asked) if asked else rows
    names = {place.code: place.name for place in portfolios}
    context = {
        "nav_active": "changed",
        "menu": {
            "label": _("Portfolio"),
            "name": "portfolio",
            "value": asked,
            "value_text": names.get(asked, ""),
            "options": [{"value": code, "text": name} for code, name in names.items()],
        },
        "everything": reverse("portfolio:changed", args=[org]),
    }
    return _page(request, org, rows, context, "portfolio/changed.html", project=None)


@page("project.view")
def changed_project(request: OfficeRequest, org: str, code: str) -> HttpResponseBase:
    """One project."""
    project, context = subpage(request, code, "project.view", "changed")
    rows = visible_to(request.actor).filter(pk=project.pk)
    context["everything"] = reverse("portfolio:changed-project", args=[org, code])
    return _page(request, org, rows, context, "portfolio/changed_project.html", project=project)


def _page(
    request: OfficeRequest, org: str, rows: QuerySet[Project], context: dict[str, Any], template: str,
    *, project: Project | None,
) -> HttpResponseBase:  # fmt: skip
    actor = request.actor
    given = single_values(request.GET)
    only_known(given, KNOWN)
    asked = [moment_asked(actor.organisation, name, given.get(name, "")) for name in ("from", "to")]
    first, second = moments_of(actor.organisation, *asked)
    groups = dict(GROUP_WORDS) if project is None else {key: GROUP_WORDS[key] for key in GROUPS}
    show = parse_value("show", given["show"], "choice", groups) if given.get("show") else ""
    context |= {
        "first": first,
        "second": second,
        "words": [in_words(moment, given_by) for moment, given_by in zip((first, second), asked, strict=True)],
        "presets": presets_told(actor.organisation, first, second, given),
    }
    try:
        found = changed(actor, rows, first, second)
    except ApplicationError as refused:
        if refused.code != "too_many_rows" or given.get("format"):
            raise
        return render(request, template, context | {"refused": refused}, status=400)
    kinds = GROUPS.get(show, ())
    lines = [line for line in found.lines if line.kind in kinds] if kinds else list(found.lines)
    if given.get("format"):
        actor.require("export.run")
        return file_of(lines, first, second, given["format"], project.code if project else org)
    counts = {key: sum(1 for line in found.lines if GROUP_OF[line.kind] == key) for key in GROUPS}
    show = show or next((key for key in groups if key == "projects" and found.projects or counts.get(key)), "")
    lines = [line for line in found.lines if GROUP_OF[line.kind] == show]
    listed: Sequence[Any] = by_size(found.projects) if show == "projects" else lines
    pages = max(1, -(-len(listed) // ROWS))
    here = min(parse_positive("page", given.get("page") or "1", at_most=1_000_000), pages)
    shown = listed[(here - 1) * ROWS : here * ROWS]
    kept = {name: given[name] for name in ("from", "to") if given.get(name)}
    query = f"?{urlencode(kept)}" if kept else ""
    context |= {
        "found": found,
        "totals": [told(total, found.projects[0] if project and found.projects else None) for total in found.totals],
        "figures": figures_told(found.projects[0]) if project and found.projects and not found.totals else [],
        "show": show,
        "views": [
            {
                "name": words,
                "count": len(found.projects) if key == "projects" else counts[key],
                "href": f"?{urlencode({**given, 'show': key, 'page': ''})}#list",
                "current": key == show,
            }
            for key, words in groups.items()
            if (len(found.projects) if key == "projects" else counts[key])
        ],
        "projects": [project_row(org, one, query) for one in shown] if show == "projects" else [],
        "lines": [line_row(org, line) for line in shown] if show != "projects" else [],
        "sums": sums_of(lines) if show == "ledger" else [],
        "shown": len(shown),
        "all": len(listed),
        "page": here,
        "pages": pages,
        "one": project,
        "files": {kind: f"?{urlencode({**given, 'format': kind})}" for kind in ("xlsx", "csv")},
    }
    return render(request, template, context)
