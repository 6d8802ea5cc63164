"""API tokens: names and prefixes, never the secret."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing

TOKENS = Listing(
    name="tokens",
    label=_("API tokens"),
    columns=(
        Column("name", _("Name"), sort="name"),
        Column("prefix", _("Prefix"), sort="prefix"),
        Column("user", _("Owner"), value=lambda row: str(row.user), sort="user__name"),
        Column("scopes", _("Scopes")),
        Column("created_at", _("Created"), kind="datetime", sort="created_at"),
        Column("expires_at", _("Expires"), kind="datetime", sort="expires_at"),
        Column("last_used_at", _("Last used"), kind="datetime", sort="last_used_at"),
        Column("revoked_at", _("Revoked"), kind="datetime", sort="revoked_at"),
    ),
    filters=(
        Filter("user", path="user_id", kind="id", label=_("Owner")),
        Filter("revoked_at", kind="datetime", lookups=("isnull", "gte", "lte"), label=_("Revoked")),
        Filter("expires_at", kind="datetime", lookups=("gte", "lte"), label=_("Expires")),
    ),
    search=("name", "prefix"),
    default_sort=("-created_at",),
)
