"""The projection: figures of each project as last computed. Never a source, always rebuildable from the rows.

Money is kept as it is shown, in the currency's minor unit, so that what is shown adds up; ratios keep six decimals.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from pmo.models import TenantRow
from projects.models.projects import Project


def money() -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=20, decimal_places=2, null=True)


def ratio() -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=24, decimal_places=6, null=True)


class ProjectPerformance(TenantRow):
    """One row per project; a field for every key of METRICS. Empty = undefined, with its reason in `undefined`."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="performance")
    status_date = models.DateField(null=True)
    currency = models.CharField(max_length=3, blank=True)

    bac = money()
    pv = money()
    ev = money()
    ac = money()
    committed = money()
    cv = money()
    cv_percent = ratio()
    sv = money()
    sv_percent = ratio()
    cpi = ratio()
    spi = ratio()
    eac = money()
    etc = money()
    vac = money()
    vac_percent = ratio()
    tcpi_bac = ratio()
    tcpi_eac = ratio()
    es = ratio()
    sv_t = ratio()
    spi_t = ratio()
    ieac_t = ratio()
    budget_variance = money()
    spend_percent = ratio()
    percent_complete = ratio()

    eac_method = models.CharField(max_length=20, blank=True)
    eacs = models.JSONField(default=dict)
    undefined = models.JSONField(default=dict)
    cpi_trend = models.JSONField(default=list)

    entries = models.PositiveIntegerField(default=0)
    spend_since_progress = money()  # actual cost effective after the last progress statement
    last_progress_on = models.DateField(null=True)
    last_cost_on = models.DateField(null=True)
    last_update_on = models.DateField(null=True)  # the newest thing anybody said about the project
    computed_at = models.DateTimeField(null=True)
    computed_through = models.BigIntegerField(default=0)  # id of the newest ledger entry counted
    revision = models.BigIntegerField(default=0)  # grows with every computation: charts and conversions too

    class Meta:
        indexes = [models.Index(fields=["organisation", "revision"], name="performance_newest")]


def converted() -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=30, decimal_places=6, null=True)


class ProjectReporting(TenantRow):
    """The figures of a project that is kept in another currency than its organisation's, in the organisation's.

    Such projects alone have a row; the others' figures are what they are. Kept to six decimals, rounded where a total
    is shown. Where a rate is missing all figures are empty, and the pair and the day are named.
    """

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="reporting")
    status_date = models.DateField()
    currency = models.CharField(max_length=3)
    bac = converted()
    pv = converted()
    ev = converted()
    ac = converted()
    committed = converted()
    eac = converted()
    missing_base = models.CharField(max_length=3, blank=True)
    missing_quote = models.CharField(max_length=3, blank=True)
    missing_on = models.DateField(null=True)
    rates = models.JSONField(default=list)  # [[base, quote, rate, valid on]], the rates gone through
    computed_at = models.DateTimeField()
