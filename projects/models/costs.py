"""Money of one project: versioned budgets, the append-only ledger, reported forecasts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.models import TenantRow, User
from projects.models.projects import Project, ProjectPhase
from projects.models.vendors import Vendor


class Category(models.TextChoices):
    LABOUR = "labour", _("Labour")
    MATERIAL = "material", _("Material")
    EQUIPMENT = "equipment", _("Equipment")
    SERVICES = "services", _("Services")
    TRAVEL = "travel", _("Travel")
    FACILITIES = "facilities", _("Facilities")
    CONTINGENCY = "contingency", _("Contingency")
    OTHER = "other", _("Other")


class ExpenseType(models.TextChoices):
    CAPITAL = "capital", _("Capital")
    OPERATING = "operating", _("Operating")


class Budget(TenantRow):
    """A version of the project's budget. An approved one never changes; the newest approved one is the baseline."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")

    class Origin(models.TextChoices):
        ENTERED = "entered", _("Entered here")
        IMPORTED = "imported", _("Imported as approved elsewhere")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="budgets")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    origin = models.CharField(max_length=20, choices=Origin.choices, default=Origin.ENTERED)
    management_reserve = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    effective_on = models.DateField(null=True, blank=True)  # figures as at this day or later rest on it
    proposed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    import_batch = models.ForeignKey(
        "projects.ImportBatch", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["project", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="budget_number_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="budget_approver_is_not_proposer",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_at__isnull=False, effective_on__isnull=False),
                name="budget_approved_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved", origin="entered")
                | Q(approved_by__isnull=False, proposed_by__isnull=False),
                name="budget_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"B{self.number}"


class BudgetLine(TenantRow):
    """A planned amount: by phase, category, capital or operating, month, funding source."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="lines")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    project_phase = models.ForeignKey(ProjectPhase, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=20, choices=Category.choices, default=Category.OTHER)
    expense_type = models.CharField(max_length=10, choices=ExpenseType.choices, default=ExpenseType.OPERATING)
    period = models.DateField(null=True, blank=True)  # first of the month; empty = spread from start to finish
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    funding_source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["budget", "period", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period__isnull=True) | Q(period__day=1), name="budget_line_period_is_a_month"
            ),
        ]
        indexes = [models.Index(fields=["project", "period"], name="budget_line_of_project")]


class CostEntry(TenantRow):
    """The ledger. Append-only: a mistake is corrected by an entry that reverses it."""

    append_only = True

    class Kind(models.TextChoices):
        ACTUAL = "actual", _("Actual")
        COMMITMENT = "commitment", _("Commitment")
        ACCRUAL = "accrual", _("Accrual")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="cost_entries")
    project_phase = models.ForeignKey(ProjectPhase, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.ACTUAL)
    category = models.CharField(max_length=20, choices=Category.choices, default=Category.OTHER)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3)
    incurred_on = models.DateField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="cost_entries")
    reference = models.CharField(max_length=120, blank=True)
    description = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    reverses = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by")
    # An invoice settles (part of) an order: what is still open of a commitment is its amount less what settles it.
    settles = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="settled_by")
    reverse_on = models.DateField(null=True, blank=True)  # an accrual reverses itself on this day
    # As it was entered, where that is another currency: `amount` is this at `rate`, in the project's currency.
    entry_amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    entry_currency = models.CharField(max_length=3, blank=True)
    rate = models.DecimalField(max_digits=18, decimal_places=8, null=True, blank=True)
    import_batch = models.ForeignKey(
        "projects.ImportBatch", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    import_line = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-incurred_on", "-id"]
        verbose_name_plural = "cost entries"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source", "external_id"],
                condition=~Q(external_id=""),
                name="cost_entry_external_id_once",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="cost_entry_is_not_zero"),
            models.CheckConstraint(
                condition=Q(entry_amount__isnull=True, rate__isnull=True, entry_currency="")
                | Q(entry_amount__isnull=False, rate__isnull=False) & ~Q(entry_currency=""),
                name="cost_entry_conversion_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "incurred_on"], name="cost_entry_of_project"),
            models.Index(  # all that looking for the same invoice paid twice reads
                fields=["organisation", "vendor", "amount", "incurred_on"],
                condition=Q(kind="actual", vendor__isnull=False, amount__gt=0),
                name="cost_entry_like_invoices",
            ),
            models.Index(
                fields=["project"], condition=Q(kind="accrual", reverses__isnull=True), name="cost_entry_accruals"
            ),
        ]


class Forecast(TenantRow):
    """What the project expects to cost at completion, as reported; each dated and kept, the latest counts.

    Kind "total": one figure, `eac`. Kind "etc": an estimate to complete by month in `lines`; `eac` is then the actual
    cost at the status date, as known when it was recorded, plus the lines.
    """

    append_only = True

    class Kind(models.TextChoices):
        TOTAL = "total", _("Cost at completion")
        ETC = "etc", _("Estimate to complete by month")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="forecasts")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.TOTAL)
    status_date = models.DateField()
    eac = models.DecimalField(max_digits=18, decimal_places=2)
    note = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    import_batch = models.ForeignKey(
        "projects.ImportBatch", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-status_date", "-id"]
        indexes = [models.Index(fields=["project", "status_date"], name="forecast_of_project")]


class ForecastLine(TenantRow):
    """What is left to spend in a month, by category, as the project manager sees it."""

    append_only = True

    forecast = models.ForeignKey(Forecast, on_delete=models.PROTECT, related_name="lines")
    period = models.DateField()  # first of the month
    category = models.CharField(max_length=20, choices=Category.choices, default=Category.OTHER)
    amount = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        ordering = ["forecast", "period"]
        constraints = [
            models.CheckConstraint(condition=Q(period__day=1), name="forecast_line_period_is_a_month"),
            models.UniqueConstraint(fields=["forecast", "period", "category"], name="forecast_line_once"),
        ]
