"""Changing a project's own fields, under the version the reader saw."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit.errors import StaleVersion
from pmo.kit.figures import day
from pmo.models import Person
from pmo.web.forms import Day, attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from projects.models import EacMethod, Project, ProjectStatus
from projects.selectors.projects import visible_to
from projects.services.projects import project_update
from projects.web.subpage import subpage

PLAIN = (
    "name", "description", "status", "tier", "start", "finish", "actual_start", "actual_finish", "forecast_finish",
    "eac_method", "eac_method_reason",
)  # fmt: skip
KEYS = ("project_manager", "sponsor", "budget_owner", "phase")


class ProjectForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=300)
    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=ProjectStatus.choices)
    phase = forms.ModelChoiceField(
        label=gettext_lazy("Current phase"), queryset=None, required=False, empty_label=gettext_lazy("None yet")
    )
    tier = forms.IntegerField(label=gettext_lazy("Tier"), required=False, min_value=1, max_value=9)
    description = forms.CharField(
        label=gettext_lazy("Description"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    project_manager = forms.ModelChoiceField(
        label=gettext_lazy("Project manager"), queryset=None, required=False, empty_label=gettext_lazy("Nobody named")
    )
    sponsor = forms.ModelChoiceField(
        label=gettext_lazy("Sponsor"), queryset=None, required=False, empty_label=gettext_lazy("Nobody named")
    )
    budget_owner = forms.ModelChoiceField(
        label=gettext_lazy("Budget owner"), queryset=None, required=False, empty_label=gettext_lazy("Nobody named")
    )
    start = forms.DateField(label=gettext_lazy("Planned start"), required=False, widget=Day())
    finish = forms.DateField(label=gettext_lazy("Planned finish"), required=False, widget=Day())
    forecast_finish = forms.DateField(label=gettext_lazy("Forecast finish"), required=False, widget=Day())
    actual_start = forms.DateField(label=gettext_lazy("Actual start"), required=False, widget=Day())
    actual_finish = forms.DateField(label=gettext_lazy("Actual finish"), required=False, widget=Day())
    eac_method = forms.ChoiceField(
        label=gettext_lazy("Estimate at completion by"), required=False, choices=EacMethod.choices
    )
    eac_method_reason = forms.CharField(
        label=gettext_lazy("Why this estimate"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Needed for any but the standard one."),
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(organisation_id=project.organisation_id).order_by("name")
        for key in ("project_manager", "sponsor", "budget_owner"):
            self.fields[key].queryset = people  # type: ignore[attr-defined]
        self.fields["phase"].queryset = project.phases.order_by("order")  # type: ignore[attr-defined]

    def changes(self, project: Project) -> dict[str, Any]:
        """The fields that differ from what the reader was shown."""
        sent = self.cleaned_data
        found = {key: sent[key] for key in PLAIN if sent[key] != getattr(project, key)}
        for key in KEYS:
            if getattr(sent[key], "pk", None) != getattr(project, f"{key}_id"):
                found[key] = sent[key]
        return found


@page("project.edit", post="project.edit")
def edit(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Owners, dates, status, the way to estimate."""
    project, context = subpage(request, code, "project.edit")
    initial = {key: getattr(project, key) for key in PLAIN} | {key: getattr(project, f"{key}_id") for key in KEYS}
    form = ProjectForm(request.POST or None, initial={**initial, "version": project.version}, project=project)
    if request.method == "POST" and form.is_valid():
        changes = form.changes(project)
        address = reverse("portfolio:project", args=[org, code])
        if not changes:
            return done(request, _("Nothing was changed."), address)
        if attempt(form, lambda: _update(request, project, form, changes)) is not None:
            if not visible_to(request.actor).filter(pk=project.pk).exists():  # handed over
                address = reverse("portfolio:cockpit", args=[org])
            return done(request, _("Saved."), address)
    return form_page(request, "projects/edit.html", form, context)


def _update(request: OfficeRequest, project: Project, form: ProjectForm, changes: dict[str, Any]) -> Project:
    try:
        return project_update(
            actor=request.actor, project_id=project.pk, version=form.cleaned_data["version"], values=changes
        )
    except StaleVersion:
        # Keep what was typed, say what stands there now, and let a second save be a decision.
        form.data = form.data.copy()
        form.data["version"] = str(project.version)
        for key in changes:
            form[key].help_text = format_html(_("Now: {}"), _said(getattr(project, key)))  # shown unescaped
        raise


def _said(value: Any) -> str:
    if value is None or value == "":
        return _("empty")
    if isinstance(value, date):
        return day(value) or ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
