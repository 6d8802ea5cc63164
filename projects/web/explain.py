"""Every figure explains itself: the side panel's content, and the same as a page of its own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from pmo.kit.errors import NotFound
from pmo.web.pages import OfficeRequest, page
from projects.analysis.metrics import METRIC, TERMS
from projects.analysis.reporting import missing_words
from projects.selectors.converted import HOW, project_converted
from projects.selectors.explanations import Explained, figure_explained
from projects.selectors.pending import pending_of
from projects.selectors.projects import project_get
from projects.web.dates import date_asked, known_at_asked, moment_query


@page("money.view", as_of=True, known_at=True)
def explain(request: OfficeRequest, org: str, code: str, key: str) -> HttpResponse:
    """How one figure of one project came about."""
    project = project_get(request.actor, action="money.view", code=code)
    if key not in METRIC:
        raise NotFound(_("There is no figure of that name."))
    as_of, other_day = date_asked(request)
    told = figure_explained(project, key, as_of=as_of, known_at=known_at_asked(request))
    computed = getattr(project, "performance", None)
    converted = None
    if key in HOW:
        converted = project_converted(
            project, request.actor.organisation, as_of=as_of, known_at=known_at_asked(request)
        )
    context = {
        "project": project,
        "told": told,
        "fraction": _fraction(told),
        "steps": told.explanation.formula_with_numbers.split(" = "),
        "converted": converted,
        "converted_line": next((line for line in converted.lines if line.key == key), None) if converted else None,
        "missing_said": missing_words(converted.missing) if converted and converted.missing else "",
        "can_rates": request.actor.allows("rate.view"),
        "inputs": _inputs(org, code, told, moment_query(request)),
        "status_date": as_of,
        "as_of_here": True,
        "other_day": other_day,
        "computed": computed,
        "pending": pending_of(project),
        "ledger_href": _ledger_href(org, code, told),
        "nav_active": "portfolio",
    }
    template = "projects/_explain.html" if request.htmx else "projects/explain.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _inputs(org: str, code: str, told: Explained, query: str) -> list[dict[str, Any]]:
    """The figures and terms of the formula; a figure links to its own explanation. Values are those shown elsewhere."""
    return [
        {
            "name": item.name,
            "note": item.note,
            "unit": METRIC[item.key].unit if item.key in METRIC else TERMS[item.key].unit,
            "value": told.figures[item.key] if item.key in METRIC else item.value,
            "href": reverse("projects:explain", args=[org, code, item.key]) + query if item.key in METRIC else "",
        }
        for item in told.explanation.inputs
    ]


def _fraction(told: Explained) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """((above, below) in symbols, (above, below) in numbers) where the formula is one quotient of two figures."""
    if told.value is None:
        return None
    steps = told.explanation.formula_with_numbers.split(" = ")
    if len(steps) != 3 or any(step.count(" / ") != 1 for step in steps[:2]):
        return None
    symbols, numbers = (tuple(step.split(" / ")) for step in steps[:2])
    if any(sign in part for part in (*symbols, *numbers) for sign in ("(", " − ", " + ", " × ")):
        return None
    return (symbols[0], symbols[1]), (numbers[0], numbers[1])


def _ledger_href(org: str, code: str, told: Explained) -> str:
    if told.ledger is None:
        return ""
    wanted = {"kind__in": ",".join(told.ledger.kinds), "incurred_on__lte": told.status_date.isoformat()}
    return f"{reverse('projects:ledger', args=[org, code])}?{urlencode(wanted, safe=',')}"
