"""The inbox of findings: a list by severity, one of them open beside it, and what can be done about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pmo.kit.export import export_response
from pmo.kit.listing import Page, Query
from pmo.models import Person
from pmo.selectors.actors import Actor
from pmo.web.forms import Day, attempt
from pmo.web.pages import OfficeRequest, page
from portfolio.analysis.registry import rule_by_slug
from portfolio.listings.findings import FINDINGS, TABS, rule_choices, tab_condition
from portfolio.models import Finding, Severity
from portfolio.selectors.findings import (
    attach_history,
    attach_projects,
    finding_get,
    findings_for,
    findings_listed,
    visible_to,
)
from portfolio.selectors.rules import rule_get
from portfolio.services.findings import (
    finding_acknowledge,
    finding_assign,
    finding_comment,
    finding_reopen,
    finding_suppress,
    finding_treat,
    findings_acknowledge,
)
from portfolio.web.finding_words import evidence_rows, history_rows

VIEW, ACT = "finding.view", "finding.resolve"
PEOPLE_SHOWN = 500
GROUP_FIELDS = {"severity": "severity", "rule": "rule"}


class AssignForm(forms.Form):
    """Who looks after it, and until when."""

    owner = forms.ModelChoiceField(Person.objects.none(), required=False, label=gettext_lazy("Owner"))
    due = forms.DateField(required=False, widget=Day, label=gettext_lazy("Due"))


class SuppressForm(forms.Form):
    """Until when it stays out of sight, and why."""

    until = forms.DateField(widget=Day, label=gettext_lazy("Until"))
    reason = forms.CharField(max_length=500, label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


class CommentForm(forms.Form):
    """A sentence for its history."""

    text = forms.CharField(max_length=2000, label=gettext_lazy("Comment"), widget=forms.Textarea(attrs={"rows": 2}))


@page(VIEW)
def findings(request: OfficeRequest, org: str) -> HttpResponseBase:
    """The inbox, the first finding open; `?format=csv|xlsx` exports exactly what it shows."""
    query = _query(request)
    if query.extras.get("format"):
        request.actor.require("export.run")
        stem = f"{org}-findings"
        rows = findings_listed(request.actor, VIEW)
        return export_response(FINDINGS, rows, query, file_format=query.extras["format"], stem=stem)
    inbox = _inbox(request.actor, query)
    first = inbox["page"].rows[0] if inbox["page"].rows else None
    chosen = _detail(request, finding_get(request.actor, first.pk)) if first else {}
    return render(request, "portfolio/findings.html", {**inbox, **chosen})


@page(VIEW)
def finding(request: OfficeRequest, org: str, pk: int) -> HttpResponse:
    """One finding: beside the list it came from, or alone where a page asks for it (its detail, or a side panel)."""
    context = _detail(request, finding_get(request.actor, pk))
    target = request.headers.get("HX-Target", "")
    if request.headers.get("HX-Request") and target == "panel-body":
        return render(request, "portfolio/_finding_panel.html", context)
    if request.headers.get("HX-Request"):
        return render(request, "portfolio/_finding.html", {**context, "query": _query(request)})
    return render(request, "portfolio/findings.html", {**_inbox(request.actor, _query(request)), **context})


@page(VIEW, post=ACT)
def finding_act(request: OfficeRequest, org: str, pk: int, act: str) -> HttpResponse:
    """Acknowledge, treat, reopen, assign or suppress; answers the finding as it is then."""
    if request.method != "POST":
        return redirect("portfolio:finding", org, pk)
    actor = request.actor
    version = _version(request)
    simple: dict[str, Callable[..., Finding]] = {
        "acknowledge": finding_acknowledge,
        "treat": finding_treat,
        "reopen": finding_reopen,
    }
    if act in simple:
        changed = simple[act](actor=actor, finding_id=pk, version=version)
        return _done(request, changed, _("Now: %s.") % changed.get_status_display().lower())
    form: forms.Form
    if act == "assign":
        form = _assign_form(actor, request.POST)
        values = lambda: {"person_id": getattr(form.cleaned_data["owner"], "pk", None), "due": form.cleaned_data["due"]}  # noqa: E731
        service: Callable[..., Finding] = finding_assign
    else:
        form, service = SuppressForm(request.POST), finding_suppress
        values = lambda: form.cleaned_data  # noqa: E731
    saved = None
    if form.is_valid():
        saved = attempt(form, lambda: service(actor=actor, finding_id=pk, version=version, **values()))
    if saved is None:
        return _again(request, pk, {f"{act}_form": form, "opened": act})
    said = _("Assigned to %s.") % saved.owner if saved.owner and act == "assign" else _("Saved.")
    return _done(request, saved, said)


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


# ---- reading -------------------------------------------------------------------------------------------------------


def _query(request: HttpRequest) -> Query:
    """What was asked for: the open ones unless a tab or status is named, grouped by severity unless told otherwise."""
    given: QueryDict = request.GET.copy()
    if not any(name == "tab" or name.startswith("status") for name in given):
        given["tab"] = "open"
    if given.get("group") == "rule" and not given.get("ordering"):
        given["ordering"] = "rule,severity,-first_seen"
    return FINDINGS.parse(given)


def _inbox(actor: Actor, query: Query) -> dict[str, Any]:
    rows = findings_listed(actor, VIEW)
    shown = FINDINGS.apply(rows, query)
    seen = visible_to(actor)
    counts = seen.aggregate(
        **{tab: Count("pk", filter=tab_condition(tab)) for tab, _label in TABS}, checked=Max("last_seen")
    )
    tab = query.value_of("tab")
    return {
        "nav_active": "findings",
        "query": query,
        "page": shown,
        "groups": _groups(rows, query, shown),
        "counts": counts,
        "views": [
            {"name": label, "href": f"?tab={name}", "count": counts[name], "current": name == tab}
            for name, label in TABS
        ],
        "menus": [_rule_menu(query), _owner_menu(query, seen), _group_menu(query)],
        "chips": [chip for chip in query.chips() if chip.parameter not in ("tab", "rule", "owner", "search")],
        "search": query.search,
        "may_act": actor.allows(ACT),
        "narrowed": bool(query.search) or any(item.parameter != "tab" for item in query.filters),
        "csv": f"?{query.urlencode(format='csv', page=None)}",
        "xlsx": f"?{query.urlencode(format='xlsx', page=None)}",
    }


def _groups(rows: Any, query: Query, shown: Page) -> list[dict[str, Any]]:
    """The rows of the page under their headings, each with the count over all pages."""
    by = query.extras.get("group", "severity")
    if by not in GROUP_FIELDS:
        return [{"label": "", "level": "", "count": shown.count, "rows": shown.rows}]
    field = GROUP_FIELDS[by]
    matching = FINDINGS.filter(rows, query)
    counts = dict(matching.order_by().values_list(field).annotate(count=Count("pk")))
    names = dict(Severity.choices) if by == "severity" else dict(rule_choices())
    groups: list[dict[str, Any]] = []
    for row in shown.rows:
        key = getattr(row, field)
        if not groups or groups[-1]["key"] != key:
            level = key if by == "severity" else ""
            groups.append(
                {"key": key, "label": names.get(key, key), "level": level, "count": counts.get(key, 0), "rows": []}
            )
        groups[-1]["rows"].append(row)
    return groups


def _rule_menu(query: Query) -> dict[str, Any]:
    value = query.value_of("rule")
    options = [{"value": slug, "text": title} for slug, title in rule_choices()]
    text = dict(rule_choices()).get(value, "")
    return {"label": _("Kind"), "name": "rule", "value": value, "value_text": text, "options": options}


def _owner_menu(query: Query, seen: Any) -> dict[str, Any]:
    owners = seen.filter(owner__isnull=False).order_by("owner__name").values_list("owner_id", "owner__name").distinct()
    options = [{"value": str(pk), "text": name} for pk, name in owners[:PEOPLE_SHOWN]]
    value = query.value_of("owner")
    text = next((option["text"] for option in options if option["value"] == value), "")
    return {"label": _("Owner"), "name": "owner", "value": value, "value_text": text, "options": options}


def _group_menu(query: Query) -> dict[str, Any]:
    value = query.extras.get("group", "severity")
    options = [{"value": name, "text": label} for name, label in FINDINGS.groups]
    text = dict(FINDINGS.groups)[value]
    return {"label": _("Group"), "name": "group", "value": value, "value_text": text, "options": options, "fixed": True}


def _detail(request: OfficeRequest, chosen: Finding) -> dict[str, Any]:
    actor = request.actor
    attach_projects([chosen])
    attach_history([chosen])
    may_act = actor.allows(ACT) and findings_for(actor, ACT).filter(pk=chosen.pk).exists()
    opened = request.GET.get("open", "")
    return {
        "finding": chosen,
        "rule": rule_get(actor, chosen.rule) if rule_by_slug(chosen.rule) else None,
        "evidence": evidence_rows(chosen, actor.organisation.slug),
        "history": history_rows(chosen.history_shown),  # type: ignore[attr-defined]
        "can_act": may_act,
        "can_say": actor.allows("comment.write"),
        "can_rules": actor.allows("rule.view"),
        "opened": opened if opened in ("assign", "suppress") else "",
        "assign_form": _assign_form(actor, None, chosen) if may_act else None,
        "suppress_form": SuppressForm(),
        "comment_form": CommentForm(),
    }


def _assign_form(actor: Actor, data: Any, chosen: Finding | None = None) -> AssignForm:
    initial = {"owner": chosen.owner_id, "due": chosen.due} if chosen else None
    form = AssignForm(data, initial=initial)
    people = Person.objects.filter(organisation=actor.organisation)
    form.fields["owner"].queryset = people.order_by("name")[:PEOPLE_SHOWN] if data is None else people  # type: ignore[attr-defined]
    form.fields["owner"].empty_label = _("Nobody")  # type: ignore[attr-defined]
    return form


# ---- answering -----------------------------------------------------------------------------------------------------


def _version(request: HttpRequest) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _done(request: OfficeRequest, changed: Finding, said: str) -> HttpResponse:
    """The finding as it is now, with its row in the list and the counts of the tabs; a page anew without htmx."""
    if not request.headers.get("HX-Request"):
        messages.success(request, said)
        address = reverse("portfolio:finding", args=[request.actor.organisation.slug, changed.pk])
        return redirect(f"{address}?{request.GET.urlencode()}#detail")
    query = _query(request)
    context = {**_inbox(request.actor, query), **_detail(request, finding_get(request.actor, changed.pk)), "swap": True}
    response = render(request, "portfolio/_finding_done.html", context)
    response.headers["HX-Trigger"] = json.dumps({"toast": said})
    return response


def _again(request: OfficeRequest, pk: int, changes: dict[str, Any]) -> HttpResponse:
    """The form once more, with what was wrong beside the field."""
    context = {**_detail(request, finding_get(request.actor, pk)), **changes, "query": _query(request)}
    if request.headers.get("HX-Request"):
        return render(request, "portfolio/_finding.html", context, status=422)
    return render(request, "portfolio/findings.html", {**_inbox(request.actor, _query(request)), **context}, status=422)
