"""How one project is run: its tailored checklist, deliverables and gates, and every decision about them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.models import (
    Activity,
    Deliverable,
    Gate,
    Obligation,
    Person,
    TenantRow,
    TierModel,
    User,
)
from projects.models.projects import Project, ProjectPhase


class ComplexityAssessment(TenantRow):
    """The answered questionnaire and the size of a project at one moment, and the tier that follows."""

    append_only = True

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="complexity_assessments")
    tier_model = models.ForeignKey(TierModel, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)  # factor key -> score
    size = models.JSONField(default=dict)  # {"budget": "120000.00", "months": 9, "team": 6}
    score = models.PositiveSmallIntegerField()
    complexity = models.CharField(max_length=40)  # key of the band
    size_band = models.CharField(max_length=40)
    tier = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["project", "-id"]


class TailoringChange(TenantRow):
    """What another tier, or another version of the standard, would change: proposed, then accepted or waived whole."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACCEPTED = "accepted", _("Accepted")
        WAIVED = "waived", _("Waived")
        UNDONE = "undone", _("Undone")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="tailoring_changes")
    cause = models.CharField(max_length=20)  # tier, version
    before = models.JSONField(default=dict)  # what was, enough to undo it
    after = models.JSONField(default=dict)
    diff = models.JSONField(default=list)  # [{"kind", "key", "name", "change": "added|removed|mandatory|recommended"}]
    batch = models.CharField(max_length=40, blank=True)  # moves of many projects are undone together
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    reason = models.TextField(blank=True)
    proposed_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["project", "-id"]
        indexes = [models.Index(fields=["organisation", "batch"], name="tailoring_change_batch")]


class ProjectRequirement(TenantRow):
    """What this project has to do, deliver or decide, taken from its standard through tailoring, or its own."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="%(class)s_set")
    project_phase = models.ForeignKey(ProjectPhase, on_delete=models.PROTECT, related_name="%(class)s_set")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    obligation = models.CharField(max_length=20, choices=Obligation.choices, default=Obligation.MANDATORY)
    applies = models.BooleanField(default=True)  # False: tailored out; the row stays, with what was done
    due = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
        ordering = ["project", "project_phase__order", "order"]

    def __str__(self) -> str:
        return self.name


class ProjectActivity(ProjectRequirement):
    class State(models.TextChoices):
        OPEN = "open", _("To do")
        STARTED = "started", _("Under way")
        DONE = "done", _("Done")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="activities")
    project_phase = models.ForeignKey(ProjectPhase, on_delete=models.PROTECT, related_name="activities")
    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    assigned_to = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="project_activities"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    done_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    class Meta(ProjectRequirement.Meta):
        verbose_name_plural = "project activities"
        constraints = [models.UniqueConstraint(fields=["project_phase", "key"], name="project_activity_once")]
        indexes = [models.Index(fields=["organisation", "state", "due"], name="project_activity_due")]


class ProjectDeliverable(ProjectRequirement):
    class State(models.TextChoices):
        OPEN = "open", _("Not delivered")
        SUBMITTED = "submitted", _("Handed in")
        ACCEPTED = "accepted", _("Accepted")
        RETURNED = "returned", _("Returned")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="deliverables")
    project_phase = models.ForeignKey(ProjectPhase, on_delete=models.PROTECT, related_name="deliverables")
    deliverable = models.ForeignKey(Deliverable, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="project_deliverables"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decision_reason = models.TextField(blank=True)

    class Meta(ProjectRequirement.Meta):
        constraints = [
            models.UniqueConstraint(fields=["project_phase", "key"], name="project_deliverable_once"),
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("submitted_by"))),
                name="deliverable_not_accepted_by_who_handed_in",
            ),
        ]


class ProjectGate(ProjectRequirement):
    class State(models.TextChoices):
        AHEAD = "ahead", _("Ahead")
        IN_REVIEW = "in_review", _("In review")
        PASSED = "passed", _("Passed")
        CONDITIONAL = "conditional", _("Passed with conditions")
        HELD = "held", _("On hold")
        STOPPED = "stopped", _("Stopped")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="gates")
    project_phase = models.ForeignKey(ProjectPhase, on_delete=models.PROTECT, related_name="gates")
    gate = models.ForeignKey(Gate, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.CharField(max_length=10, default="finish")
    quorum = models.PositiveSmallIntegerField(default=1)
    in_order = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.AHEAD)
    decided_on = models.DateField(null=True, blank=True)

    class Meta(ProjectRequirement.Meta):
        constraints = [models.UniqueConstraint(fields=["project_phase", "key"], name="project_gate_once")]


class GateReview(TenantRow):
    """One review of a gate: prepared, put before its approvers, decided once. A new review supersedes it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("In preparation")
        SUBMITTED = "submitted", _("Waiting for approval")
        DECIDED = "decided", _("Decided")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Decision(models.TextChoices):
        PASS = "pass", _("Pass")
        CONDITIONAL = "conditional", _("Conditional pass")
        HOLD = "hold", _("Hold")
        STOP = "stop", _("Stop")

    gate = models.ForeignKey(ProjectGate, on_delete=models.PROTECT, related_name="reviews")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="gate_reviews")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    summary = models.TextField(blank=True)
    # [{"key", "text", "mandatory", "verdict": "met|not_met|waived|", "note"}], as put before the approvers
    criteria = models.JSONField(default=list)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=12, choices=Decision.choices, blank=True)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["gate", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["gate", "number"], name="gate_review_number_once"),
            models.UniqueConstraint(
                fields=["gate"], condition=Q(state__in=["draft", "submitted"]), name="gate_one_review_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | (Q(decided_at__isnull=False) & ~Q(decision="")),
                name="gate_review_decided_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gate}, review {self.number}"


class GateApproval(TenantRow):
    """One seat of a review: whose it is, who may act in it for a time, and what was said there, once."""

    class Verdict(models.TextChoices):
        PASS = "pass", _("Pass")
        CONDITIONAL = "conditional", _("Pass with conditions")
        HOLD = "hold", _("Hold")
        STOP = "stop", _("Stop")

    review = models.ForeignKey(GateReview, on_delete=models.PROTECT, related_name="approvals")
    order = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=30, blank=True)  # why this person is asked
    approver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="gate_approvals")
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True)
    reason = models.TextField(blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    delegated_from = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["review", "order"]
        constraints = [models.UniqueConstraint(fields=["review", "approver"], name="gate_approver_once")]


class GateDelegation(TenantRow):
    """Somebody speaks in the seats of an approver, in their own name: for a time, or in one review."""

    approver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegates_gates")
    delegate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stands_in_at_gates")
    review = models.ForeignKey(GateReview, null=True, blank=True, on_delete=models.PROTECT, related_name="delegations")
    starts_on = models.DateField()
    ends_on = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(approver=models.F("delegate")), name="gate_delegation_to_another"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="gate_delegation_ends_after_start"
            ),
        ]


class GateCondition(TenantRow):
    """What has to be done by when after a conditional pass."""

    review = models.ForeignKey(GateReview, on_delete=models.PROTECT, related_name="conditions")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="gate_conditions")
    text = models.CharField(max_length=500)
    due = models.DateField()
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="gate_conditions")
    met_on = models.DateField(null=True, blank=True)
    met_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["review", "due", "id"]

    def __str__(self) -> str:
        return self.text


class Evidence(TenantRow):
    """What shows that something was done: a file or a link. Never changed; withdrawn with a reason in a new row."""

    append_only = True

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="evidence")
    activity = models.ForeignKey(
        ProjectActivity, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    deliverable = models.ForeignKey(
        ProjectDeliverable, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    review = models.ForeignKey(GateReview, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    criterion = models.SlugField(max_length=60, blank=True)  # of the review
    title = models.CharField(max_length=200)
    url = models.URLField(max_length=500, blank=True)
    file = models.CharField(max_length=300, blank=True)  # under the data folder
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    withdraws = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="withdrawn")
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["project", "id"]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return self.title


class Waiver(TenantRow):
    """A deviation from what the standard or a policy asks: with reason, approver and expiry."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        REVOKED = "revoked", _("Revoked")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="waivers")
    activity = models.ForeignKey(
        ProjectActivity, null=True, blank=True, on_delete=models.PROTECT, related_name="waivers"
    )
    deliverable = models.ForeignKey(
        ProjectDeliverable, null=True, blank=True, on_delete=models.PROTECT, related_name="waivers"
    )
    gate = models.ForeignKey(ProjectGate, null=True, blank=True, on_delete=models.PROTECT, related_name="waivers")
    policy = models.ForeignKey("pmo.Policy", null=True, blank=True, on_delete=models.PROTECT, related_name="waivers")
    reason = models.TextField()
    instead = models.TextField(blank=True)  # what is done in its place
    expires_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decision_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["project", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
                name="waiver_decider_did_not_ask",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state", "expires_on"], name="waiver_expiry")]

    def __str__(self) -> str:
        return self.reason[:80]
