"""The library of standards: every version with who follows it; a version to read, to compare, to download."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.analysis.standard_diff import standard_diff
from pmo.analysis.standard_file import MOST_BYTES, standard_to_yaml
from pmo.kit.errors import ApplicationError
from pmo.kit.parameters import parse_value
from pmo.listings.standards import STANDARD_VERSIONS
from pmo.models import StandardVersion
from pmo.selectors.office import standard_versions_for
from pmo.selectors.shipped import shipped_standards
from pmo.selectors.standard_content import content_of, phases_whole
from pmo.selectors.standards import affected_by_portfolio, library_for, version_get
from pmo.services.standards import (
    draft_begin,
    standard_create,
    standard_import,
    standard_install,
    standard_retire,
    standard_update,
)
from pmo.web.forms import attempt, done, form_page
from pmo.web.listing import ListPage, list_page
from pmo.web.pages import OfficeRequest, page
from pmo.web.standard_words import diff_rows, due_words, role_names, rule_sentence

LONG = {"required": False, "max_length": 10_000, "widget": forms.Textarea(attrs={"rows": 3})}


class StandardForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    slug = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=60,
        help_text=gettext_lazy("Small letters, digits and hyphens, such as building-works. Files name it."),
    )
    description = forms.CharField(label=gettext_lazy("What it is for"), **LONG)  # type: ignore[arg-type]
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("What it is made after, if anything."),
    )
    licence = forms.CharField(label=gettext_lazy("Licence"), max_length=300, required=False)


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Standard as a YAML file"),
        help_text=gettext_lazy("As it is downloaded from a version’s page; at most 512 KB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,text/yaml"}),
    )


@page("standard.view")
def standards(request: OfficeRequest, org: str) -> HttpResponseBase:
    """Every version of every standard."""
    actor = request.actor
    rows = library_for(actor, "standard.view")
    shown = list_page(request, STANDARD_VERSIONS, rows, actor.allows, menus=("state",), stem="standards")
    if not isinstance(shown, ListPage):
        return shown
    context = {
        "list": shown,
        "nav_active": "standards",
        "title": _("Standards"),
        "shipped": shipped_standards() if actor.allows("standard.edit") else [],
    }
    return render(request, "pmo/standards.html", context)


@page("standard.view")
def standard_version(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """A version to be read from top to bottom, with its source, its rules, and who follows it."""
    version = version_get(request.actor, pk)
    context = whole(request, version)
    others = standard_versions_for(request.actor, "standard.view").filter(standard=version.standard)
    context["others"] = [each for each in others.order_by("-number") if each.pk != version.pk]
    context["draft"] = next((each for each in others if each.published_at is None), None)
    return render(request, "pmo/standard_version.html", context)


def whole(request: OfficeRequest, version: StandardVersion) -> dict[str, Any]:
    """What the pages of a version have in common: its head, its phases, its rules as sentences."""
    content = content_of(version)
    phases = list(phases_whole(version))
    for phase in phases:
        for activity in phase.activities.all():
            activity.due_words = due_words(activity.due_from, activity.due_days)  # type: ignore[attr-defined]
    return {
        **head(request, version),
        "content": content,
        "phases": phases,
        "roles": role_names(),
        "sentences": [rule_sentence(rule, content.targets()) for rule in content.rules],
    }


def head(request: OfficeRequest, version: StandardVersion) -> dict[str, Any]:
    found = library_for(request.actor, "standard.view").get(pk=version.pk)
    return {
        "version": version,
        "standard": version.standard,
        "state": found.state,
        "followers": found.followers,
        "nav_active": "standards",
    }


@page("export.run")
def standard_file(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """The version as one readable file."""
    version = version_get(request.actor, pk)
    name = f"{version.standard.slug}-{version.number}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(
        standard_to_yaml(content_of(version)), content_type="application/yaml; charset=utf-8", headers=headers
    )


@page("standard.view")
def standard_compare(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """What differs from another version of the same standard, and how many projects follow the older one."""
    version = version_get(request.actor, pk)
    versions = standard_versions_for(request.actor, "standard.view").filter(standard=version.standard)
    known = {each.number: each for each in versions}
    asked = request.GET.get("with", "")
    other = known.get(parse_value("with", asked, "id")) if asked else None
    if other is None:
        other = next((known[number] for number in sorted(known, reverse=True) if number < version.number), None)
    other = other or next((each for each in known.values() if each.pk != version.pk), None)
    context = {**head(request, version), "other": other, "others": sorted(known.values(), key=lambda v: -v.number)}
    if other is not None:
        older, newer = sorted((version, other), key=lambda each: each.number)
        context |= compared(request, older, newer)
    return render(request, "pmo/standard_compare.html", context)


def compared(request: OfficeRequest, older: StandardVersion, newer: StandardVersion) -> dict[str, Any]:
    """The difference of two versions, and whom it concerns."""
    entries = standard_diff(content_of(older), content_of(newer))
    versions = standard_versions_for(request.actor, "standard.view").filter(standard=newer.standard)
    affected = affected_by_portfolio(request.actor, versions.filter(number__lt=newer.number))
    return {
        "older": older,
        "newer": newer,
        "rows": diff_rows(entries),
        "counts": {
            change: sum(entry.change == change for entry in entries) for change in ("added", "changed", "removed")
        },
        "affected": affected,
        "affected_count": sum(each["count"] for each in affected),
    }


@page("standard.edit", post="standard.edit")
def standard_new(request: OfficeRequest, org: str) -> HttpResponse:
    """A standard of one's own, from nothing."""
    form = StandardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: standard_create(actor=request.actor, values=form.cleaned_data))
        if made is not None:
            return done(request, _("%s is begun.") % made, reverse("pmo:standard_edit", args=[org, made.pk]))
    return form_page(request, "pmo/standard_form.html", form, {"nav_active": "standards", "title": _("New standard")})


@page("standard.edit", post="standard.edit")
def standard_about(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """What a standard is called and where it comes from."""
    version = version_get(request.actor, pk)
    initial = {name: getattr(version.standard, name) for name in StandardForm.base_fields}
    form = StandardForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values, standard = form.cleaned_data, version.standard
        made = attempt(form, lambda: standard_update(actor=request.actor, standard_id=standard.pk, values=values))
        if made is not None:
            return done(request, _("%s is kept.") % made, reverse("pmo:standard_version", args=[org, pk]))
    context = {"nav_active": "standards", "title": version.standard.name, "version": version}
    return form_page(request, "pmo/standard_form.html", form, context)


@page("standard.edit", post="standard.edit")
def standard_take(request: OfficeRequest, org: str) -> HttpResponse:
    """Take a standard in from its file."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"].read(MOST_BYTES + 1)
        made = attempt(form, lambda: standard_import(actor=request.actor, data=data))
        if made is not None:
            said = _("%s is here as a draft: look at it, then publish it.") % made
            return done(request, said, reverse("pmo:standard_version", args=[org, made.pk]))
    title = _("Import a standard")
    return form_page(request, "pmo/standard_form.html", form, {"nav_active": "standards", "title": title})


@page("standard.edit", post="standard.edit")
def standard_put_in(request: OfficeRequest, org: str, slug: str) -> HttpResponse:
    """Take a shipped standard over as a draft."""
    if request.method != "POST":
        return redirect("pmo:standards", org)
    made = standard_install(actor=request.actor, slug=slug)
    said = _("%s is here as a draft: look at it, then publish it.") % made
    return done(request, said, reverse("pmo:standard_version", args=[org, made.pk]))


@page("standard.edit", post="standard.edit")
def standard_begin(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Begin the next version as a copy of the latest."""
    if request.method != "POST":
        return redirect("pmo:standard_version", org, pk)
    made = draft_begin(actor=request.actor, standard_id=version_get(request.actor, pk).standard_id)
    said = _("%s is a copy of the latest; change it as you like. Nobody follows it until it is published.") % made
    return done(request, said, reverse("pmo:standard_edit", args=[org, made.pk]))


@page("standard.publish", post="standard.publish")
def standard_end(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Let no new project follow it, or let them again."""
    if request.method != "POST":
        return redirect("pmo:standard_version", org, pk)
    standard_id = version_get(request.actor, pk).standard_id
    retired = request.POST.get("retired") != "no"
    standard = standard_retire(actor=request.actor, standard_id=standard_id, retired=retired)
    said = _("No new project follows %s any more.") if retired else _("New projects can follow %s again.")
    return done(request, said % standard.name, reverse("pmo:standard_version", args=[org, pk]))


def revision_of(request: OfficeRequest) -> int:
    """The revision the form was made on. ApplicationError where it is no number."""
    try:
        revision: int = parse_value("revision", request.POST.get("revision", ""), "id")
    except ApplicationError:
        raise ApplicationError(_("The form has no revision: open the page anew."), field="revision") from None
    return revision
