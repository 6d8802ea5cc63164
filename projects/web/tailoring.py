"""Size and complexity of one project, the tier that follows, and what it changes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.models import TierModel
from pmo.web.forms import Amount, attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from projects.analysis.checklist import months_between
from projects.models import ComplexityAssessment, Project
from projects.selectors.tailoring import tier_model_now
from projects.services.tailoring import complexity_assess, tailoring_decide
from projects.web.subpage import subpage

CHANGES = {
    "added": gettext_lazy("added"),
    "removed": gettext_lazy("left out"),
    "mandatory": gettext_lazy("becomes mandatory"),
    "recommended": gettext_lazy("becomes recommended"),
    "changed": gettext_lazy("changed"),
}
KINDS = {
    "activity": gettext_lazy("Activity"),
    "deliverable": gettext_lazy("Deliverable"),
    "gate": gettext_lazy("Gate"),
}


class ComplexityForm(forms.Form):
    """The measures of size, and one question for each factor of the tier model, named by its key."""

    budget = Amount(label=gettext_lazy("Budget"), required=False, min_value=0)
    months = forms.IntegerField(label=gettext_lazy("Months"), required=False, min_value=0, max_value=600)
    team = forms.IntegerField(label=gettext_lazy("People in the team"), required=False, min_value=0, max_value=100_000)

    def __init__(self, *args: Any, model: TierModel | None, reason: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = []
        for factor in model.factors if model is not None else ():
            self.keys.append(factor["key"])
            self.fields[factor["key"]] = forms.ChoiceField(
                label=factor["text"], help_text=factor.get("help", ""), widget=forms.RadioSelect,
                choices=[(str(each["score"]), each["text"]) for each in factor["answers"]],
            )  # fmt: skip
        if reason:
            self.fields["reason"] = forms.CharField(
                label=_("What speaks for these answers"), required=False, max_length=10_000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    def questions(self) -> list[Any]:
        return [self[key] for key in self.keys]

    def answers(self) -> dict[str, int]:
        return {key: int(self.cleaned_data[key]) for key in self.keys}

    def size(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) for name in ("budget", "months", "team")}


def tier_words(model: TierModel | None, tier: int | None) -> dict[str, Any]:
    """What the model says of a tier: name and sentence."""
    found = next((each for each in (model.tiers if model is not None else ()) if each["tier"] == tier), None)
    return found or {"tier": tier, "name": "", "says": ""}


def band_name(bands: list[dict[str, Any]], key: str) -> str:
    """The name of a band by its key."""
    return next((each["name"] for each in bands if each["key"] == key), key)


def diff_shown(diff: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The difference with its words."""
    return [
        {**each, "kind_word": KINDS.get(each["kind"], each["kind"]), "word": CHANGES.get(each["change"], "")}
        for each in diff
    ]


@page("project.view", post="tailoring.edit")
def tailoring(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """The questionnaire with the last answers, the tier, open and past changes; posting assesses anew."""
    project, context = subpage(request, code, "project.view", "plan")
    model = tier_model_now(project.organisation_id)
    rows = list(project.complexity_assessments.select_related("tier_model", "recorded_by").order_by("-id"))
    last = rows[0] if rows else None
    form = ComplexityForm(request.POST or None, model=model, initial=_initial(project, last))
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: complexity_assess(
                actor=request.actor, project_id=project.pk, answers=form.answers(), size=form.size(),
                reason=form.cleaned_data["reason"],
            ),
        )  # fmt: skip
        if made is not None:
            said = _("Tier %d: that changes what is asked. Look at it below, then accept it.") if made[1] else _(
                "Tier %d, as before."
            )  # fmt: skip
            return done(request, said % made[0].tier, reverse("projects:tailoring", args=[org, code]))
    changes = list(project.tailoring_changes.select_related("proposed_by", "decided_by").order_by("-id")[:20])
    for each in changes:
        each.shown = diff_shown(each.diff)  # type: ignore[attr-defined]
        each.counted = _counted(each.diff)  # type: ignore[attr-defined]
    context |= {
        "model": model,
        "last": last,
        "tier": tier_words(model, project.tier),
        "complexity": band_name(model.complexity_bands, last.complexity) if model and last else "",
        "size_band": _size_name(model, last),
        "history": rows[1:],
        "open_changes": [each for each in changes if each.state == "proposed" and not each.batch],
        "past_changes": [each for each in changes if each.state != "proposed"],
    }
    return form_page(request, "projects/tailoring.html", form, context)


@page("project.view", post="tailoring.edit")
def tailoring_accept(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Let the checklist follow a proposed tier."""
    return _decided(request, org, code, pk, accept=True)


@page("project.view", post="waiver.decide")
def tailoring_waive(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Leave the project in its tier, with the reason."""
    return _decided(request, org, code, pk, accept=False)


def _decided(request: OfficeRequest, org: str, code: str, pk: int, *, accept: bool) -> HttpResponse:
    place = reverse("projects:tailoring", args=[org, code])
    if request.method != "POST":
        return redirect(place)
    tailoring_decide(actor=request.actor, change_id=pk, accept=accept, reason=request.POST.get("reason", "")[:10_000])
    said = (
        _("The checklist follows the new tier; nothing that was done is lost.") if accept else _("The tier is waived.")
    )
    return done(request, said, place)


def _initial(project: Project, last: ComplexityAssessment | None) -> dict[str, Any]:
    if last is None:
        return {"months": months_between((project.start, project.finish))}
    return {**last.size, **{key: str(value) for key, value in last.answers.items()}}


def _size_name(model: TierModel | None, last: ComplexityAssessment | None) -> str:
    if model is None or last is None:
        return ""
    return band_name([band for bands in model.size_bands.values() for band in bands], last.size_band)


def _counted(diff: list[dict[str, Any]]) -> str:
    words = {"added": _("%d added"), "removed": _("%d left out"), "mandatory": _("%d become mandatory"),
             "recommended": _("%d become recommended"), "changed": _("%d changed")}  # fmt: skip
    counts = {name: sum(1 for each in diff if each["change"] == name) for name in words}
    return ", ".join(words[name] % count for name, count in counts.items() if count) or _("nothing changes")
