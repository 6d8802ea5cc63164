"""How far projects keep to what is asked of them: as computed last, and by day."""

from __future__ import annotations

from django.db import models

from pmo.models import TenantRow


class ProjectCompliance(TenantRow):
    """The computed compliance of one project. `percent` is None where nothing applies yet; then `why_undefined`."""

    project = models.OneToOneField("projects.Project", on_delete=models.CASCADE, related_name="compliance")
    as_of = models.DateField()
    applicable = models.PositiveIntegerField(default=0)  # mandatory and due by now
    met = models.PositiveIntegerField(default=0)
    waived = models.PositiveIntegerField(default=0)
    breached = models.PositiveIntegerField(default=0)
    due_soon = models.PositiveIntegerField(default=0)
    percent = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    why_undefined = models.CharField(max_length=200, blank=True)
    computed_at = models.DateTimeField()
    revision = models.PositiveBigIntegerField(default=1)


class ComplianceDay(TenantRow):
    """The compliance of a portfolio, or of the organisation, on one day: for the trend."""

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
