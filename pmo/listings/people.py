"""Who is named in the organisation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing

PEOPLE = Listing(
    name="people",
    label=_("People"),
    columns=(
        Column("name", _("Name"), sort="name"),
        Column("email", _("E-mail"), sort="email"),
        Column("has_account", _("Signs in"), value=lambda row: row.user_id is not None, kind="bool"),
    ),
    filters=(
        Filter("name", lookups=("exact", "contains"), label=_("Name")),
        Filter("email", lookups=("exact",), label=_("E-mail")),
        Filter("user", path="user_id", kind="id", lookups=("exact", "isnull"), label=_("Account")),
    ),
    search=("name", "email"),
    default_sort=("name",),
)
