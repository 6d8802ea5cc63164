"""How projects are to be run: standards, their versions, phases and activities."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from pmo.models import Activity

STANDARDS = Listing(
    name="standards",
    label=_("Standards"),
    columns=(
        Column("name", _("Name"), sort="name"),
        Column("slug", _("Key"), sort="slug"),
        Column("description", _("Description")),
    ),
    filters=(Filter("slug", label=_("Key")),),
    search=("name", "description"),
    default_sort=("name",),
)
STANDARD_VERSIONS = Listing(
    name="standard-versions",
    label=_("Versions of standards"),
    columns=(
        Column("standard", _("Standard"), value="standard.name", sort="standard__name"),
        Column("number", _("Version"), kind="int", sort="number"),
        Column("published_at", _("Published"), kind="datetime", sort="published_at"),
    ),
    filters=(
        Filter("standard", path="standard_id", kind="id", label=_("Standard")),
        Filter("published_at", kind="datetime", lookups=("gte", "lte", "isnull"), label=_("Published")),
    ),
    default_sort=("standard", "-number"),
)
PHASES = Listing(
    name="phases",
    label=_("Phases"),
    columns=(
        Column("version", _("Standard"), value=lambda row: str(row.version), sort="version_id"),
        Column("order", _("Order"), kind="int", sort="order"),
        Column("name", _("Name"), sort="name"),
        Column("purpose", _("Purpose")),
    ),
    filters=(
        Filter("standard_version", path="version_id", kind="id", label=_("Standard version")),
        Filter("key", label=_("Key")),
    ),
    search=("name", "purpose"),
    default_sort=("version", "order"),
)
ACTIVITIES = Listing(
    name="activities",
    label=_("Activities"),
    columns=(
        Column("phase", _("Phase"), value="phase.name", sort=("phase__version_id", "phase__order")),
        Column("order", _("Order"), kind="int", sort="order"),
        Column("name", _("Name"), sort="name"),
        Column("why", _("Why")),
        Column("how", _("How")),
        Column("responsible_role", _("Responsible"), sort="responsible_role"),
        Column(
            "obligation", _("Obligation"), kind="choice", choices=tuple(Activity.Obligation.choices), sort="obligation"
        ),
    ),
    filters=(
        Filter("phase", path="phase_id", kind="id", label=_("Phase")),
        Filter("standard_version", path="phase__version_id", kind="id", label=_("Standard version")),
        Filter("obligation", kind="choice", choices=tuple(Activity.Obligation.choices), label=_("Obligation")),
        Filter("responsible_role", label=_("Responsible")),
    ),
    search=("name", "why", "how"),
    default_sort=("phase", "order"),
)
