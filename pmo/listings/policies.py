"""Policies and procedures, their versions, and who has acknowledged them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from pmo.models import Policy

STATES = (("draft", _("Draft")), ("published", _("Published")), ("withdrawn", _("Withdrawn")))
POLICIES = Listing(
    name="policies",
    label=_("Policies"),
    columns=(
        Column("name", _("Name"), sort="name"),
        Column("kind", _("Kind"), kind="choice", choices=tuple(Policy.Kind.choices), sort="kind"),
        Column("state", _("State"), kind="choice", choices=STATES, sort="state"),
        Column("published", _("Version"), value="published_number", kind="int", sort="published_number"),
        Column("effective_on", _("Binds from"), kind="date", sort="effective_on"),
        Column("owner", _("Owner"), value="owner.name", sort="owner__name"),
        Column("slug", _("Key"), sort="slug", default=False),
    ),
    filters=(
        Filter("kind", kind="choice", choices=tuple(Policy.Kind.choices), label=_("Kind")),
        Filter("state", kind="choice", choices=STATES, label=_("State")),
        Filter("effective_on", kind="date", lookups=("gte", "lte"), label=_("Binds from")),
        Filter("slug", label=_("Key")),
    ),
    search=("name", "slug"),
    default_sort=("name",),
)
POLICY_VERSIONS = Listing(
    name="policy-versions",
    label=_("Versions of policies"),
    columns=(
        Column("policy", _("Policy"), value="policy.name", sort="policy__name"),
        Column("number", _("Version"), kind="int", sort="number"),
        Column("effective_on", _("Binds from"), kind="date", sort="effective_on"),
        Column("published_at", _("Published"), kind="datetime", sort="published_at"),
        Column("summary", _("What is new")),
    ),
    filters=(
        Filter("policy", path="policy_id", kind="id", label=_("Policy")),
        Filter("published_at", kind="datetime", lookups=("gte", "lte", "isnull"), label=_("Published")),
        Filter("effective_on", kind="date", lookups=("gte", "lte"), label=_("Binds from")),
    ),
    search=("policy__name", "summary", "text"),
    default_sort=("policy", "-number"),
)
ACKNOWLEDGEMENTS = Listing(
    name="acknowledgements",
    label=_("Acknowledgements"),
    columns=(
        Column("policy", _("Policy"), value="version.policy.name", sort="version__policy__name"),
        Column("number", _("Version"), value="version.number", kind="int", sort="version__number"),
        Column("user", _("Who"), value=lambda row: str(row.user), sort="user__name"),
        Column("acknowledged_at", _("When"), kind="datetime", sort="acknowledged_at"),
    ),
    filters=(
        Filter("policy", path="version__policy_id", kind="id", label=_("Policy")),
        Filter("version", path="version_id", kind="id", label=_("Version")),
        Filter("acknowledged_at", kind="datetime", lookups=("gte", "lte"), label=_("When")),
    ),
    default_sort=("-acknowledged_at",),
)
