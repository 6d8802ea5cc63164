"""The list of projects: what the cockpit shows, filters, sorts and exports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from portfolio.models import Severity
from projects.analysis.metrics import METRICS
from projects.models import ProjectStatus
from projects.models.progress import Health

MONEY = "money.view"
# In this order, of all METRICS, without being asked for.
SHOWN = ("bac", "ac", "eac", "vac_percent", "cv", "cpi", "spi")
KINDS = {"money": "money", "percent": "percent", "ratio": "ratio", "months": "ratio"}
WORDS = {"bac": _("Budget"), "ac": _("Actual"), "eac": _("EAC"), "vac_percent": _("VAC %")}


def _metric_columns() -> tuple[Column, ...]:
    ordered = sorted(METRICS, key=lambda m: SHOWN.index(m.key) if m.key in SHOWN else len(SHOWN))
    return tuple(
        Column(
            metric.key,
            WORDS.get(metric.key, metric.short),
            f"performance__{metric.key}",
            kind=KINDS[metric.unit],  # type: ignore[arg-type]
            sort=f"performance__{metric.key}",
            default=metric.key in SHOWN,
            requires=MONEY,
            hint=metric.formula,
        )
        for metric in ordered
        if metric.key != "percent_complete"
    )


def _differs(lookup: str, value: Any) -> Q:
    """Declared better than computed."""
    worse = Q(standing__declared="green", standing__health__in=("amber", "red")) | Q(
        standing__declared="amber", standing__health="red"
    )
    return worse if value else ~worse


def _attention(lookup: str, value: Any) -> Q:
    wanting = Q(standing__health="red") | Q(standing__top_finding_severity__in=("critical", "high"))
    return wanting if value else ~wanting


def _finish_lapsed(lookup: str, value: Any) -> Q:
    late = Q(finish__lt=F("performance__status_date"), status__in=("active", "on_hold"))
    return late if value else ~late


PROJECTS = Listing(
    name="projects",
    label=_("Projects"),
    columns=(
        Column("code", _("Code"), "code", sort="code", default=False),
        Column("name", _("Project"), "name", sort="name"),
        Column("lead", _("Lead"), "project_manager__name", sort="project_manager__name"),
        Column("sponsor", _("Sponsor"), "sponsor__name", sort="sponsor__name", default=False),
        Column("budget_owner", _("Budget owner"), "budget_owner__name", sort="budget_owner__name", default=False),
        Column("portfolio", _("Portfolio"), "portfolio__name", sort="portfolio__name", default=False),
        Column("programme", _("Programme"), "programme__name", sort="programme__name", default=False),
        Column(
            "status", _("Status"), "status", kind="choice", sort="status", default=False,
            choices=tuple(ProjectStatus.choices),
        ),
        Column("phase", _("Phase"), "phase__name", sort="phase__order"),
        Column(
            "declared", _("Declared"), "standing__declared", kind="health", sort="standing__declared",
            default=False, choices=tuple(Health.choices),
        ),
        Column(
            "health", _("Declared | computed"), "standing__health", kind="health", requires=MONEY,
            sort=("standing__health_rank",), choices=tuple(Health.choices),
        ),
        Column(
            "percent_complete", _("Done %"), "performance__percent_complete", kind="percent", requires=MONEY,
            sort="performance__percent_complete",
        ),
        *_metric_columns(),
        Column("trend", _("CPI 12 m"), lambda row: None, export=False, requires=MONEY),
        Column(
            "finding", _("Top finding"), "standing__top_finding_title", requires=MONEY, sort="standing__open_findings",
        ),
        Column("start", _("Start"), "start", kind="date", sort="start", default=False),
        Column("finish", _("Finish"), "finish", kind="date", sort="finish", default=False),
        Column("currency", _("Currency"), "currency", sort="currency", default=False),
        Column("updated", _("Age"), "performance__last_update_on", kind="date", sort="performance__last_update_on"),
    ),
    filters=(
        Filter("portfolio", "portfolio__code", lookups=("exact", "in"), label=_("Portfolio")),
        Filter("programme", "programme__code", lookups=("exact", "in"), label=_("Programme")),
        Filter(
            "status", "status", kind="choice", lookups=("exact", "in"), choices=tuple(ProjectStatus.choices),
            label=_("Status"),
        ),
        Filter(
            "health", "standing__health", kind="choice", lookups=("exact", "in"), choices=tuple(Health.choices),
            label=_("Computed health"), requires=MONEY,
        ),
        Filter(
            "declared", "standing__declared", kind="choice", lookups=("exact", "in"), choices=tuple(Health.choices),
            label=_("Declared health"),
        ),
        Filter("differs", kind="bool", condition=_differs, label=_("Declared too green"), requires=MONEY),
        Filter("attention", kind="bool", condition=_attention, label=_("Needs attention"), requires=MONEY),
        Filter("overdue", kind="bool", condition=_finish_lapsed, label=_("Past its finish")),
        Filter("phase", "phase__phase__key", lookups=("exact", "in"), label=_("Phase")),
        Filter("lead", "project_manager__name", lookups=("exact", "contains", "isnull"), label=_("Lead")),
        Filter("sponsor", "sponsor__name", lookups=("exact", "isnull"), label=_("Sponsor")),
        Filter("budget_owner", "budget_owner__name", lookups=("exact", "isnull"), label=_("Budget owner")),
        Filter("currency", "currency", lookups=("exact", "in"), label=_("Currency")),
        Filter(
            "severity", "standing__top_finding_severity", kind="choice", lookups=("exact", "in"),
            choices=tuple(Severity.choices), label=_("Top finding"), requires=MONEY,
        ),
        *(
            Filter(
                metric.key, f"performance__{metric.key}", kind="decimal", lookups=("gte", "lte", "gt", "lt", "isnull"),
                label=metric.name, requires=MONEY,
            )
            for metric in METRICS
        ),
        Filter("finish", "finish", kind="date", lookups=("gte", "lte", "isnull"), label=_("Finish")),
        Filter(
            "updated", "performance__last_update_on", kind="date", lookups=("gte", "lte", "isnull"),
            label=_("Last update"),
        ),
    ),
    search=("code", "name", "project_manager__name", "programme__name"),
    default_sort=("vac_percent", "code"),
    page_size=50,
    extras=("as_of", "known_at"),
    ignore=frozenset({"stamp", "ids"}),
)  # fmt: skip

# What a row of the page is made of: one query, no model instances.
ALWAYS = (
    "id", "code", "name", "status", "currency", "start", "finish", "archived_at", "project_manager__name",
    "sponsor__name", "budget_owner__name", "portfolio__name", "portfolio__code", "programme__name", "phase__name",
    "phase__order", "standing__health", "standing__declared", "standing__health_reasons", "standing__declared_reason",
    "standing__top_finding", "standing__top_finding_title", "standing__top_finding_severity",
    "standing__open_findings", "standing__revision", "performance__status_date", "performance__last_update_on",
    "performance__cpi_trend", "performance__undefined", "performance__revision", "performance__computed_at",
)  # fmt: skip
NEEDED = ("bac", "pv", "cpi", "percent_complete")  # cells of other columns are drawn from these too
FIELDS = (*ALWAYS, *(f"performance__{metric.key}" for metric in METRICS))


def fields_for(columns: Iterable[Column]) -> tuple[str, ...]:
    """What a row needs to show these columns."""
    shown = {column.key for column in columns}
    return (*ALWAYS, *(f"performance__{m.key}" for m in METRICS if m.key in shown or m.key in NEEDED))
