"""How projects are to be run: standards, their versions, phases and activities."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from pmo.models import Activity, Obligation, TailoringRule

STATES = (
    ("draft", _("Draft")),
    ("published", _("Published")),
    ("superseded", _("Superseded")),
    ("retired", _("Retired")),
)
STANDARDS = Listing(
    name="standards",
    label=_("Standards"),
    columns=(
        Column("name", _("Name"), sort="name"),
        Column("slug", _("Key"), sort="slug"),
        Column("description", _("Description")),
        Column("source", _("Source"), sort="source"),
        Column("licence", _("Licence"), sort="licence"),
        Column("retired_at", _("Retired"), kind="datetime", sort="retired_at"),
    ),
    filters=(
        Filter("slug", label=_("Key")),
        Filter("retired_at", kind="datetime", lookups=("gte", "lte", "isnull"), label=_("Retired")),
    ),
    search=("name", "description", "source"),
    default_sort=("name",),
)
STANDARD_VERSIONS = Listing(
    name="standard-versions",
    label=_("Versions of standards"),
    columns=(
        Column("standard", _("Standard"), value="standard.name", sort="standard__name"),
        Column("number", _("Version"), kind="int", sort="number"),
        Column("state", _("State"), kind="choice", choices=STATES, sort="state"),
        Column("followers", _("Projects"), kind="int", sort="followers"),
        Column("published_at", _("Published"), kind="datetime", sort="published_at"),
        Column("summary", _("What is new")),
        Column("source", _("Source"), value="standard.source", sort="standard__source", default=False),
        Column("licence", _("Licence"), value="standard.licence", sort="standard__licence", default=False),
    ),
    filters=(
        Filter("standard", path="standard_id", kind="id", label=_("Standard")),
        Filter("state", kind="choice", choices=STATES, label=_("State")),
        Filter("followers", kind="int", lookups=("gte", "lte"), label=_("Projects")),
        Filter("published_at", kind="datetime", lookups=("gte", "lte", "isnull"), label=_("Published")),
    ),
    search=("standard__name", "standard__description", "standard__source", "summary"),
    default_sort=("standard", "-number"),
)
PHASES = Listing(
    name="phases",
    label=_("Phases"),
    columns=(
        Column("version", _("Standard"), value=lambda row: str(row.version), sort="version_id"),
        Column("order", _("Order"), kind="int", sort="order"),
        Column("name", _("Name"), sort="name"),
        Column("purpose", _("Purpose")),
    ),
    filters=(
        Filter("standard_version", path="version_id", kind="id", label=_("Standard version")),
        Filter("key", label=_("Key")),
    ),
    search=("name", "purpose"),
    default_sort=("version", "order"),
)
ACTIVITIES = Listing(
    name="activities",
    label=_("Activities"),
    columns=(
        Column("phase", _("Phase"), value="phase.name", sort=("phase__version_id", "phase__order")),
        Column("order", _("Order"), kind="int", sort="order"),
        Column("name", _("Name"), sort="name"),
        Column("why", _("Why")),
        Column("how", _("How")),
        Column("responsible_role", _("Responsible"), sort="responsible_role"),
        Column(
            "obligation", _("Obligation"), kind="choice", choices=tuple(Activity.Obligation.choices), sort="obligation"
        ),
    ),
    filters=(
        Filter("phase", path="phase_id", kind="id", label=_("Phase")),
        Filter("standard_version", path="phase__version_id", kind="id", label=_("Standard version")),
        Filter("obligation", kind="choice", choices=tuple(Activity.Obligation.choices), label=_("Obligation")),
        Filter("responsible_role", label=_("Responsible")),
    ),
    search=("name", "why", "how"),
    default_sort=("phase", "order"),
)
_REQUIREMENT_FILTERS = (
    Filter("phase", path="phase_id", kind="id", label=_("Phase")),
    Filter("standard_version", path="phase__version_id", kind="id", label=_("Standard version")),
    Filter("obligation", kind="choice", choices=tuple(Obligation.choices), label=_("Obligation")),
    Filter("responsible_role", label=_("Responsible")),
)
DELIVERABLES = Listing(
    name="deliverables",
    label=_("Deliverables"),
    columns=(
        Column("phase", _("Phase"), value="phase.name", sort=("phase__version_id", "phase__order")),
        Column("order", _("Order"), kind="int", sort="order"),
        Column("name", _("Name"), sort="name"),
        Column("description", _("Description")),
        Column("acceptance", _("Accepted when")),
        Column("responsible_role", _("Responsible"), sort="responsible_role"),
        Column("obligation", _("Obligation"), kind="choice", choices=tuple(Obligation.choices), sort="obligation"),
    ),
    filters=_REQUIREMENT_FILTERS,
    search=("name", "description", "acceptance"),
    default_sort=("phase", "order"),
)
GATES = Listing(
    name="gates",
    label=_("Gates"),
    columns=(
        Column("phase", _("Phase"), value="phase.name", sort=("phase__version_id", "phase__order")),
        Column("order", _("Order"), kind="int", sort="order"),
        Column("name", _("Name"), sort="name"),
        Column("purpose", _("Purpose")),
        Column("approvers", _("Approvers"), value=lambda row: ", ".join(row.approver_roles)),
        Column("quorum", _("Approvals needed"), kind="int", sort="quorum"),
        Column("criteria", _("Criteria"), value=lambda row: "; ".join(each.text for each in row.criteria.all())),
        Column("obligation", _("Obligation"), kind="choice", choices=tuple(Obligation.choices), sort="obligation"),
    ),
    filters=_REQUIREMENT_FILTERS,
    search=("name", "purpose"),
    default_sort=("phase", "order"),
)
TAILORING_RULES = Listing(
    name="tailoring-rules",
    label=_("Tailoring rules"),
    columns=(
        Column("order", _("Order"), kind="int", sort=("version_id", "order")),
        Column("name", _("Name"), sort="name"),
        Column("effect", _("Effect"), kind="choice", choices=tuple(TailoringRule.Effect.choices), sort="effect"),
        Column("targets", _("What it acts on"), value=lambda row: ", ".join(row.targets)),
        Column("value", _("Value")),
    ),
    filters=(
        Filter("standard_version", path="version_id", kind="id", label=_("Standard version")),
        Filter("effect", kind="choice", choices=tuple(TailoringRule.Effect.choices), label=_("Effect")),
    ),
    search=("name",),
    default_sort=("order",),
)
TIER_MODELS = Listing(
    name="tier-models",
    label=_("Tier models"),
    columns=(
        Column("number", _("Number"), kind="int", sort="number"),
        Column("name", _("Name"), sort="name"),
        Column("source", _("Source")),
        Column("published_at", _("Published"), kind="datetime", sort="published_at"),
    ),
    filters=(Filter("published_at", kind="datetime", lookups=("gte", "lte", "isnull"), label=_("Published")),),
    search=("name", "source"),
    default_sort=("-number",),
)
