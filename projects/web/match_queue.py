"""The match queue: lines of finance files that name no project known here."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.kit.errors import ApplicationError
from pmo.web.forms import done
from pmo.web.listing import ListPage, list_page
from pmo.web.pages import OfficeRequest, page
from projects.listings.matching import UNMATCHED
from projects.selectors.matching import project_named, projects_to_match, unmatched_for
from projects.services.matching import suggestions_refresh, unmatched_accept, unmatched_dismiss, unmatched_match

RUN = "import.run"


@page(RUN, post=RUN)
def match_queue(request: OfficeRequest, org: str) -> HttpResponseBase:
    """Lines that wait, with what is suggested and why; ticked suggestions are accepted at once."""
    actor = request.actor
    if request.method == "POST":
        ids = [int(pk) for pk in request.POST.getlist("ids") if pk.isascii() and pk.isdigit() and len(pk) < 19]
        if request.POST.get("look"):
            count = suggestions_refresh(actor=actor, unmatched_ids=ids)
            said = ngettext("%d line has a suggestion.", "%d lines have a suggestion.", count) % count
        else:
            count = unmatched_accept(actor=actor, unmatched_ids=ids)
            said = ngettext("%d line was posted.", "%d lines were posted.", count) % count
        return done(request, said, _home(org))
    shown = list_page(request, UNMATCHED, unmatched_for(actor), actor.allows, menus=("state",), stem="match-queue")
    if not isinstance(shown, ListPage):
        return shown
    return render(
        request,
        "projects/match_queue.html",
        {"list": shown, "projects": projects_to_match(actor), "nav_active": "imports"},
    )


@page(RUN, post=RUN)
def match_act(request: OfficeRequest, org: str, pk: int, act: str) -> HttpResponse:
    """Match one line to the project picked, or dismiss it."""
    if request.method != "POST":
        return redirect("projects:match-queue", org)
    actor = request.actor
    if act == "dismiss":
        unmatched_dismiss(actor=actor, unmatched_id=pk, reason=request.POST.get("reason", ""))
        return done(request, _("Dismissed; the line and the reason stay on record."), _home(org))
    wanted = request.POST.get("project", "").strip()
    unmatched = unmatched_for(actor).filter(pk=pk).first()
    project = project_named(actor, wanted) if wanted else None
    if project is None and not wanted and unmatched is not None:
        raise ApplicationError(_("Pick a project first."), field="project", code="required")
    if project is None and unmatched is not None:
        raise ApplicationError(_("There is no project “%s” that you may post to.") % wanted[:60], field="project")
    unmatched_match(actor=actor, unmatched_id=pk, project_id=project.pk if project is not None else 0)
    return done(request, _("The line is posted. The figures follow in a moment."), _home(org))


def _home(org: str) -> str:
    return f"{reverse('projects:match-queue', args=[org])}?state=waiting"
