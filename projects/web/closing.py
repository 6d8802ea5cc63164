"""Closing one project: what is still missing, the lessons, who looks after the benefits."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit.parameters import parse_value
from pmo.models import Person
from pmo.selectors.clock import today_in
from pmo.web.forms import Day, attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from projects.models import ProjectStatus
from projects.services.closing import benefit_owner_name, closing_lacking, lack_sentence, lesson_record
from projects.services.projects import project_update
from projects.web.subpage import subpage


class LessonForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Lesson"), max_length=200)
    happened = forms.CharField(
        label=gettext_lazy("What happened"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    advice = forms.CharField(
        label=gettext_lazy("What others should do"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags"), required=False, max_length=300, help_text=gettext_lazy("With commas between.")
    )


class BenefitForm(forms.Form):
    benefit = forms.CharField(label=gettext_lazy("Benefit"), max_length=300)
    person = forms.ModelChoiceField(label=gettext_lazy("Who looks after it"), queryset=None)
    review_on = forms.DateField(label=gettext_lazy("Looked at on"), widget=Day())

    def __init__(self, *args: Any, organisation: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(organisation=organisation).order_by("name")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


@page("project.view", post="checklist.edit")
def closing(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """What is left before the project can be closed; posting writes a lesson or names the owner of a benefit."""
    project, context = subpage(request, code, "project.view", "plan")
    posted = request.POST.get("act", "") if request.method == "POST" else ""
    lesson = LessonForm(request.POST if posted == "lesson" else None)
    benefit = BenefitForm(request.POST if posted == "benefit" else None, organisation=request.actor.organisation)
    form: forms.Form = benefit if posted == "benefit" else lesson
    if request.method == "POST" and form.is_valid():
        sent = dict(form.cleaned_data)
        if posted == "lesson":
            sent["tags"] = sent["tags"].split(",")
        change: Any = lesson_record if posted == "lesson" else benefit_owner_name
        if attempt(form, lambda: change(actor=request.actor, project_id=project.pk, **sent)) is not None:
            said = _("The lesson is written down.") if posted == "lesson" else _("The benefit has an owner.")
            return done(request, said, reverse("projects:closing", args=[org, code]))
    lacking = closing_lacking(project, today_in(request.actor.organisation))
    context |= {
        "lesson_form": lesson,
        "benefit_form": benefit,
        "lacking": [lack_sentence(kind, name) for kind, name in lacking],
        "lessons": project.lessons.select_related("recorded_by").order_by("-id"),
        "benefit_owners": project.benefit_owners.select_related("person").order_by("review_on"),
    }
    return form_page(request, "projects/closing.html", form, context)


@page("project.view", post="project.edit")
def close(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Close the project."""
    if request.method != "POST":
        return redirect("projects:closing", org, code)
    project, _context = subpage(request, code, "project.edit", "plan")
    version = parse_value("version", request.POST.get("version", ""), "id")
    values: dict[str, Any] = {"status": ProjectStatus.CLOSED}
    if project.actual_finish is None:
        values["actual_finish"] = today_in(request.actor.organisation)
    project_update(actor=request.actor, project_id=project.pk, version=version, values=values)
    return done(request, _("%s is closed.") % project.code, reverse("portfolio:project", args=[org, code]))
