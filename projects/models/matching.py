"""The match queue: lines of a finance file that name no project we know wait for a person."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.models import TenantRow, User
from projects.models.costs import CostEntry
from projects.models.imports import ImportBatch
from projects.models.projects import Project


class UnmatchedCost(TenantRow):
    """One line of a finance file without its project: matched by a person, or dismissed with a reason. Never lost."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        MATCHED = "matched", _("Matched")
        DISMISSED = "dismissed", _("Dismissed")

    import_batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="unmatched")
    line = models.PositiveIntegerField()
    hint = models.CharField(max_length=300, blank=True)  # what the file said where the project should stand
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=12, choices=CostEntry.Kind.choices, default=CostEntry.Kind.ACTUAL)
    category = models.CharField(max_length=20, default="other")
    incurred_on = models.DateField()
    vendor = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    description = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    suggested = models.ForeignKey(Project, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    suggested_because = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    cost_entry = models.OneToOneField(CostEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["import_batch", "line"]
        constraints = [models.UniqueConstraint(fields=["import_batch", "line"], name="unmatched_line_once")]
        indexes = [models.Index(fields=["organisation", "state"], name="unmatched_waiting")]
