"""All that happened to one project, newest first."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from pmo.web.audit_words import said
from pmo.web.pages import OfficeRequest, page
from projects.selectors.activity import Happening, happenings
from projects.web.subpage import subpage

LIMIT = 200


@page("project.view")
def activity(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Who did what, and when."""
    project, context = subpage(request, code, "project.view", "activity")
    lines = happenings(project, log="audit_view" in context["can"], money="money_view" in context["can"], limit=LIMIT)
    return render(request, "projects/activity.html", {**context, "happenings": [(line, words(line)) for line in lines]})


def words(line: Happening) -> str:
    """What was done, as the log has it; a posting says it itself."""
    return said(line.event) if line.event is not None else ""
