"""Exchange rates."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing

EXCHANGE_RATES = Listing(
    name="exchange-rates",
    label=_("Exchange rates"),
    columns=(
        Column("base", _("One unit of"), sort="base"),
        Column("quote", _("is in"), sort="quote"),
        Column("rate", _("Rate"), kind="ratio", sort="rate"),
        Column("valid_on", _("From"), kind="date", sort="valid_on"),
        Column("source", _("Source"), sort="source"),
        Column("recorded_at", _("Recorded"), kind="datetime", sort="recorded_at"),
        Column("recorded_by", _("By"), value=lambda row: str(row.recorded_by or "")),
    ),
    filters=(
        Filter("base", lookups=("exact", "in"), label=_("One unit of")),
        Filter("quote", lookups=("exact", "in"), label=_("is in")),
        Filter("valid_on", kind="date", lookups=("exact", "gte", "lte"), label=_("From")),
    ),
    search=("base", "quote", "source"),
    default_sort=("-valid_on", "base", "quote"),
)
