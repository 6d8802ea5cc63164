"""How projects are to be run: a standard, its versions, and the phases, activities, deliverables and gates of each."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.models.people import User
from pmo.models.tenant import TenantRow


class Standard(TenantRow):
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)  # what it is made after
    licence = models.CharField(max_length=300, blank=True)  # and on which terms
    retired_at = models.DateTimeField(null=True, blank=True)  # no new project follows it

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "slug"], name="standard_slug_once")]

    def __str__(self) -> str:
        return self.name


class StandardVersion(TenantRow):
    """A draft until it is published; a published version never changes."""

    published_by_way_of: ClassVar[tuple[str, ...]] = ()

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    summary = models.TextField(blank=True)  # what is new in it, in words
    revision = models.PositiveIntegerField(default=1)  # of the draft, for editing at once
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["standard", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "number"], name="standard_version_once"),
            models.UniqueConstraint(
                fields=["standard"], condition=Q(published_at__isnull=True), name="standard_one_draft_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard.name}, version {self.number}"


class Obligation(models.TextChoices):
    MANDATORY = "mandatory", _("Mandatory")
    RECOMMENDED = "recommended", _("Recommended")


class Phase(TenantRow):
    """An ordered phase of a version."""

    published_by_way_of: ClassVar[tuple[str, ...]] = ("version",)

    version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="phases")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    purpose = models.TextField(blank=True)

    class Meta:
        ordering = ["version", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="phase_key_once"),
            models.UniqueConstraint(fields=["version", "order"], name="phase_order_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Requirement(TenantRow):
    """What a phase asks for. Its key stays the same from version to version: by it they are compared."""

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="%(class)s_set")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    obligation = models.CharField(max_length=20, choices=Obligation.choices, default=Obligation.MANDATORY)
    responsible_role = models.CharField(max_length=30, blank=True)  # a role, or "sponsor"

    class Meta:
        abstract = True
        ordering = ["phase", "order"]

    def __str__(self) -> str:
        return self.name


class DueFrom(models.TextChoices):
    START = "start", _("Start of the phase")
    FINISH = "finish", _("End of the phase")


class Activity(Requirement):
    """What is to be done in a phase, why, how, and by whom."""

    published_by_way_of: ClassVar[tuple[str, ...]] = ("phase", "version")

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="activities")
    why = models.TextField(blank=True)
    how = models.TextField(blank=True)
    template = models.ForeignKey(
        "pmo.DocumentTemplate", null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    due_from = models.CharField(max_length=10, choices=DueFrom.choices, default=DueFrom.FINISH)
    due_days = models.SmallIntegerField(default=0)  # calendar days after (or, negative, before) that day

    Obligation = Obligation

    class Meta(Requirement.Meta):
        verbose_name_plural = "activities"
        constraints = [models.UniqueConstraint(fields=["phase", "key"], name="activity_key_once")]


class Deliverable(Requirement):
    """What a phase has to bring, and by what it is accepted."""

    published_by_way_of: ClassVar[tuple[str, ...]] = ("phase", "version")

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="deliverables")
    description = models.TextField(blank=True)
    acceptance = models.TextField(blank=True)
    template = models.ForeignKey(
        "pmo.DocumentTemplate", null=True, blank=True, on_delete=models.PROTECT, related_name="deliverables"
    )

    class Meta(Requirement.Meta):
        constraints = [models.UniqueConstraint(fields=["phase", "key"], name="deliverable_key_once")]


class Gate(Requirement):
    """A decision in a phase, as a rule at its end: criteria, who decides, and how many have to agree."""

    published_by_way_of: ClassVar[tuple[str, ...]] = ("phase", "version")

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="gates")
    purpose = models.TextField(blank=True)
    at = models.CharField(max_length=10, choices=DueFrom.choices, default=DueFrom.FINISH)
    approver_roles = models.JSONField(default=list)  # in the order they are asked: roles, or "sponsor"
    quorum = models.PositiveSmallIntegerField(default=1)  # how many of them have to approve
    in_order = models.BooleanField(default=False)  # each is asked after the one before

    class Meta(Requirement.Meta):
        constraints = [
            models.UniqueConstraint(fields=["phase", "key"], name="gate_key_once"),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="gate_quorum_is_one_or_more"),
        ]


class GateCriterion(TenantRow):
    published_by_way_of: ClassVar[tuple[str, ...]] = ("gate", "phase", "version")

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="criteria")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=60)
    text = models.CharField(max_length=500)
    mandatory = models.BooleanField(default=True)

    class Meta:
        ordering = ["gate", "order"]
        verbose_name_plural = "gate criteria"
        constraints = [models.UniqueConstraint(fields=["gate", "key"], name="gate_criterion_key_once")]

    def __str__(self) -> str:
        return self.text


class TailoringRule(TenantRow):
    """For which projects a requirement counts, or how a project is to be run: data, never code.

    `conditions`: all must hold; {"tier": [1, 2]}, {"budget_from": "100000"}, {"complexity_from": 12} and the like, as
    `projects.analysis.tailoring` reads them. `effect` is on the requirements named in `targets` ("activity:charter",
    "gate:start", "phase:planning", "*"), or `value` on the project as a whole.
    """

    published_by_way_of: ClassVar[tuple[str, ...]] = ("version",)

    class Effect(models.TextChoices):
        LEAVE_OUT = "leave_out", _("Leave out")
        MANDATORY = "mandatory", _("Make mandatory")
        RECOMMENDED = "recommended", _("Make recommended")
        REPORT_DAYS = "report_days", _("Days between reports")
        APPROVAL_LIMIT = "approval_limit", _("Approval limit")
        QUORUM = "quorum", _("Approvals a gate needs")

    version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="tailoring")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    conditions = models.JSONField(default=dict)
    targets = models.JSONField(default=list)
    effect = models.CharField(max_length=20, choices=Effect.choices)
    value = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["version", "order"]
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="tailoring_rule_order_once")]

    def __str__(self) -> str:
        return self.name


class TierModel(TenantRow):
    """How size and complexity give a tier: questions with scored answers, bands, and the tier of each pair.

    `factors`: [{"key", "text", "help", "answers": [{"score", "text"}]}]. `size_bands` and `complexity_bands`:
    [{"key", "name", "from"}]. `tiers`: [{"tier", "name", "says"}]; `grid`: {"small": {"simple": 1}}. Numbered; a
    published one never changes.
    """

    published_by_way_of: ClassVar[tuple[str, ...]] = ()

    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=300, blank=True)
    factors = models.JSONField(default=list)
    size_bands = models.JSONField(default=dict)  # {"budget": [...], "months": [...], "team": [...]}
    complexity_bands = models.JSONField(default=list)
    tiers = models.JSONField(default=list)
    grid = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="tier_model_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class DocumentTemplate(TenantRow):
    """A document to begin from: text with fields that are filled from the project."""

    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    number = models.PositiveIntegerField(default=1)
    body = models.TextField()  # headings, paragraphs and fields like {{ project.name }}; see docs/templates.md
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key", "number"], name="document_template_number_once")
        ]

    def __str__(self) -> str:
        return self.name
