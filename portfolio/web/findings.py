"""The inbox of findings: a list by severity, one of them open beside it, and what can be done about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pmo.kit.export import export_response
from pmo.web.forms import attempt
from pmo.web.pages import OfficeRequest, page
from portfolio.listings.findings import FINDINGS
from portfolio.models import Finding
from portfolio.selectors.findings import finding_get, findings_listed
from portfolio.services.findings import (
    finding_acknowledge,
    finding_assign,
    finding_comment,
    finding_reopen,
    finding_suppress,
    finding_treat,
    findings_acknowledge,
)
from portfolio.web.inbox import (
    ACT,
    VIEW,
    CommentForm,
    SuppressForm,
    assign_form,
    finding_context,
    inbox_context,
    query_of,
)


@page(VIEW)
def findings(request: OfficeRequest, org: str) -> HttpResponseBase:
    """The inbox, the first finding open; `?format=csv|xlsx` exports exactly what it shows."""
    query = query_of(request)
    if query.extras.get("format"):
        request.actor.require("export.run")
        stem = f"{org}-findings"
        rows = findings_listed(request.actor, VIEW)
        return export_response(FINDINGS, rows, query, file_format=query.extras["format"], stem=stem)
    inbox = inbox_context(request.actor, query)
    first = inbox["page"].rows[0] if inbox["page"].rows else None
    chosen = finding_context(request, finding_get(request.actor, first.pk)) if first else {}
    return render(request, "portfolio/findings.html", {**inbox, **chosen})


@page(VIEW)
def finding(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """One finding: beside the list it came from, or alone where a page asks for it (its detail, or a side panel)."""
    context = finding_context(request, finding_get(request.actor, pk))
    target = request.headers.get("HX-Target", "")
    if request.headers.get("HX-Request") and target == "panel-body":
        return render(request, "portfolio/_finding_panel.html", context)
    if request.headers.get("HX-Request"):
        return render(request, "portfolio/_finding.html", {**context, "query": query_of(request)})
    return render(request, "portfolio/findings.html", {**inbox_context(request.actor, query_of(request)), **context})


@page(VIEW, post=ACT)
def finding_act(request: OfficeRequest, org: str, pk: str, act: str) -> HttpResponse:
    """Acknowledge, treat, reopen, assign or suppress; answers the finding as it is then."""
    if request.method != "POST":
        return redirect("portfolio:finding", org, pk)
    actor, finding_id, version = request.actor, int(pk), _version(request)
    simple: dict[str, Callable[..., Finding]] = {
        "acknowledge": finding_acknowledge,
        "treat": finding_treat,
        "reopen": finding_reopen,
    }
    if act in simple:
        changed = simple[act](actor=actor, finding_id=finding_id, version=version)
        return _done(request, changed, f"{changed.get_status_display()}.")
    form: forms.Form = assign_form(actor, request.POST) if act == "assign" else SuppressForm(request.POST)
    service: Callable[..., Finding] = finding_assign if act == "assign" else finding_suppress
    saved = None
    if form.is_valid():
        values = _values(form)
        saved = attempt(form, lambda: service(actor=actor, finding_id=finding_id, version=version, **values))
    if saved is None:
        return _again(request, finding_id, {f"{act}_form": form, "opened": act})
    said = _("Assigned to %s.") % saved.owner if saved.owner and act == "assign" else _("Saved.")
    return _done(request, saved, said)


def _values(form: forms.Form) -> dict[str, Any]:
    """What the service takes: the owner by id, the rest as it is."""
    given = dict(form.cleaned_data)
    if "owner" in given:
        owner = given.pop("owner")
        given["person_id"] = owner.pk if owner else None
    return given


@page(VIEW, post="comment.write")
def finding_say(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """Add a comment."""
    if request.method != "POST":
        return redirect("portfolio:finding", org, pk)
    form = CommentForm(request.POST)
    said = None
    if form.is_valid():
        said = attempt(
            form, lambda: finding_comment(actor=request.actor, finding_id=pk, text=form.cleaned_data["text"])
        )
    if said is None:
        return _again(request, pk, {"comment_form": form})
    return _done(request, finding_get(request.actor, pk), _("Comment added."))


@page(VIEW, post=ACT)
def findings_bulk(request: OfficeRequest, org: str) -> HttpResponse:
    """Acknowledge what is ticked."""
    if request.method == "POST":
        ids = [
            int(text) for text in request.POST.getlist("ids") if text.isascii() and text.isdigit() and len(text) < 19
        ]
        count = findings_acknowledge(actor=request.actor, finding_ids=ids)
        messages.success(request, ngettext("%d finding acknowledged.", "%d findings acknowledged.", count) % count)
    return redirect(f"{reverse('portfolio:findings', args=[org])}?{request.GET.urlencode()}")


def _version(request: HttpRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _done(request: OfficeRequest, changed: Finding, said: str) -> HttpResponse:
    """The finding as it is now, with its row in the list and the counts of the tabs; a page anew without htmx."""
    if not request.headers.get("HX-Request"):
        messages.success(request, said)
        address = reverse("portfolio:finding", args=[request.actor.organisation.slug, changed.pk])
        return redirect(f"{address}?{request.GET.urlencode()}#detail")
    query = query_of(request)
    context = {
        **inbox_context(request.actor, query),
        **finding_context(request, finding_get(request.actor, changed.pk)),
        "swap": True,
    }
    response = render(request, "portfolio/_finding_done.html", context)
    response.headers["HX-Trigger"] = json.dumps({"toast": said})
    return response


def _again(request: OfficeRequest, pk: int, changes: dict[str, Any]) -> HttpResponse:
    """The form once more, with what was wrong beside the field."""
    context = {**finding_context(request, finding_get(request.actor, pk)), **changes, "query": query_of(request)}
    if request.headers.get("HX-Request"):
        return render(request, "portfolio/_finding.html", context, status=422)
    return render(
        request, "portfolio/findings.html", {**inbox_context(request.actor, query_of(request)), **context}, status=422
    )
