"""Changes of one project: its baselines, its change requests, and how far today is from any baseline."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit.figures import money as money_shown
from pmo.kit.parameters import parse_value
from pmo.selectors.clock import status_date_of
from pmo.web.forms import Amount, Day, attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from projects.models import ChangeRequest, Project
from projects.selectors.baselines import attachable, baselines_of, change_request_get, story_of
from projects.services.change_decisions import change_request_decide
from projects.services.change_requests import (
    ChangeDraft,
    change_request_propose,
    change_request_submit,
    change_request_update,
    change_request_withdraw,
)
from projects.web.bridge import bars
from projects.web.subpage import subpage

LONG = {"required": False, "max_length": 10_000, "widget": forms.Textarea(attrs={"rows": 2})}


class ChangeForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("What changes"), max_length=200)
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3}))
    budget = forms.TypedChoiceField(
        label=gettext_lazy("Budget"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy(
            "A draft that says what it costs, made on the Budget tab by “Copy forward”. "
            "Approving the request puts it in force."
        ),
    )
    cost_effect = Amount(
        label=gettext_lazy("Effect on cost"),
        required=False,
        help_text=gettext_lazy("Only without a budget; with one it is the difference to the baseline."),
    )
    new_finish = forms.DateField(label=gettext_lazy("New finish"), widget=Day(), required=False)
    scope_effect = forms.CharField(label=gettext_lazy("Effect on scope"), **LONG)  # type: ignore[arg-type]
    risk_effect = forms.CharField(label=gettext_lazy("Effect on risk"), **LONG)  # type: ignore[arg-type]
    benefit_effect = forms.CharField(label=gettext_lazy("Effect on benefits"), **LONG)  # type: ignore[arg-type]

    def __init__(self, *args: Any, project: Project, request: ChangeRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("None: the cost stays as it is"))]
        for budget, total in attachable(project, but=request):
            label = f": {budget.label}" if budget.label else ""
            choices.append((str(budget.pk), f"{budget}{label} ({money_shown(total, project.currency)})"))
        self.fields["budget"].choices = choices  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The cleaned fields as ChangeDraft names them."""
        values = dict(self.cleaned_data)
        values["budget_id"] = values.pop("budget")
        values["cost_effect"] = values["cost_effect"] or Decimal(0)
        return values


class DecisionForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason of the decision"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    effective_on = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=Day(),
        required=False,
        help_text=gettext_lazy("Figures as at this day or later rest on the new baseline. Empty: today."),
    )


@page("money.view")
def changes(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Requests, baselines with the variance against the chosen one, and the bridge."""
    project, context = subpage(request, code, "money.view", "changes")
    baselines = list(baselines_of(project))
    by_number = {baseline.number: baseline for baseline in baselines}
    asked = request.GET.get("baseline", "")
    chosen = by_number.get(parse_value("baseline", asked, "id")) if asked else None
    chosen = chosen or (baselines[-1] if baselines else None)
    status_date = status_date_of(request.actor.organisation)
    story = story_of(project, baselines, chosen, status_date)
    requests = list(project.change_requests.select_related("budget", "proposed_by", "decided_by").order_by("-number"))
    by_request = {each.number: each for each in requests}
    context |= {
        "requests": requests,
        "baselines": baselines,
        "against": story.against,
        "now": story.now,
        "bridge": story.bridge,
        "bars": bars(story.bridge, by_request),
        "status_date": status_date,
    }
    return render(request, "projects/changes.html", context)


@page("change.propose", post="change.propose")
def change_new(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Write a change request; `?budget=` attaches a draft."""
    project, context = subpage(request, code, "change.propose", "changes")
    initial = {"budget": request.GET.get("budget", ""), "new_finish": project.finish}
    form = ChangeForm(request.POST or None, initial=initial, project=project)
    if request.method == "POST" and form.is_valid():
        draft = form.values()
        made = attempt(
            form,
            lambda: change_request_propose(actor=request.actor, project_id=project.pk, draft=ChangeDraft(**draft)),
        )
        if made is not None:
            address = reverse("projects:change", args=[org, code, made.pk])
            return done(request, _("%s is kept as a draft. Submit it when it is ready to be decided.") % made, address)
    return form_page(request, "projects/change_form.html", form, context)


@page("change.propose", post="change.propose")
def change_edit(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Rework a draft."""
    project, context = subpage(request, code, "change.propose", "changes")
    found = _found(request, project, pk)
    initial = {name: getattr(found, name) for name in ChangeForm.base_fields if name != "budget"}
    initial["budget"] = found.budget_id or ""
    form = ChangeForm(request.POST or None, initial=initial, project=project, request=found)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        made = attempt(
            form,
            lambda: change_request_update(
                actor=request.actor, request_id=found.pk, version=_version(request), values=values
            ),
        )
        if made is not None:
            return done(request, _("%s is kept.") % made, reverse("projects:change", args=[org, code, pk]))
    return form_page(request, "projects/change_form.html", form, {**context, "change": found})


@page("money.view", post="change.decide")
def change(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """One request with its effects; posting decides on it."""
    project, context = subpage(request, code, "money.view", "changes")
    found = _found(request, project, pk)
    form = DecisionForm(request.POST or None, initial={"effective_on": status_date_of(request.actor.organisation)})
    if request.method == "POST" and form.is_valid():
        approve = request.POST.get("decision") == "approve"
        decided = attempt(
            form,
            lambda: change_request_decide(
                actor=request.actor,
                request_id=found.pk,
                version=_version(request),
                approve=approve,
                **form.cleaned_data,
            ),
        )
        if decided is not None:
            said = _("%s is approved; the project has a new baseline.") if approve else _("%s is turned down.")
            return done(request, said % decided, reverse("projects:changes", args=[org, code]))
    baseline = baselines_of(project).filter(change_request=found).first()
    own = request.actor.user.pk in (found.proposed_by_id, found.budget.proposed_by_id if found.budget else None)
    return form_page(
        request, "projects/change.html", form, {**context, "change": found, "baseline": baseline, "own": own}
    )


@page("money.view", post="change.propose")
def change_submit(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Hand a draft in for decision."""
    if request.method != "POST":
        return redirect("projects:change", org, code, pk)
    found = change_request_submit(actor=request.actor, request_id=pk, version=_version(request))
    address = reverse("projects:change", args=[org, code, pk])
    return done(request, _("%s is handed in for decision.") % found, address)


@page("money.view", post="change.propose")
def change_withdraw(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Take a request back before it is decided."""
    if request.method != "POST":
        return redirect("projects:change", org, code, pk)
    found = change_request_withdraw(actor=request.actor, request_id=pk, version=_version(request))
    return done(request, _("%s is withdrawn.") % found, reverse("projects:changes", args=[org, code]))


def _found(request: OfficeRequest, project: Project, pk: int) -> ChangeRequest:
    found = change_request_get(request.actor, pk)
    return found if found.project_id == project.pk else change_request_get(request.actor, 0)


def _version(request: OfficeRequest) -> int:
    version: int = parse_value("version", request.POST.get("version", ""), "id")
    return version
