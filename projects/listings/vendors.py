"""Vendors with what was spent with them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from pmo.selectors.actors import Actor
from projects.selectors.vendors import vendor_sums

VENDORS_SPENT = Listing(
    name="vendors-spent",
    label=_("Vendors"),
    columns=(
        Column("name", _("Vendor"), sort="name"),
        Column("spend", _("Spent"), kind="money", sort="by_spend"),
        Column("others", _("In other currencies")),
        Column("committed", _("Open commitments"), kind="money"),
        Column("project_count", _("Projects"), kind="int", sort="project_count"),
        Column("last_on", _("Last cost"), kind="date", sort="last_on"),
    ),
    filters=(Filter("name", lookups=("exact", "contains"), label=_("Name")),),
    search=("name",),
    default_sort=("-spend",),
)


def vendors_listing(actor: Actor) -> Listing:
    """The list, summing over what this person may see."""
    return replace(VENDORS_SPENT, prepare=partial(vendor_sums, actor))
