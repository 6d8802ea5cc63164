"""How size and complexity give a tier: the model to read, a new number of it to write and to publish."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from pmo.analysis.tier_check import MEASURES, SCORES
from pmo.kit.errors import ApplicationError
from pmo.kit.figures import number
from pmo.models import TierModel
from pmo.selectors.standards import tier_model_get, tier_models_for
from pmo.services.tiers import tier_digest, tier_draft_begin, tier_draft_change, tier_publish
from pmo.web.forms import done
from pmo.web.pages import OfficeRequest, page


@page("standard.view")
def tiers(request: OfficeRequest, org: str) -> HttpResponse:
    """The model in force."""
    models = tier_models_for(request.actor, "standard.view")
    found = models.filter(published_at__isnull=False).first() or models.first()
    return _shown(request, found)


@page("standard.view")
def tier_model(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """A certain number of it."""
    return _shown(request, tier_model_get(request.actor, pk))


def _shown(request: OfficeRequest, model: TierModel | None) -> HttpResponse:
    others = list(tier_models_for(request.actor, "standard.view"))
    in_force = next((each for each in others if each.published_at is not None), None)
    context = {
        "model": model,
        "others": [each for each in others if model and each.pk != model.pk],
        "in_force": in_force is not None and model is not None and in_force.pk == model.pk,
        "draft": next((each for each in others if each.published_at is None), None),
        "measures": _measure_names(),
        "sizes": _sizes(model) if model else [],
        "nav_active": "standards",
    }
    return render(request, "pmo/tiers.html", context)


def _measure_names() -> dict[str, str]:
    return {"budget": _("Budget from"), "months": _("Months from"), "team": _("Team from")}


def _sizes(model: TierModel) -> list[dict[str, Any]]:
    """Each size with where it begins in each measure, and its tier for each complexity."""
    first = model.size_bands["budget"]
    return [
        {
            "key": band["key"],
            "name": band["name"],
            "from": [number(Decimal(str(model.size_bands[measure][place]["from"]))) for measure in MEASURES],
            "tiers": [model.grid[band["key"]][each["key"]] for each in model.complexity_bands],
        }
        for place, band in enumerate(first)
    ]


@page("standard.edit", post="standard.edit")
def tier_begin(request: OfficeRequest, org: str) -> HttpResponse:
    """Begin the next number as a copy of the latest."""
    if request.method != "POST":
        return redirect("pmo:tiers", org)
    draft = tier_draft_begin(actor=request.actor)
    said = _("%s is a draft: projects are measured by it once it is published.") % draft
    return done(request, said, reverse("pmo:tier_edit", args=[org, draft.pk]))


@page("standard.edit", post="standard.edit")
def tier_edit(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Words of the questions and answers, where the bands begin, and the tier of each pair."""
    model = tier_model_get(request.actor, pk)
    if model.published_at is not None and request.method != "POST":
        return redirect("pmo:tier_model", org, pk)
    form = TierForm(request.POST or None, model=model)
    if request.method == "POST" and form.is_valid():
        try:
            values, seen = form.values(), request.POST.get("seen", "")
            tier_draft_change(actor=request.actor, model_id=pk, values=values, seen=seen)
        except ApplicationError as error:
            if error.status not in (400, 412):
                raise
            form.add_error(None, error.message)
        else:
            return done(request, _("%s is kept.") % model, reverse("pmo:tier_model", args=[org, pk]))
    context = {
        "form": form,
        "model": model,
        "nav_active": "standards",
        "seen": request.POST.get("seen") or tier_digest(model),
        "groups": form.groups(),
    }
    return render(request, "pmo/tier_edit.html", context, status=422 if form.errors else 200)


@page("standard.publish", post="standard.publish")
def tier_put_in_force(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Publish the draft."""
    if request.method != "POST":
        return redirect("pmo:tier_model", org, pk)
    model = tier_publish(actor=request.actor, model_id=pk)
    said = _("%s is published. Projects keep their tier until they are assessed again.") % model
    return done(request, said, reverse("pmo:tier_model", args=[org, pk]))


class TierForm(forms.Form):
    """Every text and number of the model as a field. An emptied question is taken out; the empty one adds."""

    def __init__(self, *args: Any, model: TierModel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.model = model
        self._text("name", _("Name"), model.name, 200)
        self._text("source", _("Source"), model.source, 300, required=False)
        for place in range(len(model.factors) + 1):
            known = model.factors[place] if place < len(model.factors) else {}
            self._text(f"factor-{place}-text", _("Question"), known.get("text", ""), 500, required=False)
            self._text(f"factor-{place}-help", _("Help"), known.get("help", ""), 500, required=False)
            for score in SCORES:
                said = known["answers"][score - 1]["text"] if known else ""
                self._text(f"factor-{place}-answer-{score}", _("Answer worth %d") % score, said, 500, required=False)
        names = _measure_names()
        for measure in MEASURES:
            for place, band in enumerate(model.size_bands[measure]):
                self._number(f"size-{measure}-{place}", f"{band['name']}: {names[measure].lower()}", band["from"])
        for place, band in enumerate(model.complexity_bands):
            self._number(f"complexity-{place}", _("%s from a score of") % band["name"], band["from"])
        for place, tier in enumerate(model.tiers):
            self._text(f"tier-{place}-name", _("Name of tier %d") % tier["tier"], tier["name"], 60)
            self._text(
                f"tier-{place}-says", _("What tier %d means") % tier["tier"], tier.get("says", ""), 500, required=False
            )
        choices = [(str(each["tier"]), f"{each['tier']}: {each['name']}") for each in model.tiers]
        for size in model.size_bands["budget"]:
            for complexity in model.complexity_bands:
                self.fields[f"grid-{size['key']}-{complexity['key']}"] = forms.ChoiceField(
                    label=f"{size['name']}, {complexity['name'].lower()}",
                    choices=choices,
                    initial=str(model.grid[size["key"]][complexity["key"]]),
                )

    def _text(self, name: str, label: str, initial: str, most: int, *, required: bool = True) -> None:
        self.fields[name] = forms.CharField(label=label, initial=initial, max_length=most, required=required)

    def _number(self, name: str, label: str, initial: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        self.fields[name] = forms.CharField(label=label, initial=initial, max_length=16, widget=widget)

    def values(self) -> dict[str, Any]:
        """The fields of the model as tier_model_checked takes them."""
        data, model = self.cleaned_data, self.model
        factors = []
        for place in range(len(model.factors) + 1):
            text = data[f"factor-{place}-text"].strip()
            if not text:
                continue
            answers = [{"score": score, "text": data[f"factor-{place}-answer-{score}"]} for score in SCORES]
            known = model.factors[place]["key"] if place < len(model.factors) else slugify(text)[:40].strip("-")
            factors.append(
                {"key": known or "question", "text": text, "help": data[f"factor-{place}-help"], "answers": answers}
            )
        return {
            "name": data["name"],
            "source": data["source"],
            "factors": factors,
            "size_bands": {
                measure: [
                    {**band, "from": data[f"size-{measure}-{place}"].replace(",", "")}
                    for place, band in enumerate(model.size_bands[measure])
                ]
                for measure in MEASURES
            },
            "complexity_bands": [
                {**band, "from": data[f"complexity-{place}"]} for place, band in enumerate(model.complexity_bands)
            ],
            "tiers": [
                {**tier, "name": data[f"tier-{place}-name"], "says": data[f"tier-{place}-says"]}
                for place, tier in enumerate(model.tiers)
            ],
            "grid": {
                size["key"]: {each["key"]: data[f"grid-{size['key']}-{each['key']}"] for each in model.complexity_bands}
                for size in model.size_bands["budget"]
            },
        }

    def groups(self) -> list[dict[str, Any]]:
        """The bound fields under headings, as the page shows them."""
        groups: list[dict[str, Any]] = [{"title": _("The model"), "fields": [self["name"], self["source"]]}]
        for place in range(len(self.model.factors) + 1):
            title = _("Question %d") % (place + 1) if place < len(self.model.factors) else _("One more question")
            fields = [self[name] for name in self.fields if name.startswith(f"factor-{place}-")]
            groups.append({"title": title, "fields": fields})
        for prefix, title in (
            ("size-", _("Size: the largest of the three measures counts")),
            ("complexity-", _("Complexity: the sum of the answers")),
            ("tier-", _("Tiers")),
            ("grid-", _("The tier of each pair")),
        ):
            groups.append({"title": title, "fields": [self[name] for name in self.fields if name.startswith(prefix)]})
        return groups
