"""Budget versions and their lines."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from projects.models import Budget, Category, ExpenseType

BUDGETS = Listing(
    name="budgets",
    label=_("Budgets"),
    columns=(
        Column("project", _("Project"), value="project.code", sort="project__code"),
        Column("number", _("Version"), kind="int", sort="number"),
        Column("label", _("Label"), sort="label"),
        Column("state", _("State"), kind="choice", choices=tuple(Budget.State.choices), sort="state"),
        Column(
            "origin", _("Origin"), kind="choice", choices=tuple(Budget.Origin.choices), sort="origin", default=False
        ),
        Column("total", _("Total of the lines"), kind="money", sort="total", currency="project.currency"),
        Column(
            "management_reserve",
            _("Management reserve"),
            kind="money",
            sort="management_reserve",
            currency="project.currency",
        ),
        Column("currency", _("Currency"), value="project.currency", sort="project__currency"),
        Column("effective_on", _("Effective on"), kind="date", sort="effective_on"),
        Column("approved_at", _("Approved at"), kind="datetime", sort="approved_at"),
    ),
    filters=(
        Filter("project", path="project_id", kind="id", lookups=("exact", "in"), label=_("Project")),
        Filter("state", kind="choice", lookups=("exact", "in"), choices=tuple(Budget.State.choices), label=_("State")),
        Filter("origin", kind="choice", choices=tuple(Budget.Origin.choices), label=_("Origin")),
        Filter("number", kind="int", lookups=("exact", "gte", "lte"), label=_("Version")),
        Filter("effective_on", kind="date", lookups=("gte", "lte"), label=_("Effective on")),
    ),
    search=("project__code", "project__name", "label"),
    default_sort=("project", "-number"),
)
BUDGET_LINES = Listing(
    name="budget-lines",
    label=_("Budget lines"),
    columns=(
        Column("project", _("Project"), value="project.code", sort="project__code"),
        Column("budget", _("Budget"), value=lambda row: str(row.budget), sort="budget__number"),
        Column("project_phase", _("Phase"), value="project_phase.name", sort="project_phase__order"),
        Column("category", _("Category"), kind="choice", choices=tuple(Category.choices), sort="category"),
        Column("expense_type", _("Expense"), kind="choice", choices=tuple(ExpenseType.choices), sort="expense_type"),
        Column("period", _("Month"), kind="date", sort="period"),
        Column("amount", _("Amount"), kind="money", sort="amount", currency="project.currency"),
        Column("currency", _("Currency"), value="project.currency", sort="project__currency"),
        Column("funding_source", _("Funding source"), sort="funding_source"),
    ),
    filters=(
        Filter("project", path="project_id", kind="id", lookups=("exact", "in"), label=_("Project")),
        Filter("budget", path="budget_id", kind="id", label=_("Budget")),
        Filter(
            "budget_state", path="budget__state", kind="choice", choices=tuple(Budget.State.choices), label=_("State")
        ),
        Filter("project_phase", path="project_phase_id", kind="id", lookups=("exact", "isnull"), label=_("Phase")),
        Filter(
            "category", kind="choice", lookups=("exact", "in"), choices=tuple(Category.choices), label=_("Category")
        ),
        Filter("expense_type", kind="choice", choices=tuple(ExpenseType.choices), label=_("Expense")),
        Filter("period", kind="month", lookups=("exact", "gte", "lte", "isnull"), label=_("Month")),
        Filter("amount", kind="decimal", lookups=("gte", "lte"), label=_("Amount")),
        Filter("funding_source", label=_("Funding source")),
    ),
    search=("project__code", "project__name", "funding_source"),
    default_sort=("project", "period"),
)
