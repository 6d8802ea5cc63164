"""The scoreboard: which estimate at completion was right, on the way, of projects that are finished."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmo.kit import figures
from pmo.kit.export import rows_response
from pmo.kit.parameters import only_known, parse_value, refuse, single_values
from pmo.web.pages import OfficeRequest, page
from portfolio.listings.scoreboard import SCOREBOARD, lines_of
from portfolio.selectors import cockpit as read
from portfolio.selectors.scoreboard import LIMIT, TYPES, Finished, scoreboard, why_silent
from projects.analysis.estimates import NAMES
from projects.analysis.facts import EAC_METHODS
from projects.analysis.forecast import EAC_FORMULAS, EAC_SAYS
from projects.analysis.metrics import in_symbols
from projects.analysis.scoreboard import Checkpoint, TypeScore

KNOWN: Final = frozenset({"by", "portfolio", "format"})
SHOWN: Final = 50  # projects listed one by one; the file has them all
TYPE_WORDS: Final[dict[str, Any]] = {
    "portfolio": gettext_lazy("Portfolios"),
    "programme": gettext_lazy("Programmes"),
    "tier": gettext_lazy("Tiers"),
    "tag": gettext_lazy("Tags"),
}


@page("money.view")
def scoreboard_page(request: OfficeRequest, org: str) -> HttpResponseBase:
    """By type and checkpoint, and the projects behind it; with `format=xlsx|csv` as a file."""
    actor = request.actor
    given = single_values(request.GET)
    only_known(given, KNOWN)
    by = parse_value("by", given["by"], "choice", TYPE_WORDS) if given.get("by") else TYPES[0]
    portfolios, _programmes = read.structure(actor)
    names = {place.code: place.name for place in portfolios}
    asked = given.get("portfolio", "")
    if asked and asked not in names:
        raise refuse("portfolio", _("There is no portfolio “%s” here.") % asked[:60])
    found = scoreboard(actor, by=by, portfolio=asked)
    if given.get("format"):
        actor.require("export.run")
        query = SCOREBOARD.parse({"format": given["format"]})
        return rows_response(
            query, lines_of(found.compared), title=str(SCOREBOARD.label), file_format=query.extras["format"],
            stem=f"{org}-scoreboard",
        )  # fmt: skip
    context = {
        "nav_active": "scoreboard",
        "found": found,
        "methods": [
            {"name": NAMES[key], "formula": in_symbols(EAC_FORMULAS[key]), "says": EAC_SAYS[key]} for key in EAC_METHODS
        ],
        "winners": [
            (point, NAMES.get(point.best, ""), point.errors.get(point.best), point.counts.get(point.best))
            for point in found.whole
        ],
        "blocks": [
            {"name": _("All finished projects"), "rows": [_row(point) for point in found.whole]},
            *_blocks(found.types, {point.kind for point in found.types}),
        ],
        "projects": [_project(org, one) for one in found.compared[:SHOWN]],
        "silent": [
            {"one": one, "href": reverse("portfolio:project", args=[org, one.code]), "why": why_silent(one)}
            for one in found.silent[:SHOWN]
        ],
        "looked_at": len(found.compared) + len(found.silent),
        "limit": LIMIT,
        "shown": SHOWN,
        "by_menu": {
            "label": _("By"),
            "name": "by",
            "value": by,
            "value_text": TYPE_WORDS[by],
            "options": [{"value": key, "text": words} for key, words in TYPE_WORDS.items()],
        },
        "menu": {
            "label": _("Portfolio"),
            "name": "portfolio",
            "value": asked,
            "value_text": names.get(asked, ""),
            "options": [{"value": code, "text": name} for code, name in names.items()],
        },
        "files": {kind: f"?{urlencode({**given, 'format': kind})}" for kind in ("xlsx", "csv")},
    }
    return render(request, "portfolio/scoreboard.html", context)


def _blocks(types: tuple[TypeScore, ...], kinds: set[str]) -> list[dict[str, Any]]:
    return [{"name": kind, "rows": [_row(point) for point in types if point.kind == kind]} for kind in sorted(kinds)]


def _row(point: TypeScore) -> dict[str, Any]:
    """Of one type at one checkpoint, a cell a method: how far off on average, over how many projects."""
    return {
        "at": point.at,
        "compared": point.compared,
        "reason": point.reason,
        "cells": [
            {
                "name": NAMES[key],
                "text": figures.number(point.errors[key], 1),
                "count": point.counts[key],
                "best": key == point.best,
                "reason": _("It was defined for none of these projects at this point."),
            }
            for key in EAC_METHODS
        ],
    }


def _project(org: str, one: Finished) -> dict[str, Any]:
    return {
        "one": one,
        "href": reverse("portfolio:project", args=[org, one.code]),
        "rows": [_point(point) for point in one.score.checkpoints],
    }


def _point(point: Checkpoint) -> dict[str, Any]:
    return {
        "at": point.at,
        "on": point.on,
        "percent": point.percent,
        "reason": point.reason,
        "cells": [
            {
                "name": NAMES[miss.method],
                "text": figures.number(miss.error_percent, 1, sign=True),
                "estimate": miss.estimate,
                "best": miss.method == point.best,
                "reason": miss.reason,
            }
            for miss in point.misses
        ],
    }
