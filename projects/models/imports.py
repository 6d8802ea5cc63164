"""Imports: the file as it came, what was made of each of its rows, and mappings worth keeping."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.models import Organisation, TenantRow, User


class ImportTarget(models.TextChoices):
    PROJECTS = "projects", _("Projects")
    BUDGET_LINES = "budget-lines", _("Budget lines")
    COST_ENTRIES = "cost-entries", _("Cost entries")


class ImportBatch(TenantRow):
    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        PREVIEWED = "previewed", _("Ready to apply")
        APPLIED = "applied", _("Applied")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        UNDONE = "undone", _("Undone")

    target = models.CharField(max_length=20, choices=ImportTarget.choices)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="imports/%Y/%m/")
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    mode = models.CharField(max_length=10, default="preview")
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    total = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    sums = models.JSONField(default=dict)
    progress = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]


class ImportRow(TenantRow):
    """What became of one row of the file."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("Created")
        UPDATED = "updated", _("Updated")
        UNCHANGED = "unchanged", _("Unchanged")
        REJECTED = "rejected", _("Rejected")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    key = models.CharField(max_length=300, blank=True)
    field = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=500, blank=True)
    message = models.TextField(blank=True)
    raw = models.JSONField(default=dict)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.BigIntegerField(null=True, blank=True)
    before = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["batch", "line"]
        indexes = [models.Index(fields=["batch", "outcome", "line"], name="import_row_by_outcome")]


class ImportMapping(models.Model):
    """A mapping with a name, kept by an organisation for the next file of the kind."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    target = models.CharField(max_length=20, choices=ImportTarget.choices)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="import_mapping_once_per_name")]
