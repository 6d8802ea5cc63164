"""Dated statements of the project: progress, reported forecast, declared health."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.selectors.clock import status_date_of
from pmo.web.forms import Amount, Day, attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from projects.models import HealthDeclaration, MeasurementMethod, PhaseMilestone, Project
from projects.selectors.statements import progress_now
from projects.services.progress import forecast_record, health_declare, progress_record
from projects.web.subpage import subpage

NOTE = {"max_length": 500, "required": False, "widget": forms.Textarea(attrs={"rows": 2})}


class ProgressForm(forms.Form):
    project_phase = forms.TypedChoiceField(label=gettext_lazy("What"), coerce=int, empty_value=None, required=False)
    percent_complete = forms.DecimalField(
        label=gettext_lazy("Done, in percent"),
        max_digits=5,
        decimal_places=2,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("Enter a number between 0 and 100.")},
    )
    units_done = forms.DecimalField(
        label=gettext_lazy("Units done"), max_digits=14, decimal_places=2, required=False,
        help_text=gettext_lazy("Instead of a percentage, for a phase measured by units."),
    )  # fmt: skip
    milestone_id = forms.TypedChoiceField(
        label=gettext_lazy("Milestone reached"), coerce=int, empty_value=None, required=False,
        help_text=gettext_lazy("Instead of a percentage, for a phase measured by milestones."),
    )  # fmt: skip
    status_date = forms.DateField(label=gettext_lazy("As at"), widget=Day())
    actual_start = forms.DateField(label=gettext_lazy("Actual start"), widget=Day(), required=False)
    actual_finish = forms.DateField(label=gettext_lazy("Actual finish"), widget=Day(), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), **NOTE)  # type: ignore[arg-type]

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phases = [(str(pk), name) for pk, name in project.phases.order_by("order").values_list("id", "name")]
        self.fields["project_phase"].choices = [("", _("Whole project")), *phases]  # type: ignore[attr-defined]
        self._ask_what_is_measured(project)

    def _ask_what_is_measured(self, project: Project) -> None:
        """Units and milestones are asked for only where a phase is measured by them."""
        methods = set(project.phases.values_list("method", flat=True))
        if MeasurementMethod.UNITS not in methods:
            del self.fields["units_done"]
        if MeasurementMethod.MILESTONES not in methods:
            del self.fields["milestone_id"]
            return
        weighted = PhaseMilestone.objects.filter(
            project_phase__project=project, project_phase__method=MeasurementMethod.MILESTONES
        ).order_by("project_phase__order", "order")
        choices = [(str(pk), f"{phase}: {name}") for pk, phase, name in weighted.values_list(
            "pk", "project_phase__name", "name"
        )]  # fmt: skip
        self.fields["milestone_id"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]


class ForecastForm(forms.Form):
    eac = Amount(label=gettext_lazy("Cost at completion"))
    status_date = forms.DateField(label=gettext_lazy("As at"), widget=Day())
    note = forms.CharField(label=gettext_lazy("Why"), **NOTE)  # type: ignore[arg-type]


class HealthForm(forms.Form):
    health = forms.ChoiceField(
        label=gettext_lazy("Health"),
        choices=HealthDeclaration._meta.get_field("health").choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Amber and red need one."),
    )
    status_date = forms.DateField(label=gettext_lazy("As at"), widget=Day())
    expires_on = forms.DateField(
        label=gettext_lazy("Stops counting after"),
        widget=Day(),
        required=False,
        help_text=gettext_lazy("From the day after, the project counts as not declared."),
    )


@page("project.edit", post="project.edit")
def progress(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """State how far the work is."""
    project, context = subpage(request, code, "project.edit")
    form = ProgressForm(request.POST or None, initial=_as_at(request), project=project)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        phase_id = values.pop("project_phase")
        change = {"actor": request.actor, "project_id": project.pk, "project_phase_id": phase_id, **values}
        if attempt(form, lambda: progress_record(**change)) is not None:
            return done(request, _("Progress recorded. The figures follow in a moment."), _home(org, code))
    return form_page(request, "projects/progress.html", form, {**context, "known": progress_now(project)})


@page("project.edit", post="project.edit")
def forecast(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """State what the project will cost, as it sees it itself."""
    project, context = subpage(request, code, "project.edit")
    form = ForecastForm(request.POST or None, initial=_as_at(request))
    form.fields["eac"].label = _("Cost at completion, in %s") % project.currency
    if request.method == "POST" and form.is_valid():
        change = {"actor": request.actor, "project_id": project.pk, **form.cleaned_data}
        if attempt(form, lambda: forecast_record(**change)) is not None:
            return done(request, _("Forecast recorded. The figures follow in a moment."), _home(org, code))
    return form_page(request, "projects/forecast.html", form, context)


@page("project.edit", post="project.edit")
def health(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """State how the project stands, in its manager's judgement."""
    project, context = subpage(request, code, "project.edit")
    form = HealthForm(request.POST or None, initial=_as_at(request))
    if request.method == "POST" and form.is_valid():
        change = {"actor": request.actor, "project_id": project.pk, **form.cleaned_data}
        if attempt(form, lambda: health_declare(**change)) is not None:
            return done(request, _("Health declared."), _home(org, code))
    return form_page(request, "projects/health.html", form, context)


def _as_at(request: OfficeRequest) -> dict[str, Any]:
    return {"status_date": status_date_of(request.actor.organisation)}


def _home(org: str, code: str) -> str:
    return reverse("portfolio:project", args=[org, code])
