"""How projects are to be run: a standard, its published versions, their phases and activities."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from pmo.models.tenant import TenantRow


class Standard(TenantRow):
    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "slug"], name="standard_slug_once")]

    def __str__(self) -> str:
        return self.name


class StandardVersion(TenantRow):
    """A published version never changes."""

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["standard", "-number"]
        constraints = [models.UniqueConstraint(fields=["standard", "number"], name="standard_version_once")]

    def __str__(self) -> str:
        return f"{self.standard.name}, version {self.number}"


class Phase(TenantRow):
    """An ordered phase of a standard, with the gate at its end."""

    version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="phases")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    purpose = models.TextField(blank=True)
    gate_name = models.CharField(max_length=100, blank=True)
    gate_criteria = models.JSONField(default=list)

    class Meta:
        ordering = ["version", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="phase_key_once"),
            models.UniqueConstraint(fields=["version", "order"], name="phase_order_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Activity(TenantRow):
    """What is to be done in a phase, why, how, and by whom."""

    class Obligation(models.TextChoices):
        MANDATORY = "mandatory", _("Mandatory")
        RECOMMENDED = "recommended", _("Recommended")

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="activities")
    order = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    why = models.TextField(blank=True)
    how = models.TextField(blank=True)
    responsible_role = models.CharField(max_length=30, blank=True)
    obligation = models.CharField(max_length=20, choices=Obligation.choices, default=Obligation.MANDATORY)

    class Meta:
        ordering = ["phase", "order"]
        verbose_name_plural = "activities"
        constraints = [models.UniqueConstraint(fields=["phase", "key"], name="activity_key_once")]

    def __str__(self) -> str:
        return self.name
