"""Stakeholders and communication plans, as rows."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from projects.models import CommunicationPlanItem, Stakeholder

STANCES: Final = tuple(Stakeholder.Stance.choices)
CHANNELS: Final = tuple(CommunicationPlanItem.Channel.choices)
CADENCES: Final = tuple(CommunicationPlanItem.Cadence.choices)
RUNNING: Final = (("yes", _("Running")), ("no", _("Stopped")))


def audience_names(row: Any) -> str:
    """Whom the message is for."""
    return ", ".join(heard.stakeholder.name for heard in row.audiences.all())


def _running(lookup: str, value: Any) -> Q:
    return Q(stopped_at__isnull=value == "yes")


STAKEHOLDERS: Final = Listing(
    name="stakeholders",
    label=_("Stakeholders"),
    columns=(
        Column("name", _("Name"), sort="name"),
        Column("project", _("Project"), "project.code", sort="project__code", default=False),
        Column("group", _("Group"), sort="group"),
        Column("interest", _("Interest"), kind="int", sort="interest"),
        Column("influence", _("Influence"), kind="int", sort="influence"),
        Column("stance", _("Stance"), kind="choice", choices=STANCES, sort="stance"),
        Column("wanted_stance", _("Wanted"), kind="choice", choices=STANCES, sort="wanted_stance"),
        Column("expectations", _("Expects")),
    ),
    filters=(
        Filter("project", path="project_id", kind="id", lookups=("exact", "in"), label=_("Project")),
        Filter("person", path="person_id", kind="id", lookups=("exact", "in"), label=_("Person")),
        Filter("stance", kind="choice", lookups=("exact", "in"), choices=STANCES, label=_("Stance")),
        Filter("interest", kind="int", lookups=("exact", "gte", "lte"), label=_("Interest")),
        Filter("influence", kind="int", lookups=("exact", "gte", "lte"), label=_("Influence")),
    ),
    search=("name", "group", "expectations"),
    default_sort=("-influence", "-interest", "name"),
)
COMMUNICATIONS: Final = Listing(
    name="communications",
    label=_("Communication plan"),
    columns=(
        Column("message", _("Message"), sort="message"),
        Column("project", _("Project"), "project.code", sort="project__code", default=False),
        Column("audience", _("For"), audience_names),
        Column("channel", _("Channel"), kind="choice", choices=CHANNELS, sort="channel"),
        Column("cadence", _("How often"), kind="choice", choices=CADENCES, sort="cadence"),
        Column("responsible", _("Responsible"), "responsible.name", sort="responsible__name"),
        Column("starts_on", _("From"), kind="date", sort="starts_on"),
        Column("ends_on", _("To"), kind="date", sort="ends_on"),
    ),
    filters=(
        Filter("project", path="project_id", kind="id", lookups=("exact", "in"), label=_("Project")),
        Filter("responsible", path="responsible_id", kind="id", lookups=("exact", "in"), label=_("Responsible")),
        Filter(
            "cadence", kind="choice", lookups=("exact", "in"), choices=CADENCES,
            label=_("How often"),
        ),
        Filter("running", kind="choice", choices=RUNNING, condition=_running, label=_("Running")),
    ),
    search=("message", "purpose"),
    default_sort=("starts_on",),
)  # fmt: skip
