"""The phases that projects go through."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing

PROJECT_PHASES = Listing(
    name="project-phases",
    label=_("Project phases"),
    columns=(
        Column("project", _("Project"), value="project.code", sort="project__code"),
        Column("order", _("Order"), kind="int", sort="order"),
        Column("name", _("Name"), sort="name"),
        Column("start", _("Start"), kind="date", sort="start"),
        Column("finish", _("Finish"), kind="date", sort="finish"),
        Column("actual_start", _("Actual start"), kind="date", sort="actual_start"),
        Column("actual_finish", _("Actual finish"), kind="date", sort="actual_finish"),
    ),
    filters=(
        Filter("project", path="project_id", kind="id", lookups=("exact", "in"), label=_("Project")),
        Filter("phase", path="phase_id", kind="id", label=_("Phase of the standard")),
        Filter("name", label=_("Name")),
        Filter("start", kind="date", lookups=("gte", "lte"), label=_("Start")),
        Filter("finish", kind="date", lookups=("gte", "lte"), label=_("Finish")),
    ),
    search=("name", "project__code", "project__name"),
    default_sort=("project", "order"),
)
