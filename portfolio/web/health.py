"""Why a project's health is what it is: the manager's word beside the computed colour and its reasons."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from pmo.web.pages import OfficeRequest, page
from portfolio.analysis.health import THRESHOLDS
from portfolio.models import ProjectStanding
from projects.models import HealthDeclaration
from projects.selectors.projects import project_get


@page("money.view")
def health(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """The side panel behind a health pair; opened directly, a page."""
    project = project_get(request.actor, action="money.view", code=code)
    context = {
        "nav_active": "portfolio",
        "project": project,
        "standing": ProjectStanding.objects.filter(project=project).first(),
        "declared": HealthDeclaration.objects.filter(project=project).select_related("declared_by").first(),
        "earlier": HealthDeclaration.objects.filter(project=project).select_related("declared_by")[1:6],
        "lines": THRESHOLDS,
    }
    template = "portfolio/_health.html" if request.htmx else "portfolio/health.html"
    return render(request, template, context)
