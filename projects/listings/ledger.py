"""The ledger of one project, as a list, an export and a set of filters."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from projects.models import Category, CostEntry
from projects.selectors.commitments import with_open_amounts


def _phase(entry: CostEntry) -> str | None:
    return entry.project_phase.name if entry.project_phase else None


def _recorded_by(entry: CostEntry) -> str | None:
    if entry.recorded_by is not None:
        return str(entry.recorded_by)
    return str(_("Import")) if entry.import_batch_id else None


def _open(entry: CostEntry) -> Any:
    return getattr(entry, "open_amount", None)


def _settles(entry: CostEntry) -> str | None:
    if entry.settles is None:
        return None
    return entry.settles.reference or f"#{entry.settles_id}"


def _reverses(entry: CostEntry) -> Any:
    return entry.reverses_id


LEDGER = Listing(
    name="ledger",
    label=_("Ledger"),
    columns=(
        Column("incurred_on", _("Date"), kind="date", sort="incurred_on"),
        Column("recorded_at", _("Recorded"), kind="datetime", sort="recorded_at"),
        Column("kind", _("Type"), kind="choice", sort="kind", choices=tuple(CostEntry.Kind.choices)),
        Column("category", _("Category"), kind="choice", sort="category", choices=tuple(Category.choices)),
        Column("phase", _("Phase"), value=_phase, sort="project_phase__order"),
        Column("vendor", _("Vendor"), value="vendor.name", sort="vendor__name"),
        Column("description", _("Description"), default=False),
        Column("reference", _("Document"), sort="reference"),
        Column("recorded_by", _("Recorded by"), value=_recorded_by, sort="recorded_by__name", default=False),
        Column("source", _("Source"), sort="source", default=False),
        Column("external_id", _("External id"), sort="external_id", default=False),
        Column("reverses", _("Reverses entry"), value=_reverses, default=False),
        Column("amount", _("Amount"), kind="money", sort="amount", requires="money.view"),
        Column("open_amount", _("Open"), kind="money", requires="money.view", value=_open, hint=_("Of a commitment")),
        Column("settles", _("Settles"), value=_settles, default=False),
        Column("reverse_on", _("Reverses itself"), kind="date", sort="reverse_on", default=False),
        Column("currency", _("Currency"), default=False),
        Column("id", _("Entry"), kind="int", value="pk", sort="pk", default=False),
    ),
    filters=(
        Filter("kind", kind="choice", lookups=("exact", "in"), choices=tuple(CostEntry.Kind.choices), label=_("Type")),
        Filter(
            "category", kind="choice", lookups=("exact", "in"), choices=tuple(Category.choices), label=_("Category")
        ),
        Filter("incurred_on", kind="date", lookups=("exact", "gte", "lte"), label=_("Date")),
        Filter("phase", path="project_phase_id", kind="id", lookups=("exact", "isnull"), label=_("Phase")),
        Filter("vendor", path="vendor__name", lookups=("exact", "contains"), label=_("Vendor")),
        Filter("amount", kind="decimal", lookups=("gte", "lte"), label=_("Amount"), requires="money.view"),
        Filter("reverse_on", kind="date", lookups=("lte", "gte", "isnull"), label=_("Reverses itself")),
        Filter("reversed_by", path="reversed_by", kind="id", lookups=("isnull",), label=_("Reversed")),
        Filter("settles", path="settles_id", kind="id", lookups=("exact",), label=_("Settles")),
        Filter("id", path="pk", kind="id", lookups=("exact", "in"), label=_("Entry")),
        Filter("import_batch", path="import_batch_id", kind="id", label=_("Import")),
    ),
    search=("reference", "description", "vendor__name", "external_id"),
    default_sort=("-incurred_on", "-id"),
    ignore=frozenset({"as_of"}),
    prepare=with_open_amounts,
)
