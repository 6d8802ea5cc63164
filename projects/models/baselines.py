"""Baselines and the change requests that alone make a new one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.models import TenantRow, User
from projects.models.costs import Budget
from projects.models.projects import Project


class ChangeRequest(TenantRow):
    """What is to change, with its effect on scope, time, cost, risk and benefit; decided once, with the reason."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="change_requests")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    reason = models.TextField()
    scope_effect = models.TextField(blank=True)
    risk_effect = models.TextField(blank=True)
    benefit_effect = models.TextField(blank=True)
    cost_effect = models.DecimalField(max_digits=18, decimal_places=2, default=0)  # new BAC less the present one
    days_effect = models.IntegerField(default=0)  # calendar days on the finish
    budget = models.OneToOneField(
        Budget, null=True, blank=True, on_delete=models.PROTECT, related_name="change_request"
    )
    new_finish = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["project", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="change_request_number_once"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")) | Q(state="withdrawn"),
                name="change_request_decider_is_not_proposer",
            ),
        ]

    def __str__(self) -> str:
        return f"CR-{self.number}"


class Baseline(TenantRow):
    """The approved scope, schedule and budget at one moment. Numbered; never changed."""

    append_only = True

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="baselines")
    number = models.PositiveIntegerField()
    budget = models.OneToOneField(Budget, on_delete=models.PROTECT, related_name="baseline")
    change_request = models.OneToOneField(
        ChangeRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="baseline"
    )
    bac = models.DecimalField(max_digits=18, decimal_places=2)
    scope = models.TextField(blank=True)  # the project's description as it was
    start = models.DateField(null=True, blank=True)
    finish = models.DateField(null=True, blank=True)
    phases = models.JSONField(default=list)  # [{id, name, start, finish}] as they were
    effective_on = models.DateField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["project", "-number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="baseline_number_once")]

    def __str__(self) -> str:
        return f"BL-{self.number}"
