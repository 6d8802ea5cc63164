"""Portfolios and programmes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing

PORTFOLIOS = Listing(
    name="portfolios",
    label=_("Portfolios"),
    columns=(
        Column("code", _("Code"), sort="code"),
        Column("name", _("Name"), sort="name"),
        Column("description", _("Description")),
        Column("currency", _("Currency"), sort="currency"),
    ),
    filters=(
        Filter("code", lookups=("exact", "in"), label=_("Code")),
        Filter("name", lookups=("exact", "contains"), label=_("Name")),
        Filter("currency", label=_("Currency")),
    ),
    search=("code", "name", "description"),
    default_sort=("name",),
)
PROGRAMMES = Listing(
    name="programmes",
    label=_("Programmes"),
    columns=(
        Column("portfolio", _("Portfolio"), value="portfolio.name", sort="portfolio__name"),
        Column("code", _("Code"), sort="code"),
        Column("name", _("Name"), sort="name"),
        Column("description", _("Description")),
    ),
    filters=(
        Filter("portfolio", path="portfolio_id", kind="id", lookups=("exact", "in"), label=_("Portfolio")),
        Filter("code", lookups=("exact", "in"), label=_("Code")),
        Filter("name", lookups=("exact", "contains"), label=_("Name")),
    ),
    search=("code", "name", "description"),
    default_sort=("portfolio", "name"),
)
