"""Who has which role."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from pmo.models import Role

MEMBERSHIPS = Listing(
    name="memberships",
    label=_("Memberships"),
    columns=(
        Column("user", _("Person"), value=lambda row: str(row.user), sort="user__name"),
        Column("email", _("E-mail"), value="user.email", sort="user__email"),
        Column("role", _("Role"), kind="choice", choices=tuple(Role.choices), sort="role"),
        Column(
            "approval_limit", _("Approval limit"), kind="money", sort="approval_limit", currency="organisation.currency"
        ),
        Column("created_at", _("Since"), kind="datetime", sort="created_at"),
    ),
    filters=(
        Filter("role", kind="choice", lookups=("exact", "in"), choices=tuple(Role.choices), label=_("Role")),
        Filter("user", path="user_id", kind="id", label=_("Person")),
        Filter("email", path="user__email", label=_("E-mail")),
    ),
    search=("user__name", "user__email"),
    default_sort=("email",),
)
