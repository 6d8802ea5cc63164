"""The lines of a budget draft as a grid: rows by phase, category, kind and fund; columns by month.

Saved as one request with the version that was read. Without scripts the form below the grid puts one row at a time.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit.errors import ApplicationError
from pmo.kit.parameters import parse_value
from pmo.web.forms import Amount, done, form_page
from pmo.web.pages import OfficeRequest, page
from projects.analysis.periods import month_end
from projects.analysis.spread import PROFILES, fiscal_label, fiscal_year_label, months_between
from projects.models import Budget, Category, ExpenseType, Project
from projects.services.budget_lines import LineDraft, budget_lines_replace, line_spread
from projects.web.budget_versions import budget_of
from projects.web.subpage import subpage

MOST_MONTHS = 120
MOST_TEXT = 2_000_000
Key = tuple[int | None, str, str, str]


class RowForm(forms.Form):
    project_phase = forms.TypedChoiceField(label=gettext_lazy("Phase"), coerce=int, empty_value=None, required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=Category.choices, initial="services")
    expense_type = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ExpenseType.choices, initial="operating")
    funding_source = forms.CharField(label=gettext_lazy("Funding source"), max_length=120, required=False)
    amount = Amount(
        label=gettext_lazy("Total of the row"), required=False, help_text=gettext_lazy("Empty takes the row out.")
    )
    profile = forms.ChoiceField(
        label=gettext_lazy("Spread over the months"),
        choices=[(key, name) for key, name in PROFILES.items() if key != "custom"],
    )
    first = forms.CharField(label=gettext_lazy("First month"), widget=forms.TextInput(attrs={"type": "month"}))
    last = forms.CharField(label=gettext_lazy("Last month"), widget=forms.TextInput(attrs={"type": "month"}))

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phases = [(str(pk), name) for pk, name in project.phases.order_by("order").values_list("id", "name")]
        self.fields["project_phase"].choices = [("", _("Whole project")), *phases]  # type: ignore[attr-defined]


@page("budget.propose", post="budget.propose")
def budget_grid(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Show the grid; posting saves all of it, or puts one row."""
    project, context = subpage(request, code, "budget.propose", "budgets")
    budget = budget_of(request, project.pk, pk, "budget.propose")
    if budget.state != Budget.State.DRAFT:
        return redirect(reverse("projects:budgets", args=[org, code]) + f"#b{budget.number}")
    lines = [
        LineDraft(
            line.amount, line.period, line.project_phase_id, line.category, line.expense_type, line.funding_source
        )
        for line in budget.lines.order_by("id")
    ]
    row_act = request.method == "POST" and request.POST.get("act") == "row"
    initial = {
        "first": f"{project.start:%Y-%m}" if project.start else "",
        "last": f"{project.finish:%Y-%m}" if project.finish else "",
    }
    form = RowForm(request.POST if row_act else None, initial=initial, project=project)
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("grid"):
                lines = lines_sent(request.POST["grid"])
            if not row_act:
                return _saved(request, org, code, budget, lines)
            if form.is_valid():
                return _saved(request, org, code, budget, row_put(lines, form.cleaned_data, project))
            status = 422
        except ApplicationError as refusal:
            status = refusal.status if refusal.status in (409, 412) else 422
            context["refusal"] = refusal.message
    context |= {
        "budget": budget,
        "version": request.POST.get("version", budget.version),
        **grid_of(lines, project, request.actor.organisation.fiscal_year_start_month),
    }
    return form_page(request, "projects/budget_grid.html", form, context, status=status)


def _saved(request: OfficeRequest, org: str, code: str, budget: Budget, lines: list[LineDraft]) -> HttpResponse:
    version = parse_value("version", request.POST.get("version", ""), "id")
    saved = budget_lines_replace(actor=request.actor, budget_id=budget.pk, version=version, lines=lines)
    address = reverse("projects:budget_grid", args=[org, code, budget.pk])
    return done(request, _("%s is saved. It is submitted from the page of the versions.") % saved, address)


def lines_sent(text: str) -> list[LineDraft]:
    """The lines in the JSON that the page sends: [{phase, category, kind, fund, cells: {"2026-01": "5.00"}}]."""
    if len(text) > MOST_TEXT:
        raise ApplicationError(_("That is more than a budget can hold."), code="too_many")
    try:
        rows = json.loads(text)
        found = []
        for row in rows:
            for month, raw in dict(row["cells"]).items():
                amount = parse_value("amount", str(raw).strip(), "decimal")
                period = parse_value("month", month, "month") if month else None
                phase = parse_value("phase", str(row["phase"]), "id") if row["phase"] else None
                if amount:
                    kind = (str(row["category"]), str(row["kind"]), str(row["fund"]))
                    found.append(LineDraft(amount, period, phase, *kind))
        return found
    except (ValueError, KeyError, TypeError) as error:
        raise ApplicationError(_("The page sent a grid that cannot be read. Reload it.")) from error


def row_put(lines: list[LineDraft], values: dict[str, Any], project: Project) -> list[LineDraft]:
    """The lines with one row in place of the row of the same phase, category, kind and fund."""
    first: date = parse_value("first", values["first"], "month")
    last: date = parse_value("last", values["last"], "month")
    draft = LineDraft(
        values["amount"] or Decimal(0),
        None,
        values["project_phase"],
        values["category"],
        values["expense_type"],
        values["funding_source"].strip(),
    )
    others = [line for line in lines if _key(line) != _key(draft)]
    if not draft.amount:
        return others
    spread = line_spread(draft, first, month_end(last), values["profile"], currency=project.currency)
    return [*others, *spread]


def grid_of(lines: list[LineDraft], project: Project, start_month: int) -> dict[str, Any]:
    """What the template shows: years, months, rows with cells as text, totals by row, column and whole."""
    periods = {line.period for line in lines if line.period}
    ends = [day for day in (*periods, project.start, project.finish) if day is not None]
    months = list(months_between(min(ends), max(ends)))[:MOST_MONTHS] if ends else []
    months = sorted({*months, *periods})
    columns: list[date | None] = [*months]
    if not months or any(line.period is None for line in lines):
        columns.insert(0, None)  # first, so that nobody fills the months beside an amount out of sight
    sums: dict[Key, dict[date | None, Decimal]] = {}
    for line in lines:
        cells = sums.setdefault(_key(line), {})
        cells[line.period] = cells.get(line.period, Decimal(0)) + line.amount
    phases = {None: _("Whole project"), **dict(project.phases.values_list("id", "name"))}
    order = {pk: place for place, pk in enumerate(project.phases.order_by("order").values_list("id", flat=True), 1)}
    names, kinds = dict(Category.choices), dict(ExpenseType.choices)
    rows: list[dict[str, Any]] = [
        {
            "phase": key[0] or "",
            "category": key[1],
            "kind": key[2],
            "fund": key[3],
            "title": phases.get(key[0], key[0]),
            "sub": " · ".join(
                str(part) for part in (names.get(key[1], key[1]), kinds.get(key[2], key[2]), key[3]) if part
            ),
            "cells": [(column, cells.get(column)) for column in columns],
            "total": sum(cells.values(), Decimal(0)),
        }
        for key, cells in sorted(sums.items(), key=lambda item: (order.get(item[0][0] or 0, 0), item[0][1:]))
    ]
    years: list[list[Any]] = []
    for month in columns:
        label = fiscal_year_label(month, start_month) if month else ""
        if years and years[-1][0] == label:
            years[-1][1] += 1
        else:
            years.append([label, 1])
    totals = [sum((row["cells"][place][1] or Decimal(0) for row in rows), Decimal(0)) for place in range(len(columns))]
    contingency = sum((row["total"] for row in rows if row["category"] == Category.CONTINGENCY), Decimal(0))
    return {
        "years": years,
        "columns": [(month, fiscal_label(month, start_month).rpartition(" ")[2] if month else "") for month in columns],
        "rows": rows,
        "totals": totals,
        "total": sum(totals, Decimal(0)),
        "contingency": contingency,
    }


def _key(line: LineDraft) -> Key:
    return line.project_phase_id, line.category, line.expense_type, line.funding_source
