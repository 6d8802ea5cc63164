"""How projects are run here: the phases, their activities, the gates."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pmo.models import Role
from pmo.selectors.office import phases_for, standards_for
from pmo.web.pages import OfficeRequest, page


@page("standard.view")
def standards(request: OfficeRequest, org: str) -> HttpResponse:
    """The newest published version of each standard, to be read from top to bottom."""
    roles = dict(Role.choices) | {"sponsor": _("Sponsor")}
    known = []
    for standard in standards_for(request.actor, "standard.view"):
        version = standard.versions.filter(published_at__isnull=False).order_by("-number").first()
        if version is not None:
            phases = phases_for(request.actor, "standard.view").filter(version=version)
            known.append(
                (standard, version, list(phases.order_by("order").prefetch_related("activities", "gates__criteria")))
            )
    return render(request, "pmo/standards.html", {"standards": known, "roles": roles, "nav_active": "standards"})
