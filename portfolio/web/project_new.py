"""A new project in steps: the idea, its size and complexity, what that asks of it; or at once from the first step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit.errors import ApplicationError
from pmo.kit.parameters import parse_value
from pmo.models import Person, StandardVersion, TierModel
from pmo.selectors.actors import Actor
from pmo.selectors.standard_content import content_of
from pmo.web.forms import Amount, Day, attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from portfolio.models import Portfolio, Programme
from projects.analysis.checklist import facts_for, months_between, phase_spans, wanted
from projects.models import Project, ProjectSketch
from projects.selectors.tailoring import tier_model_now
from projects.services.budget_lines import LineDraft
from projects.services.budgets import budget_propose
from projects.services.founding import project_found, sketch_forget, sketch_get, sketch_keep
from projects.services.projects import ProjectDraft, project_create, standard_of
from projects.services.tailoring import tier_found
from projects.web.tailoring import ComplexityForm, band_name, tier_words

OWNERS = ("project_manager", "sponsor", "budget_owner")


class NewProjectForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=300)
    description = forms.CharField(
        label=gettext_lazy("What it is about"), required=False, max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    standard = forms.ModelChoiceField(
        label=gettext_lazy("Standard it follows"), queryset=StandardVersion.objects.none(), required=False,
        empty_label=gettext_lazy("The usual one"),
    )  # fmt: skip
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
        versions = StandardVersion.objects.filter(
            organisation=actor.organisation, published_at__isnull=False, standard__retired_at__isnull=True
        )
        newest = versions.filter(standard=OuterRef("standard")).order_by("-number").values("pk")[:1]
        newest_only = versions.filter(pk=Subquery(newest)).select_related("standard").order_by("standard__name")
        self.fields["standard"].queryset = newest_only  # type: ignore[attr-defined]
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
    """The idea; from here on to size and complexity, or the project at once. `?draft=` goes on with a sketch."""
    sketch = _asked(request)
    form = NewProjectForm(request.POST or (sketch.values.get("idea") if sketch else None) or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == "next":
            values = {name: request.POST.get(name, "") for name in form.fields}
            kept = sketch_keep(actor=request.actor, sketch_id=sketch.pk if sketch else None, step="idea", values=values)
            return redirect("portfolio:project-new-size", org, kept.pk)
        made = attempt(form, lambda: _create(request.actor, form.cleaned_data))
        if made is not None:
            return done(request, _("%s is created.") % made.code, reverse("portfolio:project", args=[org, made.code]))
    context = {"nav_active": "portfolio", "sketch": sketch, "step": 1, "sketches": _sketches(request, sketch)}
    status = 422 if request.method == "POST" and form.errors else 200
    return form_page(request, "portfolio/project_new.html", form, context, status=status)


@page("project.create", post="project.create")
def project_size(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Size and complexity of the sketch."""
    sketch = sketch_get(request.actor, pk)
    model = tier_model_now(request.actor.organisation.pk)
    form = ComplexityForm(request.POST or None, model=model, reason=False, initial=_first(sketch))
    if request.method == "POST" and form.is_valid():
        values = {name: request.POST.get(name, "") for name in form.fields}
        found = attempt(form, lambda: _tier(model, form))
        if found is not None:
            sketch_keep(actor=request.actor, sketch_id=pk, step="size", values=values)
            return redirect("portfolio:project-new-preview", org, pk)
    context = {"nav_active": "portfolio", "sketch": sketch, "step": 2, "model": model}
    return form_page(request, "portfolio/project_size.html", form, context)


@page("project.create", post="project.create")
def project_preview(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """What the tier asks of the project, phase by phase; posting creates it."""
    sketch = sketch_get(request.actor, pk)
    model = tier_model_now(request.actor.organisation.pk)
    idea = NewProjectForm(sketch.values.get("idea", {}), actor=request.actor)
    size = ComplexityForm(sketch.values.get("size", {}), model=model, reason=False)
    if not idea.is_valid():
        return redirect(f"{reverse('portfolio:project-new', args=[org])}?draft={pk}")
    if model is None or not size.is_valid():
        return redirect("portfolio:project-new-size", org, pk)
    form = forms.Form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: _create(request.actor, idea.cleaned_data, size, sketch.pk))
        if made is not None:
            return done(request, _("%s is created.") % made.code, reverse("projects:plan", args=[org, made.code]))
    values = idea.cleaned_data
    found = tier_found(model, size.answers(), size.size())
    version = values["standard"] or standard_of(request.actor.organisation.pk)
    facts = facts_for(found.tier, size.size(), found.score, (values["start"], values["finish"]))
    content = content_of(version)
    rows, plan = wanted(content, facts)
    kept = [phase for phase in content.phases if phase.key not in plan.phases_left_out]
    spans = phase_spans([phase.key for phase in kept], (values["start"], values["finish"]))
    context = {
        "nav_active": "portfolio",
        "sketch": sketch,
        "step": 3,
        "values": values,
        "version": version,
        "found": found,
        "tier": tier_words(model, found.tier),
        "complexity": band_name(model.complexity_bands, found.complexity),
        "size_band": band_name([band for bands in model.size_bands.values() for band in bands], found.size_band),
        "owners": [(idea.fields[key].label, values[key]) for key in OWNERS],
        "phases": [
            {
                "phase": phase,
                "span": spans[phase.key],
                "rows": [row for row in rows if row.phase == phase.key and row.values["applies"]],
                "left_out": sum(1 for row in rows if row.phase == phase.key and not row.values["applies"]),
            }
            for phase in kept
        ],
        "plan": plan,
    }
    return form_page(request, "portfolio/project_preview.html", form, context)


@page("project.create", post="project.create")
def project_sketch_forget(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Throw a sketch away."""
    if request.method == "POST":
        sketch_forget(actor=request.actor, sketch_id=pk)
        return done(request, _("The draft is gone."), reverse("portfolio:project-new", args=[org]))
    return redirect("portfolio:project-new", org)


def _asked(request: OfficeRequest) -> ProjectSketch | None:
    raw = request.GET.get("draft") or request.POST.get("draft") or ""
    return sketch_get(request.actor, parse_value("draft", raw, "id")) if raw else None


def _sketches(request: OfficeRequest, but: ProjectSketch | None) -> Any:
    mine = ProjectSketch.objects.filter(organisation=request.actor.organisation, owner=request.actor.user)
    return mine.exclude(pk=but.pk if but else 0)[:5]


def _first(sketch: ProjectSketch) -> dict[str, Any]:
    """What the step shows at first: what was filled in before, or what follows from the idea."""
    if "size" in sketch.values:
        return dict(sketch.values["size"])
    idea = sketch.values.get("idea", {})
    days = [parse_date(idea.get(name) or "") for name in ("start", "finish")]
    return {"budget": idea.get("budget", ""), "months": months_between((days[0], days[1]))}


def _tier(model: TierModel | None, form: ComplexityForm) -> int:
    found = tier_found(model, form.answers(), form.size()) if model is not None else None
    if found is None or found.tier is None:
        raise ApplicationError(
            found.reason if found is not None else _("This organisation has no published tier model."),
            field="budget",
            code="no_tier",
        )
    return found.tier


@transaction.atomic
def _create(
    actor: Actor, values: dict[str, Any], size: ComplexityForm | None = None, sketch_id: int | None = None
) -> Project:
    portfolio = values["portfolio"]
    draft = ProjectDraft(
        code=values["code"],
        name=values["name"],
        portfolio_id=portfolio.pk,
        programme_id=values["programme"].pk if values["programme"] else None,
        currency=portfolio.currency,
        standard_version_id=values["standard"].pk if values["standard"] else None,
        values={key: values[key] for key in ("description", "start", "finish", *OWNERS) if values[key] is not None},
    )
    if size is None:
        project = project_create(actor=actor, draft=draft)
    else:
        project = project_found(actor=actor, draft=draft, answers=size.answers(), size=size.size())
    if values.get("budget"):
        budget_propose(actor=actor, project_id=project.pk, lines=[LineDraft(values["budget"])], label=_("First budget"))
    if sketch_id is not None:
        sketch_forget(actor=actor, sketch_id=sketch_id)
    return project
