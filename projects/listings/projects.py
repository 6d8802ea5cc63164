"""Projects, with every figure of METRICS as a column for those who may see money."""

from __future__ import annotations

import json

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from projects.analysis.metrics import METRICS
from projects.models import ProjectStatus

KINDS = {"money": "money", "percent": "percent", "ratio": "ratio", "months": "ratio"}
OPEN = ("percent_complete",)  # says nothing of money


def _figure(key: str, name: str, unit: str) -> Column:
    return Column(
        key,
        name,
        value=f"performance.{key}",
        kind=KINDS[unit],  # type: ignore[arg-type]
        sort=f"performance__{key}",
        default=key in OPEN,
        requires=None if key in OPEN else "money.view",
    )


def _tagged(lookup: str, value: str) -> Q:
    """One of the project's tags is exactly this text, in capitals or not where the database has no JSON search."""
    if connection.features.supports_json_field_contains:
        return Q(tags__contains=[value])
    return Q(tags__icontains=json.dumps(value))


PROJECTS = Listing(
    name="projects",
    label=_("Projects"),
    columns=(
        Column("code", _("Code"), sort="code"),
        Column("name", _("Name"), sort="name"),
        Column("portfolio", _("Portfolio"), value="portfolio.name", sort="portfolio__name"),
        Column("programme", _("Programme"), value="programme.name", sort="programme__name"),
        Column("status", _("Status"), kind="choice", choices=tuple(ProjectStatus.choices), sort="status"),
        Column("phase", _("Phase"), value="phase.name", sort="phase__order"),
        Column("project_manager", _("Project manager"), value="project_manager.name", sort="project_manager__name"),
        Column("sponsor", _("Sponsor"), value="sponsor.name", sort="sponsor__name", default=False),
        Column("budget_owner", _("Budget owner"), value="budget_owner.name", sort="budget_owner__name", default=False),
        Column("start", _("Start"), kind="date", sort="start"),
        Column("finish", _("Finish"), kind="date", sort="finish"),
        Column("actual_start", _("Actual start"), kind="date", sort="actual_start", default=False),
        Column("actual_finish", _("Actual finish"), kind="date", sort="actual_finish", default=False),
        Column("forecast_finish", _("Forecast finish"), kind="date", sort="forecast_finish", default=False),
        Column("currency", _("Currency"), sort="currency"),
        Column("tier", _("Tier"), kind="int", sort="tier", default=False),
        Column("tags", _("Tags"), default=False),
        Column("source", _("Source"), sort="source", default=False),
        Column("external_id", _("External id"), sort="external_id", default=False),
        Column("description", _("Description"), default=False),
        *(_figure(metric.key, metric.name, metric.unit) for metric in METRICS),
    ),
    filters=(
        Filter("code", lookups=("exact", "in"), label=_("Code")),
        Filter("name", lookups=("exact", "contains"), label=_("Name")),
        Filter(
            "status",
            kind="choice",
            lookups=("exact", "in", "not"),
            choices=tuple(ProjectStatus.choices),
            label=_("Status"),
        ),
        Filter("portfolio", path="portfolio_id", kind="id", lookups=("exact", "in"), label=_("Portfolio")),
        Filter("programme", path="programme_id", kind="id", lookups=("exact", "in", "isnull"), label=_("Programme")),
        Filter("phase", path="phase__name", lookups=("exact", "in"), label=_("Phase")),
        Filter(
            "project_manager",
            path="project_manager_id",
            kind="id",
            lookups=("exact", "in", "isnull"),
            label=_("Project manager"),
        ),
        Filter("sponsor", path="sponsor_id", kind="id", lookups=("exact", "isnull"), label=_("Sponsor")),
        Filter("budget_owner", path="budget_owner_id", kind="id", lookups=("exact", "isnull"), label=_("Budget owner")),
        Filter("start", kind="date", lookups=("gte", "lte", "isnull"), label=_("Start")),
        Filter("finish", kind="date", lookups=("gte", "lte", "isnull"), label=_("Finish")),
        Filter("currency", lookups=("exact", "in"), label=_("Currency")),
        Filter("tier", kind="int", lookups=("exact", "in", "isnull"), label=_("Tier")),
        Filter("tag", condition=_tagged, label=_("Tag")),
        Filter("source", label=_("Source")),
        Filter("external_id", lookups=("exact", "in"), label=_("External id")),
        Filter(
            "archived",
            kind="bool",
            condition=lambda lookup, value: Q(archived_at__isnull=not value),
            label=_("Archived"),
        ),
        *(
            Filter(
                metric.key,
                path=f"performance__{metric.key}",
                kind="decimal",
                lookups=("gte", "lte", "isnull"),
                label=metric.name,
                requires=None if metric.key in OPEN else "money.view",
            )
            for metric in METRICS
        ),
    ),
    search=("code", "name", "description"),
    default_sort=("code",),
)
