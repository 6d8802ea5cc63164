"""The organisation one acts in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing

ORGANISATIONS = Listing(
    name="organisations",
    label=_("Organisations"),
    columns=(
        Column("slug", _("Address"), sort="slug"),
        Column("name", _("Name"), sort="name"),
        Column("currency", _("Currency"), sort="currency"),
        Column("timezone", _("Time zone")),
        Column("status_date", _("Status date"), kind="date"),
    ),
    filters=(Filter("slug", label=_("Address")),),
    default_sort=("name",),
)
