"""Projections over many projects: the standing of each, and sums by scope and currency. Always rebuildable."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from pmo.models import TenantRow
from portfolio.models.portfolios import Portfolio, Programme


def figure() -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=24, decimal_places=2, null=True)


class ProjectStanding(TenantRow):
    """How a project stands in its portfolio: computed health beside the declared one, and its findings."""

    project = models.OneToOneField("projects.Project", on_delete=models.CASCADE, related_name="standing")
    health = models.CharField(max_length=10, default="none")
    health_rank = models.PositiveSmallIntegerField(default=3)  # red 0, amber 1, green 2, none 3
    health_reasons = models.JSONField(default=list)
    declared = models.CharField(max_length=10, default="none")
    declared_on = models.DateField(null=True)
    declared_reason = models.CharField(max_length=500, blank=True)
    declared_expires_on = models.DateField(null=True)
    top_finding = models.BigIntegerField(null=True)
    top_finding_title = models.CharField(max_length=300, blank=True)
    top_finding_severity = models.CharField(max_length=10, blank=True)
    open_findings = models.PositiveIntegerField(default=0)
    revision = models.BigIntegerField(default=0)
    computed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "health_rank"], name="standing_by_health")]


class RollUpFigures(TenantRow):
    """Sums over the active projects of a scope in one currency; ratios come from the sums."""

    class Scope(models.TextChoices):
        ORGANISATION = "organisation"
        PORTFOLIO = "portfolio"
        PROGRAMME = "programme"

    scope = models.CharField(max_length=12, choices=Scope.choices)
    portfolio = models.ForeignKey(Portfolio, null=True, on_delete=models.CASCADE, related_name="+")
    programme = models.ForeignKey(Programme, null=True, on_delete=models.CASCADE, related_name="+")
    currency = models.CharField(max_length=3)
    projects_counted = models.PositiveIntegerField(default=0)
    projects_without_data = models.PositiveIntegerField(default=0)
    projects_measured = models.PositiveIntegerField(default=0)  # have EV and AC: CPI and SPI rest on these
    red = models.PositiveIntegerField(default=0)
    amber = models.PositiveIntegerField(default=0)
    green = models.PositiveIntegerField(default=0)
    declared_too_green = models.PositiveIntegerField(default=0)
    overdue = models.PositiveIntegerField(default=0)
    stale = models.PositiveIntegerField(default=0)
    attention = models.PositiveIntegerField(default=0)  # red, or with a critical or high finding
    without_eac = models.PositiveIntegerField(default=0)
    open_findings = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)  # METRICS key -> exact decimal string or null
    undefined = models.JSONField(default=dict)
    bac = figure()
    ac = figure()
    eac = figure()
    computed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class RollUp(RollUpFigures):
    """The current roll-up of a scope."""

    revision = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "currency"], condition=Q(scope="organisation"), name="rollup_organisation_once"
            ),
            models.UniqueConstraint(
                fields=["portfolio", "currency"], condition=Q(scope="portfolio"), name="rollup_portfolio_once"
            ),
            models.UniqueConstraint(
                fields=["programme", "currency"], condition=Q(scope="programme"), name="rollup_programme_once"
            ),
        ]


class RollUpDay(RollUpFigures):
    """The roll-up of a scope as it stood at the end of a day: what trends and "what changed" are drawn from."""

    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "currency", "day"],
                condition=Q(scope="organisation"),
                name="rollup_day_org_once",
            ),
            models.UniqueConstraint(
                fields=["portfolio", "currency", "day"],
                condition=Q(scope="portfolio"),
                name="rollup_day_portfolio_once",
            ),
            models.UniqueConstraint(
                fields=["programme", "currency", "day"],
                condition=Q(scope="programme"),
                name="rollup_day_programme_once",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "scope", "-day"], name="rollup_day_newest")]
