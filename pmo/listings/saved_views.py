"""Saved views: one's own and those shared."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing

SAVED_VIEWS = Listing(
    name="saved-views",
    label=_("Saved views"),
    columns=(
        Column("name", _("Name"), sort="name"),
        Column("listing", _("List"), sort="listing"),
        Column("query", _("Query")),
        Column("shared", _("Shared"), kind="bool", sort="shared"),
        Column("user", _("Owner"), value=lambda row: str(row.user), sort="user__name"),
    ),
    filters=(
        Filter("listing", label=_("List")),
        Filter("shared", kind="bool", label=_("Shared")),
    ),
    search=("name",),
    default_sort=("listing", "name"),
)
