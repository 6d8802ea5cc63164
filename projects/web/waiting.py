"""Waiting for me: everything that somebody has to decide, and whom they let speak for them meanwhile."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.models import Person
from pmo.selectors.clock import today_in
from pmo.web.context import NAV_COUNTS
from pmo.web.forms import Day, attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from projects.selectors.waiting import (
    budgets_waiting,
    changes_waiting,
    delegations_of,
    deliverables_waiting,
    gates_waiting,
    tailoring_waiting,
    waiting_count,
    waivers_ending,
    waivers_waiting,
)
from projects.services.gate_verdicts import gate_delegate, gate_delegation_end
from projects.services.waivers import waived_name

NAV_COUNTS.add("waiting", waiting_count)


class DelegateForm(forms.Form):
    delegate = forms.ModelChoiceField(label=gettext_lazy("Who speaks for me"), queryset=None)
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=Day())
    ends_on = forms.DateField(label=gettext_lazy("Until"), widget=Day())

    def __init__(self, *args: Any, organisation: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(organisation=organisation, user__isnull=False).order_by("name")
        self.fields["delegate"].queryset = people  # type: ignore[attr-defined]


@page("project.view", post="gate.decide")
def waiting(request: OfficeRequest, org: str) -> HttpResponse:
    """What waits for the reader; posting lets somebody else speak at gates for a time."""
    actor, organisation = request.actor, request.actor.organisation
    today = today_in(organisation)
    form = DelegateForm(request.POST or None, organisation=organisation, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: gate_delegate(actor=actor, **form.cleaned_data))
        if made is not None:
            said = _("%(name)s speaks for you until %(day)s, in their own name.")
            words = said % {"name": made.delegate.name, "day": made.ends_on}
            return done(request, words, reverse("projects:waiting", args=[org]))
    context = {
        "nav_active": "waiting",
        "gates": gates_waiting(actor),
        "deliverables": deliverables_waiting(actor)[:50],
        "waivers": [(row, waived_name(row)) for row in waivers_waiting(actor)[:50]],
        "tailoring": tailoring_waiting(actor)[:50],
        "budgets": budgets_waiting(actor)[:50],
        "changes": changes_waiting(actor)[:50],
        "ending": [(row, waived_name(row)) for row in waivers_ending(actor, today)[:50]],
        "delegations": delegations_of(actor),
        "may_delegate": actor.allows("gate.decide"),
        "today": today,
    }
    names = ("gates", "deliverables", "waivers", "tailoring", "budgets", "changes")
    context["empty"] = not any(context[name] for name in names)
    return form_page(request, "projects/waiting.html", form, context)


@page("project.view", post="gate.decide")
def delegation_end(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Take one's seats back."""
    if request.method == "POST":
        gate_delegation_end(actor=request.actor, delegation_id=pk)
        return done(request, _("You speak for yourself again."), reverse("projects:waiting", args=[org]))
    return redirect("projects:waiting", org)
