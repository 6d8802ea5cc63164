"""The findings: inbox, API list and export."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from portfolio.analysis.registry import all_rules
from portfolio.models import Finding, FindingProject, Severity
from portfolio.selectors.findings import attach_projects
from portfolio.selectors.rollups import UNRESOLVED

NEW_FOR = timedelta(days=7)
TABS = (
    ("open", _("Open")),
    ("new", _("New")),
    ("across", _("Across projects")),
    ("unassigned", _("Nobody assigned")),
    ("suppressed", _("Suppressed")),
    ("resolved", _("Resolved")),
)


def tab_condition(tab: str) -> Q:
    """What a tab of the inbox holds. "New" is what was first seen within the last seven days."""
    unresolved = Q(status__in=UNRESOLVED)
    return {
        "open": unresolved,
        "new": unresolved & Q(first_seen__gte=timezone.now() - NEW_FOR),
        "across": unresolved & Q(scope=Finding.Scope.PORTFOLIO),
        "unassigned": unresolved & Q(owner__isnull=True),
        "suppressed": Q(status=Finding.Status.SUPPRESSED),
        "resolved": Q(status=Finding.Status.RESOLVED),
    }[tab]


def _concerning(lookup: str, value: Any) -> Q:
    return Q(Exists(FindingProject.objects.filter(finding=OuterRef("pk"), project_id=value)))


def _in_portfolio(lookup: str, value: Any) -> Q:
    return Q(Exists(FindingProject.objects.filter(finding=OuterRef("pk"), project__portfolio_id=value)))


def rule_choices() -> tuple[tuple[str, str], ...]:
    return tuple((rule.slug, rule.title) for rule in all_rules())


def _codes(row: Finding) -> list[str]:
    return [project.code for project in row.projects_shown]  # type: ignore[attr-defined]


FINDINGS = Listing(
    name="findings",
    label=_("Findings"),
    columns=(
        Column("severity", _("Severity"), kind="choice", choices=tuple(Severity.choices), sort="severity_rank"),
        Column("title", _("Finding"), sort="title"),
        Column("projects", _("Projects"), value=_codes, sort="project_code"),
        Column("detail", _("Detail")),
        Column("status", _("Status"), kind="choice", choices=tuple(Finding.Status.choices), sort="status"),
        Column("owner", _("Owner"), value=lambda row: str(row.owner) if row.owner else "", sort="owner__name"),
        Column("due", _("Due"), kind="date", sort="due"),
        Column("first_seen", _("First seen"), kind="datetime", sort="first_seen"),
        Column("last_seen", _("Last seen"), kind="datetime", sort="last_seen"),
        Column("rule", _("Rule"), kind="choice", sort="rule"),
        Column("scope", _("Scope"), kind="choice", choices=tuple(Finding.Scope.choices), sort="scope", default=False),
        Column("suppressed_until", _("Suppressed until"), kind="date", sort="suppressed_until", default=False),
        Column("suppress_reason", _("Why suppressed"), default=False),
        Column("resolved_at", _("Resolved"), kind="datetime", sort="resolved_at", default=False),
    ),
    filters=(
        Filter(
            "tab", kind="choice", choices=TABS, condition=lambda lookup, value: tab_condition(value), label=_("Tab")
        ),
        Filter(
            "status",
            kind="choice",
            lookups=("exact", "in", "not"),
            choices=tuple(Finding.Status.choices),
            label=_("Status"),
        ),
        Filter(
            "severity", kind="choice", lookups=("exact", "in"), choices=tuple(Severity.choices), label=_("Severity")
        ),
        Filter("rule", kind="choice", lookups=("exact", "in"), choices=rule_choices, label=_("Kind")),
        Filter("scope", kind="choice", choices=tuple(Finding.Scope.choices), label=_("Scope")),
        Filter("owner", path="owner", kind="id", lookups=("exact", "isnull"), label=_("Owner")),
        Filter("project", kind="id", condition=_concerning, label=_("Project")),
        Filter("portfolio", kind="id", condition=_in_portfolio, label=_("Portfolio")),
        Filter("first_seen", kind="datetime", lookups=("gte", "lte"), label=_("First seen")),
        Filter("last_seen", kind="datetime", lookups=("gte", "lte"), label=_("Last seen")),
        Filter("due", kind="date", lookups=("gte", "lte", "isnull"), label=_("Due")),
    ),
    search=("title", "detail", "project_code", "owner__name"),
    default_sort=("severity", "-first_seen"),
    extras=("group",),
    ignore=frozenset({"open"}),  # which form of the open finding stands open
    groups=(("severity", _("severity")), ("rule", _("kind")), ("none", _("nothing"))),
    prepare=attach_projects,
)
