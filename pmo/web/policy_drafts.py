"""Writing policies: a new one, the draft of the next version, and its publication."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.models import Policy, Role
from pmo.selectors.clock import today_in
from pmo.selectors.office import people_for
from pmo.selectors.policies import policy_version_get
from pmo.services.policies import (
    BINDABLE,
    LONGEST_TEXT,
    MOST_DAYS,
    policy_create,
    policy_draft_change,
    policy_draft_discard,
    policy_publish,
)
from pmo.web.forms import Day, attempt, done, form_page
from pmo.web.pages import OfficeRequest, page
from pmo.web.standards import revision_of


class TextForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=gettext_lazy(
            "# heading, **bold**, *italic*, - list, 1. numbered list, > quotation, [words](https://address). "
            "An empty line begins a new paragraph."
        ),
    )
    binds_roles = forms.MultipleChoiceField(
        label=gettext_lazy("Binds"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Everybody with one of these roles is asked to acknowledge it."),
    )
    acknowledge_within_days = forms.IntegerField(
        label=gettext_lazy("Days to acknowledge"), min_value=0, max_value=MOST_DAYS, initial=14
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(Role.choices)
        self.fields["binds_roles"].choices = [(role, labels[role]) for role in BINDABLE]  # type: ignore[attr-defined]


class PolicyForm(TextForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Policy.Kind.choices)
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Owner"), queryset=None, required=False, empty_label=gettext_lazy("nobody")
    )
    slug = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Made from the name if empty."),
    )
    field_order = ["name", "kind", "owner", "text", "binds_roles", "acknowledge_within_days", "slug"]


class PublishPolicyForm(forms.Form):
    effective_on = forms.DateField(
        label=gettext_lazy("Binds from"),
        widget=Day(),
        help_text=gettext_lazy("The days to acknowledge it are counted from here."),
    )
    summary = forms.CharField(
        label=gettext_lazy("What is new in it"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )


@page("policy.edit", post="policy.edit")
def policy_new(request: OfficeRequest, org: str) -> HttpResponse:
    """A new policy or procedure, as a draft."""
    form = PolicyForm(request.POST or None)
    form.fields["owner"].queryset = people_for(request.actor, "people.view").order_by("name")  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        about = {
            "name": data["name"],
            "kind": data["kind"],
            "slug": data["slug"] or slugify(data["name"])[:60].strip("-"),
        }
        text = {name: data[name] for name in TextForm.base_fields}
        made = attempt(form, lambda: policy_create(actor=request.actor, about=about, text=text, owner=data["owner"]))
        if made is not None:
            return done(request, _("%s is begun as a draft.") % made, reverse("pmo:policy", args=[org, made.pk]))
    context = {"nav_active": "policies", "title": _("New policy or procedure")}
    return form_page(request, "pmo/policy_form.html", form, context)


@page("policy.edit", post="policy.edit")
def policy_edit(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Text and reach of a draft."""
    version = policy_version_get(request.actor, pk)
    if version.published_at is not None and request.method != "POST":
        return redirect("pmo:policy_version", org, pk)
    initial = {name: getattr(version, name) for name in TextForm.base_fields}
    form = TextForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        revision, values = revision_of(request), form.cleaned_data
        made = attempt(
            form,
            lambda: policy_draft_change(actor=request.actor, version_id=pk, revision=revision, values=values),
        )
        if made is not None:
            return done(request, _("%s is kept.") % made, reverse("pmo:policy_version", args=[org, pk]))
    context = {"nav_active": "policies", "title": str(version), "version": version}
    return form_page(request, "pmo/policy_form.html", form, context)


@page("policy.publish", post="policy.publish")
def policy_put_in_force(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """From when it binds, and what is new in it."""
    version = policy_version_get(request.actor, pk)
    if version.published_at is not None and request.method != "POST":
        return redirect("pmo:policy_version", org, pk)
    initial = {"effective_on": today_in(request.actor.organisation), "summary": version.summary}
    form = PublishPolicyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        revision, values = revision_of(request), form.cleaned_data
        made = attempt(form, lambda: policy_publish(actor=request.actor, version_id=pk, revision=revision, **values))
        if made is not None:
            return done(request, _("%s is published.") % made, reverse("pmo:policy_version", args=[org, pk]))
    context = {
        "nav_active": "policies",
        "title": _("Publish %s") % version,
        "version": version,
        "publishing": True,
    }
    return form_page(request, "pmo/policy_form.html", form, context)


@page("policy.edit", post="policy.edit")
def policy_discard(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Throw the draft away."""
    if request.method != "POST":
        return redirect("pmo:policy_version", org, pk)
    version = policy_version_get(request.actor, pk)
    policy_draft_discard(actor=request.actor, version_id=pk, revision=revision_of(request))
    return done(request, _("%s is thrown away.") % version, reverse("pmo:policies", args=[org]))
