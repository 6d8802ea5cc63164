"""Portfolio and programme: where projects belong, and who answers for them."""

from __future__ import annotations

from django.db import models

from pmo.models import Person, TenantRow
from pmo.models.organisation import currency_code


class Portfolio(TenantRow):
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    currency = models.CharField(max_length=3, validators=[currency_code])
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="portfolio_code_once")]

    def __str__(self) -> str:
        return self.name


class PortfolioAssignment(TenantRow):
    """Who manages a portfolio: the reach of a portfolio manager's rights."""

    portfolio = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="assignments")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="portfolio_assignments")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portfolio", "person"], name="portfolio_assignment_once")]


class Programme(TenantRow):
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, related_name="programmes")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="programme_code_once")]

    def __str__(self) -> str:
        return self.name
