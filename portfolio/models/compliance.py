"""Compliance kept: of each project as last computed, of portfolios by day; and evidence packs that were asked for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pmo.models import TenantRow, User


class ProjectCompliance(TenantRow):
    """The computed compliance of one project. `percent` is None where nothing is due yet; then `why_undefined`.

    `cells`: requirement -> what stands in its cell of the matrix, as `portfolio.analysis.compliance.packed` writes it.
    """

    project = models.OneToOneField("projects.Project", on_delete=models.CASCADE, related_name="compliance")
    as_of = models.DateField(null=True, blank=True)  # None: locked for the first time, not computed yet
    applicable = models.PositiveIntegerField(default=0)  # mandatory and due by now
    met = models.PositiveIntegerField(default=0)  # of these, done in time
    waived = models.PositiveIntegerField(default=0)  # of these, waived in time
    late = models.PositiveIntegerField(default=0)  # of these, done or waived, but too late
    breached = models.PositiveIntegerField(default=0)  # of these, neither done nor waived
    due_soon = models.PositiveIntegerField(default=0)
    percent = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    why_undefined = models.CharField(max_length=200, blank=True)
    cells = models.JSONField(default=dict)
    computed_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveBigIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["organisation", "percent"], name="project_compliance_percent")]


class ComplianceDay(TenantRow):
    """The compliance of a portfolio, or of the organisation, on one day: for the trend. Live projects only."""

    day = models.DateField()
    portfolio = models.ForeignKey("portfolio.Portfolio", null=True, blank=True, on_delete=models.CASCADE)
    projects = models.PositiveIntegerField()
    applicable = models.PositiveIntegerField()
    met = models.PositiveIntegerField()
    waived = models.PositiveIntegerField()
    breached = models.PositiveIntegerField()

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["day", "portfolio"], name="compliance_day_once"),
            models.UniqueConstraint(
                fields=["organisation", "day"],
                condition=models.Q(portfolio__isnull=True),
                name="compliance_office_day_once",
            ),
        ]


class EvidencePack(TenantRow):
    """A PDF and the files behind it, in one ZIP, made by a worker for one person, of a project or of a portfolio."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    project = models.ForeignKey(
        "projects.Project", null=True, blank=True, on_delete=models.PROTECT, related_name="evidence_packs"
    )
    portfolio = models.ForeignKey(
        "portfolio.Portfolio", null=True, blank=True, on_delete=models.PROTECT, related_name="evidence_packs"
    )
    as_of = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    file = models.FileField(upload_to="packs/%Y/%m/", blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    projects = models.PositiveIntegerField(default=0)  # in the pack
    files = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=True) ^ Q(portfolio__isnull=True), name="evidence_pack_of_one_thing"
            )
        ]
