"""The ledger, and who is paid."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from projects.models import Category, CostEntry
from projects.selectors.commitments import with_open_amounts

COST_ENTRIES = Listing(
    name="cost-entries",
    label=_("Cost entries"),
    columns=(
        Column("incurred_on", _("Incurred"), kind="date", sort="incurred_on"),
        Column("project", _("Project"), value="project.code", sort="project__code"),
        Column("project_phase", _("Phase"), value="project_phase.name", sort="project_phase__order"),
        Column("kind", _("Kind"), kind="choice", choices=tuple(CostEntry.Kind.choices), sort="kind"),
        Column("category", _("Category"), kind="choice", choices=tuple(Category.choices), sort="category"),
        Column("amount", _("Amount"), kind="money", sort="amount"),
        Column("currency", _("Currency"), sort="currency"),
        Column("vendor", _("Vendor"), value="vendor.name", sort="vendor__name"),
        Column("reference", _("Reference"), sort="reference"),
        Column("description", _("Description"), sort="description"),
        Column("recorded_at", _("Recorded"), kind="datetime", sort="recorded_at"),
        Column("recorded_by", _("By"), value="recorded_by.name", sort="recorded_by__name", default=False),
        Column("source", _("Source"), sort="source", default=False),
        Column("external_id", _("External id"), sort="external_id", default=False),
    ),
    filters=(
        Filter("project", path="project_id", kind="id", lookups=("exact", "in"), label=_("Project")),
        Filter("project_phase", path="project_phase_id", kind="id", lookups=("exact", "isnull"), label=_("Phase")),
        Filter("kind", kind="choice", lookups=("exact", "in"), choices=tuple(CostEntry.Kind.choices), label=_("Kind")),
        Filter(
            "category", kind="choice", lookups=("exact", "in"), choices=tuple(Category.choices), label=_("Category")
        ),
        Filter("vendor", path="vendor_id", kind="id", lookups=("exact", "in", "isnull"), label=_("Vendor")),
        Filter("incurred_on", kind="date", lookups=("exact", "gte", "lte"), label=_("Incurred")),
        Filter("recorded_at", kind="datetime", lookups=("gte", "lte"), label=_("Recorded")),
        Filter("amount", kind="decimal", lookups=("exact", "gte", "lte"), label=_("Amount")),
        Filter("source", label=_("Source")),
        Filter("external_id", lookups=("exact", "in"), label=_("External id")),
        Filter("reference", label=_("Reference")),
        Filter("reverses", path="reverses_id", kind="id", lookups=("exact", "isnull"), label=_("Reverses")),
        Filter("reversed_by", path="reversed_by", kind="id", lookups=("isnull",), label=_("Reversed")),
        Filter("reverse_on", kind="date", lookups=("exact", "gte", "lte", "isnull"), label=_("Reverses itself")),
        Filter("settles", path="settles_id", kind="id", lookups=("exact", "isnull"), label=_("Settles")),
        Filter("import_batch", path="import_batch_id", kind="id", label=_("Import")),
    ),
    search=("description", "reference", "vendor__name", "project__code", "project__name"),
    default_sort=("-incurred_on",),
    prepare=with_open_amounts,
)
VENDORS = Listing(
    name="vendors",
    label=_("Vendors"),
    columns=(Column("name", _("Name"), sort="name"),),
    filters=(Filter("name", lookups=("exact", "contains"), label=_("Name")),),
    search=("name",),
    default_sort=("name",),
)
