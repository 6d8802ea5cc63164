"""Versions of a budget beside one another: copied forward, compared."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.kit.errors import NotFound
from pmo.kit.parameters import parse_value
from pmo.web.forms import done
from pmo.web.pages import OfficeRequest, page
from projects.models import Budget, Category, ExpenseType
from projects.selectors.budget_diff import budget_diff
from projects.selectors.budgets import budget_get
from projects.selectors.projects import project_get
from projects.services.budget_copy import budget_copy
from projects.web.subpage import subpage


@page("money.view", post="budget.propose")
def budget_copied(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Copy a version forward as a draft, and open its lines."""
    if request.method != "POST":
        return redirect("projects:budgets", org, code)
    budget_at(request, code, pk, "budget.propose")
    months = request.POST.get("shift_months", "").strip() or "0"
    percent = request.POST.get("percent", "").strip().replace("\u2212", "-").replace(",", ".").rstrip("% ") or "0"
    made = budget_copy(
        actor=request.actor,
        budget_id=pk,
        shift_months=parse_value("shift_months", months, "int"),
        percent=Decimal(parse_value("percent", percent, "decimal")),
        label=request.POST.get("label", ""),
    )
    address = reverse("projects:budget_grid", args=[org, code, made.pk])
    return done(request, _("%s is a copy, to be worked on here.") % made, address)


@page("money.view")
def budget_compare(request: OfficeRequest, org: str, code: str, before: int, after: int) -> HttpResponse:
    """What changed from one version to another, by line and by month."""
    project, context = subpage(request, code, "money.view", "budgets")
    versions = {budget.number: budget for budget in project.budgets.select_related("project").order_by("number")}
    if before not in versions or after not in versions:
        raise NotFound(_("There is no such version of this budget."))
    found = budget_diff(versions[before], versions[after])
    categories, kinds = dict(Category.choices), dict(ExpenseType.choices)
    words = {"added": _("added"), "removed": _("removed"), "changed": _("changed"), "same": _("the same")}
    context |= {
        "before": versions[before],
        "after": versions[after],
        "versions": list(versions.values()),
        "diff": found,
        "lines": [
            (change, categories[change.key.category], kinds[change.key.expense_type], words[change.state])
            for change in found.changes
            if change.state != "same"
        ],
        "same": sum(1 for change in found.changes if change.state == "same"),
    }
    return render(request, "projects/budget_diff.html", context)


def budget_of(request: OfficeRequest, project_id: int, pk: int, action: str) -> Budget:
    """A budget of this project for one action."""
    budget = budget_get(request.actor, pk, action=action)
    if budget.project_id != project_id:
        raise NotFound(_("There is no such budget here."))
    return budget


def budget_at(request: OfficeRequest, code: str, pk: int, action: str) -> Budget:
    """The budget of an address, for one action; another project's is not found there."""
    project = project_get(request.actor, action="money.view", code=code)
    return budget_of(request, project.pk, pk, action)
