"""Dated statements about how far the work is, and how its manager judges it."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.models import TenantRow, User
from projects.models.projects import PhaseMilestone, Project, ProjectPhase


class Progress(TenantRow):
    """Percent complete of a phase, or of the whole project, as at a status date. The latest statement counts."""

    append_only = True

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="progress")
    project_phase = models.ForeignKey(ProjectPhase, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status_date = models.DateField()
    percent_complete = models.DecimalField(
        max_digits=5, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    actual_start = models.DateField(null=True, blank=True)
    actual_finish = models.DateField(null=True, blank=True)
    remaining_duration = models.PositiveIntegerField(null=True, blank=True)  # working days
    units_done = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    milestone = models.ForeignKey(PhaseMilestone, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    import_batch = models.ForeignKey(
        "projects.ImportBatch", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-status_date", "-id"]
        verbose_name_plural = "progress"
        constraints = [
            models.CheckConstraint(
                condition=Q(percent_complete__gte=0, percent_complete__lte=100), name="progress_is_a_percentage"
            )
        ]
        indexes = [models.Index(fields=["project", "status_date"], name="progress_of_project")]


class Health(models.TextChoices):
    GREEN = "green", _("Green")
    AMBER = "amber", _("Amber")
    RED = "red", _("Red")
    NONE = "none", _("None")


class HealthDeclaration(TenantRow):
    """The project manager's own word, with its reason and the day it stops counting."""

    append_only = True

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="health_declarations")
    status_date = models.DateField()
    health = models.CharField(max_length=10, choices=[c for c in Health.choices if c[0] != "none"])
    reason = models.CharField(max_length=500, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    declared_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    import_batch = models.ForeignKey(
        "projects.ImportBatch", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-status_date", "-id"]
        indexes = [models.Index(fields=["project", "status_date"], name="health_of_project")]
