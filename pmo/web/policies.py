"""Policies and procedures: the list with what waits for one's own acknowledgement, a policy to read, who has not."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.analysis.text_diff import text_diff
from pmo.kit.parameters import parse_value
from pmo.kit.prose import prose
from pmo.listings.policies import POLICIES
from pmo.models import PolicyVersion
from pmo.selectors.clock import today_in
from pmo.selectors.policies import (
    binding,
    bound_by,
    in_force,
    policies_for,
    policy_get,
    policy_version_get,
    policy_versions_for,
)
from pmo.services.policies import policy_acknowledge, policy_draft_begin, policy_withdraw
from pmo.web.forms import done
from pmo.web.listing import ListPage, list_page
from pmo.web.pages import OfficeRequest, page
from pmo.web.standard_words import role_names


@page("policy.view")
def policies(request: OfficeRequest, org: str) -> HttpResponseBase:
    """Every policy; above it those that wait for one's own acknowledgement."""
    actor = request.actor
    rows = policies_for(actor, "policy.view")
    shown = list_page(request, POLICIES, rows, actor.allows, menus=("kind", "state"), stem="policies")
    if not isinstance(shown, ListPage):
        return shown
    context = {
        "list": shown,
        "waiting": binding(actor),
        "nav_active": "policies",
        "title": _("Policies and procedures"),
    }
    return render(request, "pmo/policies.html", context)


@page("policy.view")
def policies_waiting(request: OfficeRequest, org: str) -> HttpResponse:
    """The line that the front page asks for: how many wait for one's own acknowledgement; 204 for none."""
    waiting = binding(request.actor)
    if not waiting:
        return HttpResponse(status=204)
    return render(request, "pmo/_policies_waiting.html", {"waiting": len(waiting)})


@page("policy.view")
def policy(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """A policy's newest published version, or its draft where there is none yet."""
    found = policy_get(request.actor, pk)
    versions = policy_versions_for(request.actor, "policy.view").filter(policy=found).order_by("-number")
    newest = versions.filter(published_at__isnull=False).first() or versions[0]
    return _shown(request, newest)


@page("policy.view")
def policy_version(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """A version to read, whom it binds, and, for those who watch over it, who has not acknowledged it."""
    return _shown(request, policy_version_get(request.actor, pk))


def _shown(request: OfficeRequest, version: PolicyVersion) -> HttpResponse:
    actor = request.actor
    versions = list(policy_versions_for(actor, "policy.view").filter(policy=version.policy).order_by("-number"))
    today = today_in(actor.organisation)
    current = next(
        (each for each in in_force(actor.organisation.pk, today) if each.policy_id == version.policy_id), None
    )
    watches = actor.everywhere("acknowledgement.view") and version.published_at is not None and version.binds_roles
    bound = bound_by(version, today) if watches else []
    names = role_names()
    context = {
        **_head(version),
        "text": prose(version.text),
        "others": [each for each in versions if each.pk != version.pk],
        "draft": next((each for each in versions if each.published_at is None), None),
        "in_force": current is not None and current.pk == version.pk,
        "to_acknowledge": any(each.pk == version.pk for each in binding(actor)),
        "binds": [names.get(role, role) for role in version.binds_roles],
        "bound": [
            {"row": each, "roles": ", ".join(str(names.get(role, role)) for role in each.roles)} for each in bound
        ],
        "missing": sum(each.acknowledged_at is None for each in bound),
    }
    return render(request, "pmo/policy.html", context)


def _head(version: PolicyVersion) -> dict[str, Any]:
    return {"version": version, "policy": version.policy, "nav_active": "policies"}


@page("policy.view")
def policy_compare(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """What differs from another version, line by line."""
    version = policy_version_get(request.actor, pk)
    others = list(
        policy_versions_for(request.actor, "policy.view")
        .filter(policy=version.policy)
        .exclude(pk=version.pk)
        .order_by("-number")
    )
    asked = request.GET.get("with", "")
    number = parse_value("with", asked, "id") if asked else None
    other = next((each for each in others if each.number == number), None)
    other = other or next((each for each in others if each.number < version.number), others[0] if others else None)
    context = {**_head(version), "others": others, "other": other}
    if other is not None:
        older, newer = sorted((version, other), key=lambda each: each.number)
        context |= {"older": older, "newer": newer, "lines": text_diff(older.text, newer.text)}
    return render(request, "pmo/policy_compare.html", context)


@page("policy.view", post="policy.acknowledge")
def policy_read(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """“I have read this.”"""
    if request.method != "POST":
        return redirect("pmo:policy_version", org, pk)
    made = policy_acknowledge(actor=request.actor, version_id=pk)
    said = _("Noted: you have read %s.") % made.version
    return done(request, said, reverse("pmo:policies", args=[org]))


@page("policy.edit", post="policy.edit")
def policy_begin(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Begin the next version as a copy of the latest."""
    if request.method != "POST":
        return redirect("pmo:policy", org, pk)
    made = policy_draft_begin(actor=request.actor, policy_id=pk)
    said = _("%s is a draft: it binds nobody until it is published.") % made
    return done(request, said, reverse("pmo:policy_edit", args=[org, made.pk]))


@page("policy.publish", post="policy.publish")
def policy_end(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Let it bind nobody any more, or again."""
    if request.method != "POST":
        return redirect("pmo:policy", org, pk)
    withdrawn = request.POST.get("withdrawn") != "no"
    found = policy_withdraw(actor=request.actor, policy_id=pk, withdrawn=withdrawn)
    said = _("%s binds nobody any more.") if withdrawn else _("%s binds again.")
    return done(request, said % found, reverse("pmo:policy", args=[org, pk]))
