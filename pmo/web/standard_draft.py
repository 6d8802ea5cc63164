"""The editor of a draft: what stands in it, one thing added, changed, moved or taken out, and its publication."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.analysis.standard_check import problems
from pmo.analysis.standard_content import StandardContent
from pmo.analysis.tailoring import TailoringFacts, tailored
from pmo.kit.errors import NotFound
from pmo.kit.parameters import parse_value
from pmo.models import StandardVersion
from pmo.selectors.standard_content import content_of
from pmo.selectors.standards import tier_models_for, version_get
from pmo.services.standard_items import KINDS, item_add, item_change, item_delete, item_move
from pmo.services.standards import draft_discard, version_publish
from pmo.web.forms import attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from pmo.web.standard_forms import ItemForm
from pmo.web.standard_words import KIND_NAMES
from pmo.web.standards import compared, head, revision_of, whole


class PublishForm(forms.Form):
    summary = forms.CharField(
        label=gettext_lazy("What is new in it"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One or two sentences for those whose projects follow the version before."),
    )


@page("standard.edit")
def standard_edit(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """The draft with a button beside everything."""
    version = version_get(request.actor, pk)
    if version.published_at is not None:
        return redirect("pmo:standard_version", org, pk)
    context = whole(request, version)
    rules = list(version.tailoring.order_by("order"))
    context["rules"] = list(zip(rules, context["sentences"], strict=True))
    context["problems"] = [_where(context["content"], str(problem)) for problem in problems(context["content"])]
    return render(request, "pmo/standard_edit.html", context)


def _where(content: StandardContent, sentence: str) -> str:
    """A problem with the names of what it is about in place of numbers."""
    path, _colon, says = sentence.partition(": ")
    words = []
    for index, phase in enumerate(content.phases, start=1):
        if not path.startswith(f"phases[{index}]"):
            continue
        words.append(phase.name)
        for plural in ("activities", "deliverables", "gates"):
            for place, each in enumerate(getattr(phase, plural), start=1):
                if path.startswith(f"phases[{index}].{plural}[{place}]"):
                    words.append(each.name)
    words += [rule.name for place, rule in enumerate(content.rules, start=1) if path.startswith(f"rules[{place}]")]
    return f"{', '.join(words)}: {says}" if words else sentence[:1].upper() + sentence[1:]


@page("standard.edit", post="standard.edit")
def standard_add(request: OfficeRequest, org: str, pk: int, kind: str) -> HttpResponse:
    """One more phase, activity, deliverable, gate, criterion or rule; `?in=` is what it stands in."""
    version = _draft_version(request, pk, kind)
    inside = request.POST.get("in") or request.GET.get("in") or ""
    parent = parse_value("in", inside, "id") if inside else None
    form = ItemForm(request.POST or None, kind=kind, version=version, content=content_of(version))
    if request.method == "POST" and form.is_valid():
        revision = revision_of(request)
        made = attempt(
            form,
            lambda: item_add(
                actor=request.actor, version_id=pk, revision=revision, kind=kind, values=form.values(),
                parent_id=parent,
            ),
        )  # fmt: skip
        if made is not None:
            return done(request, _("“%s” is added.") % made, _back(org, pk, kind, made.pk))
    context = {**head(request, version), "kind": kind, "kind_name": KIND_NAMES[kind], "inside": inside}
    return form_page(request, "pmo/standard_item.html", form, context)


@page("standard.edit", post="standard.edit")
def standard_item(request: OfficeRequest, org: str, kind: str, pk: int) -> HttpResponse:
    """Change one thing."""
    row, version = _row(request, kind, pk)
    form = ItemForm(request.POST or None, kind=kind, version=version, content=content_of(version), row=row)
    if request.method == "POST" and form.is_valid():
        revision = revision_of(request)
        values = {**form.values(), **({"key": row.key} if hasattr(row, "key") and not form.values()["key"] else {})}
        made = attempt(
            form,
            lambda: item_change(
                actor=request.actor, version_id=version.pk, revision=revision, kind=kind, item_id=pk, values=values,
                parent_id=form.parent_id,
            ),
        )  # fmt: skip
        if made is not None:
            return done(request, _("“%s” is kept.") % made, _back(org, version.pk, kind, pk))
    context = {**head(request, version), "kind": kind, "kind_name": KIND_NAMES[kind], "row": row}
    return form_page(request, "pmo/standard_item.html", form, context)


@page("standard.edit", post="standard.edit")
def standard_move(request: OfficeRequest, org: str, kind: str, pk: int) -> HttpResponse:
    """Put one thing at another place among its like."""
    if request.method != "POST":
        return redirect("pmo:standards", org)
    _row_found, version = _row(request, kind, pk)
    to = parse_value("to", request.POST.get("to", ""), "id")
    row = item_move(
        actor=request.actor, version_id=version.pk, revision=revision_of(request), kind=kind, item_id=pk, to=to
    )
    return done(request, _("“%s” is moved.") % row, _back(org, version.pk, kind, pk))


@page("standard.edit", post="standard.edit")
def standard_delete(request: OfficeRequest, org: str, kind: str, pk: int) -> HttpResponse:
    """Take one thing out of the draft."""
    if request.method != "POST":
        return redirect("pmo:standards", org)
    row, version = _row(request, kind, pk)
    item_delete(actor=request.actor, version_id=version.pk, revision=revision_of(request), kind=kind, item_id=pk)
    return done(request, _("“%s” is taken out.") % row, reverse("pmo:standard_edit", args=[org, version.pk]))


@page("standard.publish", post="standard.publish")
def standard_publish(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """What changes, whom it concerns, and the button that puts it in force."""
    version = version_get(request.actor, pk)
    if version.published_at is not None and request.method != "POST":
        return redirect("pmo:standard_version", org, pk)
    form = PublishForm(request.POST or None, initial={"summary": version.summary})
    if request.method == "POST" and form.is_valid():
        revision, summary = revision_of(request), form.cleaned_data["summary"]
        made = attempt(
            form,
            lambda: version_publish(actor=request.actor, version_id=pk, revision=revision, summary=summary),
        )
        if made is not None:
            said = _("%s is published: new projects follow it. Those that run stay on theirs until they are moved.")
            return done(request, said % made, reverse("pmo:standard_version", args=[org, pk]))
    content = content_of(version)
    context: dict[str, Any] = {
        **head(request, version),
        "problems": [_where(content, str(problem)) for problem in problems(content)],
    }
    if version.copied_from is not None:
        context |= compared(request, version.copied_from, version)
    return form_page(request, "pmo/standard_publish.html", form, context)


@page("standard.edit", post="standard.edit")
def standard_discard(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Throw the draft away."""
    if request.method != "POST":
        return redirect("pmo:standard_version", org, pk)
    version = version_get(request.actor, pk)
    draft_discard(actor=request.actor, version_id=pk, revision=revision_of(request))
    return done(request, _("%s is thrown away.") % version, reverse("pmo:standards", args=[org]))


@page("standard.view")
def standard_tailoring(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """What a project of each tier gets, side by side."""
    version = version_get(request.actor, pk)
    context = whole(request, version)
    model = tier_models_for(request.actor, "standard.view").filter(published_at__isnull=False).first()
    tiers = [(int(each["tier"]), each["name"]) for each in model.tiers] if model else [(1, ""), (2, ""), (3, "")]
    results = [tailored(context["content"], TailoringFacts(tier=tier)) for tier, _name in tiers]
    by_phase: dict[str, list[Any]] = {}
    for cells in zip(*(result.requirements for result in results), strict=True):
        by_phase.setdefault(cells[0].phase, []).append({"first": cells[0], "cells": cells})
    context |= {
        "tiers": tiers,
        "results": results,
        "table": [(phase, by_phase.get(phase.key, [])) for phase in context["phases"]],
        "kinds": KIND_NAMES,
    }
    return render(request, "pmo/standard_tailoring.html", context)


def _draft_version(request: OfficeRequest, pk: int, kind: str) -> StandardVersion:
    if kind not in KINDS:
        raise NotFound()
    return version_get(request.actor, pk)


def _row(request: OfficeRequest, kind: str, pk: int) -> tuple[Any, StandardVersion]:
    """The thing and its version, both of the actor's organisation."""
    if kind not in KINDS:
        raise NotFound()
    known = KINDS[kind]
    row = (
        known.model.objects.filter(organisation=request.actor.organisation, pk=pk).select_related(known.version).first()
    )
    if row is None:
        raise NotFound()
    version = row
    for step in known.version.split("__"):
        version = getattr(version, step)
    return row, version_get(request.actor, version.pk)


def _back(org: str, version: int, kind: str, pk: int) -> str:
    return f"{reverse('pmo:standard_edit', args=[org, version])}#{kind}-{pk}"
