"""Dated statements: progress, reported forecasts, declared health."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from projects.models import Health

_PROJECT = Column("project", _("Project"), value="project.code", sort="project__code")
_DAY = Column("status_date", _("As at"), kind="date", sort="status_date")
_RECORDED = Column("recorded_at", _("Recorded"), kind="datetime", sort="recorded_at")
_FILTERS = (
    Filter("project", path="project_id", kind="id", lookups=("exact", "in"), label=_("Project")),
    Filter("status_date", kind="date", lookups=("exact", "gte", "lte"), label=_("As at")),
    Filter("recorded_at", kind="datetime", lookups=("gte", "lte"), label=_("Recorded")),
)
_SEARCH = ("project__code", "project__name")

PROGRESS = Listing(
    name="progress",
    label=_("Progress"),
    columns=(
        _PROJECT,
        Column("project_phase", _("Phase"), value="project_phase.name", sort="project_phase__order"),
        _DAY,
        Column("percent_complete", _("% complete"), kind="percent", sort="percent_complete"),
        Column("actual_start", _("Actual start"), kind="date", sort="actual_start"),
        Column("actual_finish", _("Actual finish"), kind="date", sort="actual_finish"),
        Column("remaining_duration", _("Working days left"), kind="int", sort="remaining_duration"),
        Column("note", _("Note")),
        _RECORDED,
        Column("recorded_by", _("By"), value="recorded_by.name", sort="recorded_by__name"),
    ),
    filters=(
        *_FILTERS,
        Filter("project_phase", path="project_phase_id", kind="id", lookups=("exact", "isnull"), label=_("Phase")),
        Filter("percent_complete", kind="decimal", lookups=("gte", "lte"), label=_("% complete")),
    ),
    search=(*_SEARCH, "note"),
    default_sort=("-status_date",),
)
FORECASTS = Listing(
    name="forecasts",
    label=_("Forecasts"),
    columns=(
        _PROJECT,
        _DAY,
        Column("eac", _("Estimate at completion"), kind="money", sort="eac", currency="project.currency"),
        Column("currency", _("Currency"), value="project.currency", sort="project__currency"),
        Column("note", _("Note")),
        _RECORDED,
        Column("recorded_by", _("By"), value="recorded_by.name", sort="recorded_by__name"),
    ),
    filters=(*_FILTERS, Filter("eac", kind="decimal", lookups=("gte", "lte"), label=_("Estimate at completion"))),
    search=(*_SEARCH, "note"),
    default_sort=("-status_date",),
)
HEALTH_DECLARATIONS = Listing(
    name="health-declarations",
    label=_("Declared health"),
    columns=(
        _PROJECT,
        _DAY,
        Column("health", _("Health"), kind="health", choices=tuple(Health.choices), sort="health"),
        Column("reason", _("Reason")),
        Column("expires_on", _("Expires"), kind="date", sort="expires_on"),
        _RECORDED,
        Column("declared_by", _("By"), value="declared_by.name", sort="declared_by__name"),
    ),
    filters=(
        *_FILTERS,
        Filter("health", kind="choice", lookups=("exact", "in"), choices=tuple(Health.choices), label=_("Health")),
        Filter("expires_on", kind="date", lookups=("gte", "lte", "isnull"), label=_("Expires")),
    ),
    search=(*_SEARCH, "reason"),
    default_sort=("-status_date",),
)
