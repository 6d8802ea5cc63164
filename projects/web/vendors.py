"""Vendors with what was spent with them."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render

from pmo.web.listing import ListPage, list_page
from pmo.web.pages import OfficeRequest, page
from projects.listings.vendors import vendors_listing
from projects.selectors.vendors import vendors_spent


@page("money.view")
def vendors(request: OfficeRequest, org: str) -> HttpResponseBase:
    """Total spend, projects and open commitments of each vendor, within what one may see."""
    actor = request.actor
    shown = list_page(request, vendors_listing(actor), vendors_spent(actor), actor.allows, stem="vendors")
    if not isinstance(shown, ListPage):
        return shown
    return render(request, "projects/vendors.html", {"list": shown, "nav_active": "vendors"})
