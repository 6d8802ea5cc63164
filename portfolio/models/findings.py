"""Findings: what the rules saw, worked like cases. One per rule and subject; nothing is ever deleted."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.models import Person, TenantRow, User


class Severity(models.TextChoices):
    CRITICAL = "critical", _("Critical")
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


SEVERITY_RANK = {"critical": 0, "high": 1, "medium": 2, "low": 3}


class RuleSetting(TenantRow):
    """How an organisation sets a rule: on or off, severity, tolerances. No row means as shipped."""

    slug = models.SlugField(max_length=60)
    enabled = models.BooleanField(default=True)
    severity = models.CharField(max_length=10, choices=Severity.choices, blank=True)
    tolerance = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "slug"], name="rule_setting_once")]


class Finding(TenantRow):
    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        IN_TREATMENT = "in_treatment", _("In treatment")
        RESOLVED = "resolved", _("Resolved")
        SUPPRESSED = "suppressed", _("Suppressed")

    class Scope(models.TextChoices):
        PROJECT = "project", _("Inside one project")
        PORTFOLIO = "portfolio", _("Across projects")

    rule = models.SlugField(max_length=60)
    scope = models.CharField(max_length=10, choices=Scope.choices)
    fingerprint = models.CharField(max_length=64)
    subject = models.CharField(max_length=200)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    severity_rank = models.PositiveSmallIntegerField(default=2)
    title = models.CharField(max_length=300)
    detail = models.TextField(blank=True)
    evidence = models.JSONField(default=list)
    status = models.CharField(max_length=14, choices=Status.choices, default=Status.OPEN)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    due = models.DateField(null=True, blank=True)
    suppressed_until = models.DateField(null=True, blank=True)
    suppress_reason = models.CharField(max_length=500, blank=True)
    first_seen = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["severity_rank", "-first_seen", "-id"]
        constraints = [models.UniqueConstraint(fields=["organisation", "fingerprint"], name="finding_never_twice")]
        indexes = [models.Index(fields=["organisation", "status", "severity_rank"], name="finding_inbox")]

    def __str__(self) -> str:
        return self.title


class FindingProject(TenantRow):
    """The projects that a finding concerns."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="concerned")
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="finding_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "project"], name="finding_project_once")]


class FindingEvent(TenantRow):
    """The finding's history: seen, changed, acknowledged, assigned, suppressed, commented, resolved."""

    append_only = True

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
