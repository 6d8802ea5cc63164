"""The compliance of one project: its percentage, and the list behind it, as at any day."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.kit.parameters import parse_value
from pmo.web.pages import OfficeRequest, page
from portfolio.analysis.compliance import STATES, Judged, percent_shown, summed
from portfolio.listings.compliance import KINDS, WORDS
from portfolio.selectors.compliance import judged_at
from portfolio.web.compliance_cells import SYMBOLS, TONES, anchor, judged_words
from projects.web.dates import date_asked
from projects.web.subpage import subpage


@page("compliance.view", as_of=True)
def project_compliance(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """Every requirement by phase with its state; `?state=` shows those of one state."""
    project, context = subpage(request, code, "compliance.view", "compliance")
    day, other_day = date_asked(request)
    wanted = request.GET.get("state", "")
    if wanted:
        parse_value("state", wanted, "choice", WORDS)
    judged = judged_at(project, day)
    sums = summed(judged)
    found = Counter(item.state for item in judged)
    phases = [
        (name or _("Policies"), [_row(item, org, code) for item in items])
        for name, items in groupby(
            (item for item in judged if not wanted or item.state == wanted),
            key=lambda item: item.requirement.phase_name,
        )
    ]
    tabs = [("", _("All"), len(judged))] + [(state, WORDS[state], found[state]) for state in STATES if found[state]]
    kept = f"as_of={day}" if other_day else ""
    context |= {
        "sums": sums,
        "percent": percent_shown(sums),
        "good": sums.met + sums.waived,
        "phases": phases,
        "asked": len(judged),
        "views": [
            {
                "name": name,
                "href": "?" + "&".join(part for part in (kept, f"state={state}" if state else "") if part),
                "count": count,
                "current": state == wanted,
            }
            for state, name, count in tabs
        ],
        "status_date": day,
        "other_day": other_day,
        "as_of_here": True,
    }
    return render(request, "portfolio/project_compliance.html", context)


def _row(item: Judged, org: str, code: str) -> dict[str, Any]:
    requirement = item.requirement
    hrefs = {
        "policy": ("pmo:policy", [org, requirement.id]),
        "gate": ("projects:gate", [org, code, requirement.id]),
    }
    plan = ("projects:plan-item", [org, code, requirement.kind, requirement.id])
    name, args = hrefs.get(requirement.kind, plan)
    return {
        "href": reverse(name, args=args),
        "item": item,
        "requirement": requirement,
        "anchor": anchor(requirement.kind, requirement.id),
        "kind": KINDS[requirement.kind],
        "symbol": SYMBOLS[item.state],
        "word": WORDS[item.state],
        "tone": TONES[item.state],
        "words": judged_words(item),
    }
