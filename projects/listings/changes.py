"""Baselines and change requests."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from projects.models import ChangeRequest

STATES = tuple(ChangeRequest.State.choices)
BASELINES = Listing(
    name="baselines",
    label=_("Baselines"),
    columns=(
        Column("project", _("Project"), value="project.code", sort="project__code"),
        Column("number", _("Baseline"), kind="int", sort="number"),
        Column("effective_on", _("In force from"), kind="date", sort="effective_on"),
        Column("bac", _("BAC"), kind="money", sort="bac", currency="project.currency"),
        Column("currency", _("Currency"), value="project.currency", sort="project__currency"),
        Column("start", _("Start"), kind="date", sort="start"),
        Column("finish", _("Finish"), kind="date", sort="finish"),
        Column("recorded_at", _("Recorded at"), kind="datetime", sort="recorded_at"),
    ),
    filters=(
        Filter("project", path="project_id", kind="id", lookups=("exact", "in"), label=_("Project")),
        Filter("number", kind="int", lookups=("exact", "gte", "lte"), label=_("Baseline")),
        Filter("effective_on", kind="date", lookups=("gte", "lte"), label=_("In force from")),
    ),
    search=("project__code", "project__name"),
    default_sort=("project", "-number"),
)
CHANGE_REQUESTS = Listing(
    name="change-requests",
    label=_("Change requests"),
    columns=(
        Column("project", _("Project"), value="project.code", sort="project__code"),
        Column("number", _("Number"), kind="int", sort="number"),
        Column("title", _("Title"), sort="title"),
        Column("state", _("State"), kind="choice", choices=STATES, sort="state"),
        Column("cost_effect", _("Cost"), kind="money", sort="cost_effect", currency="project.currency"),
        Column("currency", _("Currency"), value="project.currency", sort="project__currency"),
        Column("days_effect", _("Days"), kind="int", sort="days_effect"),
        Column("new_finish", _("New finish"), kind="date", sort="new_finish"),
        Column("submitted_at", _("Handed in at"), kind="datetime", sort="submitted_at"),
        Column("decided_at", _("Decided at"), kind="datetime", sort="decided_at"),
    ),
    filters=(
        Filter("project", path="project_id", kind="id", lookups=("exact", "in"), label=_("Project")),
        Filter("state", kind="choice", lookups=("exact", "in"), choices=STATES, label=_("State")),
        Filter("new_finish", kind="date", lookups=("gte", "lte"), label=_("New finish")),
    ),
    search=("project__code", "project__name", "title", "reason"),
    default_sort=("project", "-number"),
)
