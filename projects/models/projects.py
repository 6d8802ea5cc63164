"""Project, its phases and its people."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pmo.models import Person, Phase, StandardVersion, TenantRow
from pmo.models.organisation import currency_code


class ProjectStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    ACTIVE = "active", _("Active")
    ON_HOLD = "on_hold", _("On hold")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class EacMethod(models.TextChoices):
    """How the estimate at completion is made (docs/algorithms/earned_value.md). Empty: CPI, else reported."""

    DEFAULT = "", _("Standard (CPI, else reported)")
    BUDGET_RATE = "budget_rate", _("Remaining work at budget: AC + (BAC − EV)")
    CPI = "cpi", _("Past cost performance: BAC / CPI")
    CPI_SPI = "cpi_spi", _("Cost and schedule: AC + (BAC − EV) / (CPI × SPI)")
    BOTTOM_UP = "bottom_up", _("Bottom-up: AC + estimate to complete")
    REPORTED = "reported", _("As reported")


class MeasurementMethod(models.TextChoices):
    """How the earned share of a work package is measured; see docs/algorithms/earned_value.md."""

    ZERO_HUNDRED = "0_100", _("0/100: earned when finished")
    FIFTY_FIFTY = "50_50", _("50/50: half when started, half when finished")
    MILESTONES = "milestones", _("Weighted milestones")
    PERCENT = "percent", _("Percent complete")
    UNITS = "units", _("Units complete")
    LEVEL_OF_EFFORT = "level_of_effort", _("Level of effort: earned as planned")
    APPORTIONED = "apportioned", _("Apportioned to another package")


class Project(TenantRow):
    """One project. Its portfolio and programme are named as strings: no code here imports the floor above."""

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    portfolio = models.ForeignKey("portfolio.Portfolio", on_delete=models.PROTECT, related_name="projects")
    programme = models.ForeignKey(
        "portfolio.Programme", null=True, blank=True, on_delete=models.PROTECT, related_name="projects"
    )
    status = models.CharField(max_length=20, choices=ProjectStatus.choices, default=ProjectStatus.ACTIVE)
    archived_at = models.DateTimeField(null=True, blank=True)
    standard_version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="+")
    phase = models.ForeignKey(
        "projects.ProjectPhase", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )  # the current one
    tier = models.PositiveSmallIntegerField(null=True, blank=True)
    project_manager = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="manages")
    sponsor = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="sponsors")
    budget_owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="pays_for")
    start = models.DateField(null=True, blank=True)
    finish = models.DateField(null=True, blank=True)
    actual_start = models.DateField(null=True, blank=True)
    actual_finish = models.DateField(null=True, blank=True)
    forecast_finish = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, validators=[currency_code])
    tags = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    eac_method = models.CharField(max_length=20, choices=EacMethod.choices, default=EacMethod.DEFAULT, blank=True)
    eac_method_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    import_batch = models.ForeignKey(
        "projects.ImportBatch", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="project_code_once"),
            models.UniqueConstraint(
                fields=["organisation", "source", "external_id"],
                condition=~Q(external_id=""),
                name="project_external_id_once",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(finish__isnull=True) | Q(finish__gte=F("start")),
                name="project_finish_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "portfolio", "status"], name="project_in_portfolio"),
            models.Index(fields=["organisation", "name"], name="project_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ProjectMember(TenantRow):
    """Somebody who takes part in, or looks on at, one project."""

    class Kind(models.TextChoices):
        TEAM = "team", _("Team member")
        STAKEHOLDER = "stakeholder", _("Stakeholder")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="member_of")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.TEAM)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "person", "kind"], name="project_member_once")]


class ProjectPhase(TenantRow):
    """A phase of the standard, as this project goes through it: also its work package for money and progress."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="phases")
    phase = models.ForeignKey(Phase, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    start = models.DateField(null=True, blank=True)
    finish = models.DateField(null=True, blank=True)
    actual_start = models.DateField(null=True, blank=True)
    actual_finish = models.DateField(null=True, blank=True)
    method = models.CharField(max_length=20, choices=MeasurementMethod.choices, default=MeasurementMethod.PERCENT)
    units_total = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    apportioned_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["project", "order"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="project_phase_name_once"),
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(finish__isnull=True) | Q(finish__gte=F("start")),
                name="project_phase_finish_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PhaseMilestone(TenantRow):
    """A weighted milestone of a phase measured by milestones; weights are shares of the phase's budget."""

    project_phase = models.ForeignKey(ProjectPhase, on_delete=models.CASCADE, related_name="milestones")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    weight = models.DecimalField(max_digits=7, decimal_places=2)
    planned_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["project_phase", "order"]
        constraints = [
            models.UniqueConstraint(fields=["project_phase", "order"], name="phase_milestone_order_once"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="phase_milestone_has_weight"),
        ]

    def __str__(self) -> str:
        return self.name
