"""Waivers of one project: asked for, granted, refused, revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit.parameters import parse_value
from pmo.models import Policy
from pmo.selectors.clock import today_in
from pmo.web.forms import Day, attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from projects.models import Project
from projects.selectors.waiting import SOON
from projects.services.waivers import waived_name, waiver_ask, waiver_decide, waiver_revoke
from projects.web.subpage import subpage


class WaiverForm(forms.Form):
    what = forms.ChoiceField(label=gettext_lazy("What is to be waived"))
    reason = forms.CharField(
        label=gettext_lazy("Why it cannot be done as asked"), max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    instead = forms.CharField(
        label=gettext_lazy("What is done instead"), required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    expires_on = forms.DateField(
        label=gettext_lazy("Ends on"), widget=Day(),
        help_text=gettext_lazy("From the next day on it is asked for again."),
    )  # fmt: skip

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources: tuple[tuple[str, str, Any], ...] = (
            (_("Activities"), "activity", project.activities.filter(applies=True)),
            (_("Deliverables"), "deliverable", project.deliverables.filter(applies=True)),
            (_("Gates"), "gate", project.gates.filter(applies=True)),
            (_("Policies"), "policy", Policy.objects.filter(organisation_id=project.organisation_id)),
        )
        choices = [(label, [(f"{kind}-{row.pk}", row.name) for row in rows]) for label, kind, rows in sources]
        self.fields["what"].choices = [(label, found) for label, found in choices if found]  # type: ignore[attr-defined]


@page("project.view")
def waivers(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Every waiver of the project, with those that end soon marked."""
    project, context = subpage(request, code, "project.view", "plan")
    today = today_in(request.actor.organisation)
    rows = list(project.waivers.select_related("activity", "deliverable", "gate", "policy", "asked_by", "decided_by"))
    context |= {
        "waivers": [
            {
                "row": row,
                "name": waived_name(row),
                "own": row.asked_by_id == request.actor.user.pk,
                "expired": row.state == "granted" and row.expires_on < today,
                "ending": row.state == "granted" and today <= row.expires_on <= today + SOON,
            }
            for row in rows
        ],
        "today": today,
    }
    return render(request, "projects/waivers.html", context)


@page("waiver.ask", post="waiver.ask")
def waiver_new(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Ask for a waiver; `?what=activity-7` names of what."""
    project, context = subpage(request, code, "waiver.ask", "plan")
    initial = {
        "what": request.GET.get("what", ""),
        "expires_on": today_in(request.actor.organisation) + timedelta(days=90),
    }
    form = WaiverForm(request.POST or None, project=project, initial=initial)
    if request.method == "POST" and form.is_valid():
        sent = dict(form.cleaned_data)
        kind, _dash, pk = sent.pop("what").partition("-")
        made = attempt(
            form,
            lambda: waiver_ask(actor=request.actor, project_id=project.pk, kind=kind, object_id=int(pk), **sent),
        )
        if made is not None:
            return done(request, _("The waiver is asked for."), reverse("projects:waivers", args=[org, code]))
    return form_page(request, "projects/waiver_new.html", form, context)


@page("project.view", post="waiver.decide")
def waiver_act(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Grant, refuse or revoke."""
    place = reverse("projects:waivers", args=[org, code])
    if request.method != "POST":
        return redirect(place)
    version = parse_value("version", request.POST.get("version", ""), "id")
    decision, reason = request.POST.get("decision", ""), request.POST.get("reason", "")[:10_000]
    if decision == "revoke":
        waiver_revoke(actor=request.actor, waiver_id=pk, version=version, reason=reason)
        said = _("The waiver ends now.")
    else:
        grant = decision == "grant"
        waiver_decide(actor=request.actor, waiver_id=pk, version=version, grant=grant, reason=reason)
        said = _("The waiver is granted.") if grant else _("The waiver is refused.")
    if request.POST.get("from") == "waiting":
        place = reverse("projects:waiting", args=[org])
    return done(request, said, place)
