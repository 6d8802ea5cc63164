"""How the installation is: is the worker alive, is anything waiting, has anything failed for good."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.models import OutboxMark
from pmo.selectors.readiness import readiness
from pmo.services.outbox import outbox_retry
from pmo.web.forms import done
from pmo.web.pages import OfficeRequest, page

SHOWN = 50


@page("office.view")
def health(request: OfficeRequest, org: str) -> HttpResponse:
    """The state of the whole installation, and the failed work of this organisation."""
    dead = OutboxMark.objects.filter(organisation=request.actor.organisation, dead_at__isnull=False)
    context = {
        "state": readiness(),
        "dead": dead.order_by("-dead_at")[:SHOWN],
        "dead_count": dead.count(),
        "nav_active": "health",
    }
    return render(request, "pmo/health.html", context)


@page("office.view", post="office.manage")
def retry(request: OfficeRequest, org: str) -> HttpResponse:
    """Give the organisation's failed work three new attempts."""
    if request.method != "POST":
        return redirect("pmo:health", org)
    count = outbox_retry(organisation_id=request.actor.organisation.pk)
    sentence = ngettext("%(n)d piece of work is tried again.", "%(n)d pieces of work are tried again.", count)
    return done(
        request, sentence % {"n": count} if count else _("Nothing had failed."), reverse("pmo:health", args=[org])
    )
