"""Imports, the rows of one, saved mappings; and the rejected rows as a file to correct and send again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext_lazy as _

from pmo.kit.export import BOM, safe_text
from pmo.kit.listing import Column, Filter, Listing
from projects.models import ImportBatch, ImportRow, ImportTarget
from projects.selectors.imports import rows_of

STATES: Final = tuple(ImportBatch.State.choices)
OUTCOMES: Final = tuple(ImportRow.Outcome.choices)

IMPORTS = Listing(
    name="imports",
    label=_("Imports"),
    columns=(
        Column("created_at", _("Sent"), kind="datetime", sort="id"),
        Column("file_name", _("File"), sort="file_name"),
        Column("target", _("Into"), kind="choice", choices=tuple(ImportTarget.choices), sort="target"),
        Column("state", _("State"), kind="choice", choices=STATES, sort="state"),
        Column("total", _("Rows"), kind="int", sort="total"),
        Column("created", _("Created"), kind="int", sort="created"),
        Column("updated", _("Updated"), kind="int", sort="updated"),
        Column("unchanged", _("Unchanged"), kind="int", sort="unchanged"),
        Column("rejected", _("Rejected"), kind="int", sort="rejected"),
        Column("created_by", _("By"), value="created_by.name", sort="created_by__name"),
    ),
    filters=(
        Filter("state", kind="choice", lookups=("exact", "in"), choices=STATES, label=_("State")),
        Filter("target", kind="choice", choices=tuple(ImportTarget.choices), label=_("Into")),
        Filter("created_by", path="created_by_id", kind="id", label=_("By")),
        Filter("file_sha256", label=_("Fingerprint of the file")),
    ),
    search=("file_name",),
    default_sort=("-created_at",),
)
IMPORT_ROWS = Listing(
    name="import-rows",
    label=_("Rows"),
    columns=(
        Column("line", _("Line"), kind="int", sort="line"),
        Column("outcome", _("Outcome"), kind="choice", choices=OUTCOMES, sort="outcome"),
        Column("key", _("What"), sort="key"),
        Column("message", _("Why")),
        Column("field", _("Column")),
        Column("value", _("Value")),
    ),
    filters=(
        Filter("outcome", kind="choice", lookups=("exact", "in"), choices=OUTCOMES, label=_("Outcome")),
        Filter("line", kind="int", lookups=("exact", "gte", "lte"), label=_("Line")),
    ),
    search=("key", "message"),
    default_sort=("line",),
)
IMPORT_MAPPINGS = Listing(
    name="import-mappings",
    label=_("Saved mappings"),
    columns=(
        Column("name", _("Name"), sort="name"),
        Column("target", _("Into"), kind="choice", choices=tuple(ImportTarget.choices), sort="target"),
        Column("created_at", _("Saved"), kind="datetime", sort="created_at"),
    ),
    filters=(Filter("target", kind="choice", choices=tuple(ImportTarget.choices), label=_("Into")),),
    search=("name",),
    default_sort=("name",),
)


class _Echo:
    def write(self, line: str) -> str:
        return line


def rejects_lines(batch: ImportBatch) -> Iterator[str]:
    """Lines of a CSV file: the rejected rows as they came, with their line and the reason in two columns at the end."""
    writer = csv.writer(_Echo())
    headers = [str(column.get("header", "")) for column in batch.columns]
    yield BOM
    yield writer.writerow([safe_text(text) for text in (*headers, str(_("Line")), str(_("Why")))])
    for row in rows_of(batch, "rejected").iterator(chunk_size=2_000):
        cells = [str(cell) for cell in row.raw] if isinstance(row.raw, list) else []
        cells += [""] * (len(headers) - len(cells))
        yield writer.writerow([safe_text(text) for text in (*cells, str(row.line), row.message)])
