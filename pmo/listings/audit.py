"""The log of changes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing

AUDIT_EVENTS = Listing(
    name="audit-events",
    label=_("Changes"),
    columns=(
        Column("at", _("When"), kind="datetime", sort="at"),
        Column("user", _("Who"), value=lambda row: str(row.user) if row.user else "", sort="user__name"),
        Column("token_prefix", _("Token"), sort="token_prefix", default=False),
        Column("action", _("Action"), sort="action"),
        Column("label", _("What"), sort="label"),
        Column("object_type", _("Kind"), sort="object_type", default=False),
        Column("object_id", _("Id"), default=False),
        Column("before", _("Before"), value=lambda row: _pairs(row.before)),
        Column("after", _("After"), value=lambda row: _pairs(row.after)),
    ),
    filters=(
        Filter("action", lookups=("exact", "in", "startswith"), label=_("Action")),
        Filter("object_type", lookups=("exact", "in"), label=_("Kind")),
        Filter("object_id", label=_("Id")),
        Filter("project", path="project_ref", kind="id", label=_("Project")),
        Filter("user", path="user_id", kind="id", label=_("Who")),
        Filter("at", kind="datetime", lookups=("gte", "lte"), label=_("When")),
    ),
    search=("label", "action"),
    default_sort=("-at",),
)


def _pairs(values: object) -> str:
    """`{"state": "draft"}` as “state: draft”."""
    return ", ".join(f"{key}: {value}" for key, value in values.items()) if isinstance(values, dict) else ""
