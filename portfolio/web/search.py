"""Search and commands: the palette's answers, and the same as a page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from pmo.kit.parameters import parse_text
from pmo.selectors.actors import Actor
from pmo.web.pages import OfficeRequest, page
from portfolio.selectors.search import search as search_for


@dataclass(frozen=True, slots=True)
class Command:
    text: str
    href: str
    icon: str


@page("organisation.view")
def search(request: OfficeRequest, org: str) -> HttpResponse:
    """Projects, findings, people and commands that match `q`."""
    text = parse_text("q", request.GET.get("q", ""))
    context = {
        "text": text,
        "found": search_for(request.actor, text),
        "commands": commands(request.actor, org, text),
        "nav_active": "portfolio",
    }
    template = "portfolio/_search.html" if request.htmx else "portfolio/search.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def commands(actor: Actor, org: str, text: str) -> list[Command]:
    """What can be opened or begun by name: those the actor may, whose words match."""
    known = (
        (_("Open the portfolio"), "portfolio:cockpit", "layout-dashboard", "portfolio.view"),
        (_("Open findings"), "portfolio:findings", "alert-triangle", "finding.view"),
        (_("New project"), "portfolio:project-new", "plus", "project.create"),
        (_("Import a file"), "projects:imports", "upload", "import.run"),
        (_("Rules and tolerances"), "portfolio:rules", "adjustments-horizontal", "rule.view"),
        (_("Standards"), "pmo:standards", "ruler-2", "standard.view"),
        (_("People and roles"), "pmo:people", "users", "people.view"),
        (_("Log of changes"), "pmo:audit", "history", "audit.view"),
        (_("API tokens"), "pmo:tokens", "key", "token.own"),
        (_("Health of the installation"), "pmo:health", "refresh", "office.view"),
    )
    words = text.lower().split()
    found = []
    for said, name, icon, action in known:
        if not actor.allows(action) or not all(word in said.lower() for word in words):
            continue
        try:
            found.append(Command(said, reverse(name, args=[org]), icon))
        except NoReverseMatch:
            continue
    return found if words else found[:4]
