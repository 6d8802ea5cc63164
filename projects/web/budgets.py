"""Budget versions of one project: read, propose, submit, decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit.errors import ApplicationError
from pmo.kit.parameters import parse_value
from pmo.web.forms import Amount, attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from projects.models import Budget, Category, ExpenseType, Project
from projects.selectors.baselines import baseline_now
from projects.selectors.budgets import lines_of_newest, versions_of
from projects.services.budget_lines import LineDraft
from projects.services.budgets import budget_approve, budget_propose, budget_reject, budget_submit
from projects.web.budget_versions import budget_at
from projects.web.subpage import subpage

EMPTY_ROWS = 4
MORE_ROWS = 8
MOST_ROWS = 240


class BudgetForm(forms.Form):
    label = forms.CharField(
        label=gettext_lazy("What changes"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Names the version, such as “First budget”."),
    )
    management_reserve = Amount(
        label=gettext_lazy("Management reserve"),
        required=False,
        help_text=gettext_lazy("Kept outside the baseline; counts towards the approval limit."),
    )


class LineForm(forms.Form):
    amount = Amount(label=gettext_lazy("Amount"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=Category.choices, initial="services")
    project_phase = forms.TypedChoiceField(label=gettext_lazy("Phase"), coerce=int, empty_value=None, required=False)
    expense_type = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ExpenseType.choices, initial="operating")
    period = forms.CharField(
        label=gettext_lazy("Month"),
        required=False,
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-11"}),
    )

    def __init__(self, *args: Any, phases: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project_phase"].choices = [("", _("Whole project")), *phases]  # type: ignore[attr-defined]

    def clean_period(self) -> Any:
        raw = self.cleaned_data["period"].strip()
        try:
            return parse_value("month", raw, "month") if raw else None
        except ApplicationError as error:
            raise forms.ValidationError(_("“%s” is not a month such as 2026-11.") % raw) from error

    def in_order(self) -> list[forms.BoundField]:
        """The fields as the table has its columns."""
        return [self[name] for name in ("project_phase", "category", "expense_type", "period", "amount")]

    def draft(self) -> LineDraft | None:
        """The line, or None where no amount is given."""
        values = dict(self.cleaned_data)
        if values["amount"] is None:
            return None
        return LineDraft(project_phase_id=values.pop("project_phase"), **values)


@page("money.view")
def budgets(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """All versions with their lines."""
    project, context = subpage(request, code, "money.view", "budgets")
    return render(
        request,
        "projects/budgets.html",
        {**context, "versions": versions_of(project), "baseline": baseline_now(project)},
    )


@page("budget.propose", post="budget.propose")
def budget_new(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Propose the next version, starting from the newest one."""
    project, context = subpage(request, code, "budget.propose", "budgets")
    form = BudgetForm(request.POST or None)
    lines = _lines(request, project)
    context |= {"lines": lines, "rows": len(lines)}
    if request.method != "POST" or "more" in request.POST:
        return form_page(request, "projects/budget_new.html", form, context, status=200)
    if form.is_valid() and all([line.is_valid() for line in lines.forms]):  # noqa: C419 (each shows its errors)
        drafts = [draft for draft in (line.draft() for line in lines.forms) if draft is not None]
        if not drafts:
            form.add_error(None, _("A budget needs at least one line with an amount."))
        else:
            made = attempt(form, lambda: _propose(request, project, form, drafts))
            if made is not None:
                address = reverse("projects:budgets", args=[org, code])
                return done(
                    request, _("%s is kept as a draft. Submit it when it is ready to be decided.") % made, address
                )
    return form_page(request, "projects/budget_new.html", form, context, status=422)


@page("money.view", post="budget.propose")
def submit(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Hand a draft in for decision."""
    if request.method != "POST":
        return redirect("projects:budgets", org, code)
    budget_at(request, code, pk, "budget.propose")
    budget = budget_submit(actor=request.actor, budget_id=pk, version=_version(request))
    return _decided(request, org, code, _("%s is handed in for decision.") % budget)


@page("money.view", post="budget.approve")
def approve(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Make a submitted version the baseline."""
    if request.method != "POST":
        return redirect("projects:budgets", org, code)
    budget_at(request, code, pk, "budget.approve")
    budget = budget_approve(actor=request.actor, budget_id=pk, version=_version(request))
    return _decided(request, org, code, _("%s is approved and is the baseline now.") % budget)


@page("money.view", post="budget.approve")
def reject(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Turn a submitted version down, with the reason."""
    if request.method != "POST":
        return redirect("projects:budgets", org, code)
    budget_at(request, code, pk, "budget.approve")
    reason = request.POST.get("reason", "")
    budget = budget_reject(actor=request.actor, budget_id=pk, version=_version(request), reason=reason)
    return _decided(request, org, code, _("%s is turned down.") % budget)


class _Lines:
    """The rows of the form, filled from what was sent or from the newest version."""

    def __init__(self, forms_: list[LineForm]) -> None:
        self.forms = forms_

    def __len__(self) -> int:
        return len(self.forms)

    def __iter__(self) -> Any:
        return iter(self.forms)


def _lines(request: OfficeRequest, project: Project) -> _Lines:
    phases = [(str(pk), name) for pk, name in project.phases.order_by("order").values_list("id", "name")]
    if request.method == "POST":
        rows = min(int(request.POST["rows"]) if request.POST.get("rows", "").isdecimal() else 0, MOST_ROWS)
        filled = [LineForm(request.POST, prefix=f"line{i}", phases=phases) for i in range(rows)]
        more = MORE_ROWS if "more" in request.POST and rows < MOST_ROWS else 0
        return _Lines([*filled, *_empty(phases, rows, more)])
    known = [
        LineForm(
            prefix=f"line{index}",
            phases=phases,
            initial={
                "amount": line.amount,
                "category": line.category,
                "project_phase": line.project_phase_id,
                "expense_type": line.expense_type,
                "period": line.period.strftime("%Y-%m") if line.period else "",
            },
        )
        for index, line in enumerate(lines_of_newest(project))
    ]
    return _Lines([*known, *_empty(phases, len(known), EMPTY_ROWS)])


def _empty(phases: list[tuple[str, str]], start: int, count: int) -> list[LineForm]:
    return [LineForm(prefix=f"line{index}", phases=phases) for index in range(start, start + count)]


def _propose(request: OfficeRequest, project: Project, form: BudgetForm, drafts: list[LineDraft]) -> Budget:
    return budget_propose(
        actor=request.actor,
        project_id=project.pk,
        lines=drafts,
        label=form.cleaned_data["label"],
        management_reserve=form.cleaned_data["management_reserve"] or Decimal(0),
    )


def _version(request: OfficeRequest) -> int:
    version: int = parse_value("version", request.POST.get("version", ""), "id")
    return version


def _decided(request: OfficeRequest, org: str, code: str, sentence: str) -> HttpResponse:
    return done(request, sentence, reverse("projects:budgets", args=[org, code]))
