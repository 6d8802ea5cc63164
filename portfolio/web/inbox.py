"""What the inbox of findings reads: its rows under their headings, tabs and menus, and the one that is open."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.cache import cache
from django.db.models import Count, Max
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit.listing import Page, Query
from pmo.models import Person
from pmo.selectors.actors import Actor
from pmo.web.context import NAV_COUNTS
from pmo.web.forms import Day
from pmo.web.pages import OfficeRequest
from portfolio.analysis.registry import rule_by_slug
from portfolio.listings.findings import FINDINGS, TABS, rule_choices, tab_condition
from portfolio.models import Finding, Severity
from portfolio.selectors.findings import attach_history, attach_projects, findings_for, findings_listed, visible_to
from portfolio.selectors.rules import rule_get
from portfolio.web.finding_words import evidence_rows, history_rows

VIEW, ACT = "finding.view", "finding.resolve"
PEOPLE_SHOWN = 500
COUNT_FOR = 15  # seconds
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

    text = forms.CharField(
        max_length=2000, label=gettext_lazy("Add a comment"), widget=forms.Textarea(attrs={"rows": 2})
    )


def query_of(request: HttpRequest) -> Query:
    """What was asked for: the open ones unless a tab or status is named, grouped by severity unless told otherwise."""
    given: QueryDict = request.GET.copy()
    if not any(name == "tab" or name.startswith("status") for name in given):
        given["tab"] = "open"
    if given.get("group") == "rule" and not given.get("ordering"):
        given["ordering"] = "rule,severity,-first_seen"
    return FINDINGS.parse(given)


def open_count(actor: Actor) -> int:
    """How many findings stand open, for the navigation of every page: counted at most every fifteen seconds."""
    if not actor.allows(VIEW):
        return 0
    key = _count_key(actor)
    known: int | None = cache.get(key)
    if known is None:
        known = visible_to(actor).filter(tab_condition("open")).count()
        cache.set(key, known, COUNT_FOR)
    return known


def _count_key(actor: Actor) -> str:
    return f"findings:open:{actor.organisation.pk}:{actor.user.pk}"


NAV_COUNTS.add("findings", open_count)


def inbox_context(actor: Actor, query: Query) -> dict[str, Any]:
    rows = findings_listed(actor, VIEW)
    shown = FINDINGS.apply(rows, query)
    seen = visible_to(actor)
    counts = seen.aggregate(
        **{tab: Count("pk", filter=tab_condition(tab)) for tab, _label in TABS}, checked=Max("last_seen")
    )
    cache.set(_count_key(actor), counts["open"], COUNT_FOR)
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


def finding_context(request: OfficeRequest, chosen: Finding) -> dict[str, Any]:
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
        "assign_form": assign_form(actor, None, chosen) if may_act else None,
        "suppress_form": SuppressForm(),
        "comment_form": CommentForm(),
    }


def assign_form(actor: Actor, data: Any, chosen: Finding | None = None) -> AssignForm:
    initial = {"owner": chosen.owner_id, "due": chosen.due} if chosen else None
    form = AssignForm(data, initial=initial)
    people = Person.objects.filter(organisation=actor.organisation)
    form.fields["owner"].queryset = people.order_by("name")[:PEOPLE_SHOWN] if data is None else people  # type: ignore[attr-defined]
    form.fields["owner"].empty_label = _("Nobody")  # type: ignore[attr-defined]
    return form
