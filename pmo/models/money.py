"""The office's money calendar and rates: which months take postings, what a currency was worth on a day."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.models.organisation import currency_code
from pmo.models.people import User
from pmo.models.tenant import TenantRow


class AccountingPeriod(TenantRow):
    """A month that was closed at least once. A month without a row is open."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    month = models.DateField()  # its first day
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "month"], name="period_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="period_is_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class ExchangeRate(TenantRow):
    """One unit of `base` is `rate` units of `quote` from `valid_on` on, until a later rate. The last one counts."""

    append_only = True

    base = models.CharField(max_length=3, validators=[currency_code])
    quote = models.CharField(max_length=3, validators=[currency_code])
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    valid_on = models.DateField()
    source = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["base", "quote", "-valid_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_is_positive"),
            models.CheckConstraint(condition=~Q(base=F("quote")), name="rate_is_between_two"),
        ]
        indexes = [models.Index(fields=["organisation", "base", "quote", "valid_on"], name="rate_on_day")]

    def __str__(self) -> str:
        return f"{self.base}/{self.quote} {self.valid_on}"
