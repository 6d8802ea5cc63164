"""Evidence packs."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from portfolio.models import EvidencePack

PACKS: Final = Listing(
    name="evidence-packs",
    label=_("Evidence packs"),
    columns=(
        Column("of", _("Of what"), lambda row: str(row.project or row.portfolio)),
        Column("as_of", _("As at"), kind="date", sort="as_of"),
        Column("state", _("State"), kind="choice", sort="state", choices=tuple(EvidencePack.State.choices)),
        Column("files", _("Files"), kind="int", sort="files"),
        Column("size", _("Bytes"), kind="int", sort="size"),
        Column("created_by", _("Made for"), lambda row: str(row.created_by), sort="created_by__name"),
        Column("created_at", _("Asked for"), kind="datetime", sort="created_at"),
    ),
    filters=(
        Filter("state", kind="choice", choices=tuple(EvidencePack.State.choices), label=_("State")),
        Filter("project", path="project__code", label=_("Project")),
    ),
    default_sort=("-created_at",),
)
