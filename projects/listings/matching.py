"""The match queue as a list."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from projects.models import UnmatchedCost

STATES = tuple(UnmatchedCost.State.choices)
UNMATCHED = Listing(
    name="unmatched-costs",
    label=_("Match queue"),
    columns=(
        Column("incurred_on", _("Date"), kind="date", sort="incurred_on"),
        Column("hint", _("Project in the file"), sort="hint"),
        Column("vendor", _("Vendor"), sort="vendor"),
        Column("reference", _("Document"), sort="reference"),
        Column("description", _("Description"), default=False),
        Column("suggested", _("Suggestion"), value="suggested.code", sort="suggested__code"),
        Column("file", _("File and line"), value="import_batch.file_name", sort=("import_batch_id", "line")),
        Column("line", _("Line"), kind="int", default=False),
        Column("state", _("State"), kind="choice", choices=STATES, sort="state", default=False),
        Column("reason", _("Reason"), default=False),
        Column("amount", _("Amount"), kind="money", sort="amount"),
        Column("currency", _("Currency"), sort="currency", default=False),
    ),
    filters=(
        Filter("state", kind="choice", lookups=("exact", "in"), choices=STATES, label=_("State")),
        Filter("suggested", path="suggested_id", kind="id", lookups=("exact", "isnull"), label=_("Suggestion")),
        Filter("vendor", lookups=("exact", "contains"), label=_("Vendor")),
        Filter("hint", lookups=("exact", "contains"), label=_("Project in the file")),
        Filter("import_batch", path="import_batch_id", kind="id", label=_("Import")),
        Filter("incurred_on", kind="date", lookups=("exact", "gte", "lte"), label=_("Date")),
        Filter("amount", kind="decimal", lookups=("gte", "lte"), label=_("Amount")),
    ),
    search=("hint", "vendor", "reference", "description"),
    default_sort=("file",),
)
