"""What a project has to do, deliver and decide; its reviews, waivers, assessments and lessons."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from pmo.models import Obligation
from projects.models import GateReview, ProjectActivity, ProjectDeliverable, ProjectGate, Waiver

PROJECT = Column("project", _("Project"), value="project.code", sort="project__code")
PHASE = Column("project_phase", _("Phase"), value="project_phase.name", sort="project_phase__order")
OF_PROJECT = Filter("project", path="project_id", kind="id", lookups=("exact", "in"), label=_("Project"))
SEARCH = ("project__code", "project__name")
REVIEW_STATES = tuple(GateReview.State.choices)


def _requirements(name: str, label: object, states: tuple[tuple[str, object], ...], *more: Column) -> Listing:
    return Listing(
        name=name,
        label=label,  # type: ignore[arg-type]
        columns=(
            PROJECT,
            PHASE,
            Column("key", _("Key"), sort="key"),
            Column("name", _("Name"), sort="name"),
            Column("obligation", _("Obligation"), kind="choice", choices=tuple(Obligation.choices), sort="obligation"),
            Column("applies", _("Applies"), kind="bool", sort="applies"),
            Column("due", _("Due"), kind="date", sort="due"),
            Column("state", _("State"), kind="choice", choices=states, sort="state"),  # type: ignore[arg-type]
            *more,
        ),
        filters=(
            OF_PROJECT,
            Filter("project_phase", path="project_phase_id", kind="id", label=_("Phase")),
            Filter("key", label=_("Key")),
            Filter("state", kind="choice", lookups=("exact", "in"), choices=states, label=_("State")),  # type: ignore[arg-type]
            Filter("applies", kind="bool", label=_("Applies")),
            Filter("due", kind="date", lookups=("gte", "lte"), label=_("Due")),
        ),
        search=("name", *SEARCH),
        default_sort=("project", "project_phase", "name"),
    )


PROJECT_ACTIVITIES = _requirements(
    "project-activities", _("Project activities"), tuple(ProjectActivity.State.choices),
    Column("assigned_to", _("Assigned to"), value="assigned_to.name", sort="assigned_to__name"),
    Column("done_on", _("Done on"), kind="date", sort="done_on"),
)  # fmt: skip
PROJECT_DELIVERABLES = _requirements(
    "project-deliverables", _("Project deliverables"), tuple(ProjectDeliverable.State.choices),
    Column("owner", _("Owner"), value="owner.name", sort="owner__name"),
    Column("decided_on", _("Decided on"), kind="date", sort="decided_on"),
)  # fmt: skip
PROJECT_GATES = _requirements(
    "project-gates", _("Project gates"), tuple(ProjectGate.State.choices),
    Column("quorum", _("Quorum"), kind="int", sort="quorum"),
    Column("decided_on", _("Decided on"), kind="date", sort="decided_on"),
)  # fmt: skip
GATE_REVIEWS = Listing(
    name="gate-reviews",
    label=_("Gate reviews"),
    columns=(
        PROJECT,
        Column("gate", _("Gate"), value="gate.name", sort="gate__name"),
        Column("number", _("Number"), kind="int", sort="number"),
        Column("state", _("State"), kind="choice", choices=tuple(GateReview.State.choices), sort="state"),
        Column("decision", _("Decision"), kind="choice", choices=tuple(GateReview.Decision.choices), sort="decision"),
        Column("submitted_at", _("Handed in at"), kind="datetime", sort="submitted_at"),
        Column("decided_on", _("Decided on"), kind="date", sort="decided_on"),
    ),
    filters=(
        OF_PROJECT,
        Filter("gate", path="gate_id", kind="id", label=_("Gate")),
        Filter("state", kind="choice", lookups=("exact", "in"), choices=REVIEW_STATES, label=_("State")),
        Filter("decided_on", kind="date", lookups=("gte", "lte"), label=_("Decided on")),
    ),
    search=("gate__name", "summary", *SEARCH),
    default_sort=("project", "gate", "-number"),
)  # fmt: skip
WAIVERS = Listing(
    name="waivers",
    label=_("Waivers"),
    columns=(
        PROJECT,
        Column("reason", _("Reason")),
        Column("expires_on", _("Ends on"), kind="date", sort="expires_on"),
        Column("state", _("State"), kind="choice", choices=tuple(Waiver.State.choices), sort="state"),
        Column("asked_at", _("Asked at"), kind="datetime", sort="asked_at"),
        Column("decided_at", _("Decided at"), kind="datetime", sort="decided_at"),
    ),
    filters=(
        OF_PROJECT,
        Filter("state", kind="choice", lookups=("exact", "in"), choices=tuple(Waiver.State.choices), label=_("State")),
        Filter("expires_on", kind="date", lookups=("gte", "lte"), label=_("Ends on")),
    ),
    search=("reason", "instead", *SEARCH),
    default_sort=("project", "-asked_at"),
)
COMPLEXITY = Listing(
    name="complexity-assessments",
    label=_("Complexity assessments"),
    columns=(
        PROJECT,
        Column("score", _("Score"), kind="int", sort="score"),
        Column("complexity", _("Complexity"), sort="complexity"),
        Column("size_band", _("Size"), sort="size_band"),
        Column("tier", _("Tier"), kind="int", sort="tier"),
        Column("recorded_at", _("Recorded at"), kind="datetime", sort="recorded_at"),
    ),
    filters=(OF_PROJECT, Filter("tier", kind="int", lookups=("exact", "gte", "lte"), label=_("Tier"))),
    search=SEARCH,
    default_sort=("project", "-recorded_at"),
)
LESSONS = Listing(
    name="lessons",
    label=_("Lessons"),
    columns=(
        PROJECT,
        Column("title", _("Lesson"), sort="title"),
        Column("happened", _("What happened")),
        Column("advice", _("Advice")),
        Column("recorded_at", _("Recorded at"), kind="datetime", sort="recorded_at"),
    ),
    filters=(OF_PROJECT,),
    search=("title", "happened", "advice", *SEARCH),
    default_sort=("project", "-recorded_at"),
)
