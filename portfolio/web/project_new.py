"""A new project: the few things it needs to begin, everything else can follow."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.models import Person
from pmo.selectors.actors import Actor
from pmo.web.forms import Amount, Day, attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from portfolio.models import Portfolio, Programme
from projects.models import Project
from projects.services.budget_lines import LineDraft
from projects.services.budgets import budget_propose
from projects.services.projects import ProjectDraft, project_create

OWNERS = ("project_manager", "sponsor", "budget_owner")


class NewProjectForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=300)
    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=60, help_text=gettext_lazy("Short and unique, such as DIG-031.")
    )
    portfolio = forms.ModelChoiceField(
        label=gettext_lazy("Portfolio"), queryset=Portfolio.objects.none(), empty_label=gettext_lazy("Choose one")
    )
    programme = forms.ModelChoiceField(
        label=gettext_lazy("Programme"),
        queryset=Programme.objects.none(),
        required=False,
        empty_label=gettext_lazy("None"),
    )
    start = forms.DateField(label=gettext_lazy("Planned start"), required=False, widget=Day())
    finish = forms.DateField(
        label=gettext_lazy("Planned finish"),
        required=False,
        widget=Day(),
        help_text=gettext_lazy("With both dates the phases are laid out between them."),
    )
    project_manager = forms.ModelChoiceField(
        label=gettext_lazy("Project manager"), queryset=Person.objects.none(), required=False, empty_label="–"
    )
    sponsor = forms.ModelChoiceField(
        label=gettext_lazy("Sponsor"), queryset=Person.objects.none(), required=False, empty_label="–"
    )
    budget_owner = forms.ModelChoiceField(
        label=gettext_lazy("Budget owner"), queryset=Person.objects.none(), required=False, empty_label="–"
    )
    budget = Amount(
        label=gettext_lazy("First budget"),
        required=False,
        help_text=gettext_lazy("Proposed as one line over the whole time; somebody else approves it."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Portfolio.objects.filter(organisation=actor.organisation)
        if not actor.everywhere("project.create"):
            mine = mine.filter(pk__in=actor.portfolio_ids)
        self.fields["portfolio"].queryset = mine  # type: ignore[attr-defined]
        self.fields["programme"].queryset = Programme.objects.filter(portfolio__in=mine)  # type: ignore[attr-defined]
        for key in OWNERS:
            people = Person.objects.filter(organisation=actor.organisation).order_by("name")
            self.fields[key].queryset = people  # type: ignore[attr-defined]
        if not actor.allows("budget.propose"):
            del self.fields["budget"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        programme, portfolio = values.get("programme"), values.get("portfolio")
        if programme and portfolio and programme.portfolio_id != portfolio.pk:
            self.add_error("programme", _("“%s” is not a programme of this portfolio.") % programme)
        return values


@page("project.create", post="project.create")
def project_new(request: OfficeRequest, org: str) -> HttpResponse:
    """Create a project, perhaps with its first budget."""
    form = NewProjectForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: _create(request.actor, form.cleaned_data))
        if made is not None:
            return done(request, _("%s is created.") % made.code, reverse("portfolio:project", args=[org, made.code]))
    return form_page(request, "portfolio/project_new.html", form, {"nav_active": "portfolio"})


@transaction.atomic
def _create(actor: Actor, values: dict[str, Any]) -> Project:
    portfolio = values["portfolio"]
    draft = ProjectDraft(
        code=values["code"],
        name=values["name"],
        portfolio_id=portfolio.pk,
        programme_id=values["programme"].pk if values["programme"] else None,
        currency=portfolio.currency,
        values={key: values[key] for key in ("start", "finish", *OWNERS) if values[key] is not None},
    )
    project = project_create(actor=actor, draft=draft)
    if values.get("budget"):
        budget_propose(actor=actor, project_id=project.pk, lines=[LineDraft(values["budget"])], label=_("First budget"))
    return project
