"""Months: what is posted in each, closing and reopening them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.selectors.periods import month_name
from pmo.services.periods import period_close, period_reopen
from pmo.web.forms import done
from pmo.web.pages import OfficeRequest, page
from projects.selectors.periods import month_from, periods_of


@page("period.close")
def periods(request: OfficeRequest, org: str) -> HttpResponse:
    """Every month with entries, and who closed it."""
    return render(request, "projects/periods.html", {"rows": periods_of(request.actor), "nav_active": "periods"})


@page("period.close", post="period.close")
def period_turn(request: OfficeRequest, org: str, month: str, act: str) -> HttpResponse:
    """Close or reopen one month."""
    if request.method != "POST":
        return redirect("projects:periods", org)
    given = request.POST.get("version", "")
    if not (given.isascii() and given.isdigit() and len(given) < 9):
        raise ApplicationError(_("The form is incomplete; open the page again."), field="version", code="required")
    reason, day, home = request.POST.get("reason", ""), month_from(month), reverse("projects:periods", args=[org])
    if act == "close":
        period_close(actor=request.actor, month=day, version=int(given), reason=reason)
        return done(request, _("%s is closed.") % month_name(day), home)
    period_reopen(actor=request.actor, month=day, version=int(given), reason=reason)
    return done(request, _("%s takes postings again.") % month_name(day), home)
