"""The log of changes, as a list and an export."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from pmo.models import AuditEvent


def _who(event: AuditEvent) -> str | None:
    return str(event.user) if event.user else None


def _seal(event: AuditEvent) -> str | None:
    seal = getattr(event, "seal", None)
    return seal.sha256 if seal else None


def _before(event: AuditEvent) -> Any:
    return _pairs(event.before)


def _after(event: AuditEvent) -> Any:
    return _pairs(event.after)


def _pairs(values: Any) -> str | None:
    return None if not values else "; ".join(f"{key}={value}" for key, value in values.items())


AUDIT = Listing(
    name="audit",
    label=_("Log of changes"),
    columns=(
        Column("at", _("When"), kind="datetime", sort="id"),
        Column("user", _("Who"), value=_who, sort="user__name"),
        Column("action", _("What"), sort="action"),
        Column("label", _("To what"), sort="label"),
        Column("before", _("Before"), value=_before, requires="money.view", default=False),
        Column("after", _("From what to what"), value=_after, requires="money.view"),
        Column("object_type", _("Kind"), sort="object_type", default=False),
        Column("object_id", _("Id"), default=False),
        Column("token_prefix", _("Token"), sort="token_prefix", default=False),
        Column("seal", _("Seal"), value=_seal, sort="seal__id"),
    ),
    filters=(
        Filter("action", lookups=("exact", "contains"), label=_("What")),
        Filter("object_type", lookups=("exact", "in"), label=_("Kind")),
        Filter("object_id", lookups=("exact",), label=_("Id")),
        Filter("at", kind="date", path="at__date", lookups=("exact", "gte", "lte"), label=_("When")),
        Filter("user", path="user_id", kind="id", lookups=("exact",), label=_("Who")),
        Filter("sealed", path="seal__isnull", kind="bool", lookups=("exact",), label=_("Not sealed yet")),
        Filter("project", path="project_ref", kind="id", lookups=("exact",), label=_("Project")),
    ),
    search=("label", "action", "user__name", "user__email"),
    default_sort=("-at",),
    ignore=frozenset({"as_of"}),
)
