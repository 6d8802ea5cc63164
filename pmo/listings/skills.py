"""Skills, what roles need of them, and what people were seen to be able to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.analysis.standard_fields import TIERS
from pmo.kit.listing import Column, Filter, Listing
from pmo.models import Assessment

TIER_CHOICES = tuple((str(tier), str(tier)) for tier in TIERS)
KINDS = tuple(Assessment.Kind.choices)

SKILLS = Listing(
    name="skills",
    label=_("Skills"),
    columns=(
        Column("framework", _("Framework"), value="framework.name", sort="framework__name"),
        Column("group", _("Group"), sort="group"),
        Column("name", _("Skill"), sort="name"),
        Column("order", _("Place"), kind="int", sort="order", default=False),
        Column("key", _("Key"), sort="key", default=False),
        Column("description", _("What it is")),
    ),
    filters=(
        Filter("framework", path="framework__key", label=_("Framework")),
        Filter("group", label=_("Group")),
        Filter("key", label=_("Key")),
    ),
    search=("name", "description"),
    default_sort=("framework", "order"),
)
BENCHMARKS = Listing(
    name="benchmarks",
    label=_("Benchmarks"),
    columns=(
        Column("role", _("Role"), sort="role"),
        Column("tier", _("Tier"), kind="int", sort="tier"),
        Column("skill", _("Skill"), value="skill.name", sort="skill__name"),
        Column("level", _("Level"), kind="int", sort="level"),
    ),
    filters=(
        Filter("role", label=_("Role")),
        Filter("tier", kind="choice", choices=TIER_CHOICES, label=_("Tier")),
        Filter("skill", path="skill_id", kind="id", label=_("Skill")),
    ),
    default_sort=("role", "tier", "skill"),
)


def assessor_named(row: Assessment) -> str:
    """Who judged: the person or an assessor. Peers are not named, so that they can speak freely."""
    return str(row.recorded_by) if row.kind != Assessment.Kind.PEER and row.recorded_by_id else ""


ASSESSMENTS = Listing(
    name="assessments",
    label=_("Assessments"),
    columns=(
        Column("person", _("Person"), value="person.name", sort="person__name"),
        Column("skill", _("Skill"), value="skill.name", sort="skill__name"),
        Column("kind", _("By"), kind="choice", choices=KINDS, sort="kind"),
        Column("level", _("Level"), kind="int", sort="level"),
        Column("assessed_on", _("On"), kind="date", sort="assessed_on"),
        Column("assessor", _("Assessor"), value=assessor_named),
        Column("evidence", _("Evidence")),
    ),
    filters=(
        Filter("person", path="person_id", kind="id", label=_("Person")),
        Filter("skill", path="skill_id", kind="id", label=_("Skill")),
        Filter("kind", kind="choice", choices=KINDS, label=_("By")),
        Filter("assessed_on", kind="date", lookups=("gte", "lte"), label=_("On")),
    ),
    search=("person__name", "skill__name"),
    default_sort=("-assessed_on",),
)
CERTIFICATES = Listing(
    name="certificates",
    label=_("Certificates"),
    columns=(
        Column("person", _("Person"), value="person.name", sort="person__name"),
        Column("name", _("Certificate"), sort="name"),
        Column("issuer", _("Issuer"), sort="issuer"),
        Column("number", _("Number"), default=False),
        Column("issued_on", _("Issued"), kind="date", sort="issued_on"),
        Column("expires_on", _("Ends"), kind="date", sort="expires_on"),
        Column("skill", _("Skill"), value="skill.name", sort="skill__name"),
        Column("level", _("Level"), kind="int", sort="level"),
        Column("withdrawn_at", _("Withdrawn"), kind="datetime", sort="withdrawn_at", default=False),
    ),
    filters=(
        Filter("person", path="person_id", kind="id", label=_("Person")),
        Filter("expires_on", kind="date", lookups=("gte", "lte"), label=_("Ends")),
        Filter("withdrawn_at", kind="datetime", lookups=("isnull",), label=_("Withdrawn")),
    ),
    search=("person__name", "name", "issuer"),
    default_sort=("person", "name"),
)
