"""The log of changes: who, when, what, from what to what, and whether it is sealed."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from pmo.listings.audit import AUDIT
from pmo.models import AuditEvent
from pmo.selectors.office import audit_events_for
from pmo.web.audit_words import MONEY, changes, said
from pmo.web.listing import ListPage, list_page
from pmo.web.pages import OfficeRequest, page


@page("audit.view")
def audit(request: OfficeRequest, org: str) -> HttpResponseBase:
    """The newest changes first. Whoever may not see money is not told of changes to it."""
    actor = request.actor
    money = actor.allows("money.view")
    events = audit_events_for(actor, "audit.view").select_related("seal")
    if not money:
        events = events.exclude(object_type__in=MONEY)
    shown = list_page(request, AUDIT, events, actor.allows, menus=(), stem="log-of-changes")
    if not isinstance(shown, ListPage):
        return shown
    rows = [(event, said(event), changes(event)) for event in shown.page.rows]
    return _page(request, shown, rows)


def _page(
    request: OfficeRequest, shown: ListPage, rows: list[tuple[AuditEvent, str, list[tuple[str, str, str]]]]
) -> HttpResponse:
    return render(request, "pmo/audit.html", {"list": shown, "rows": rows, "nav_active": "audit"})
