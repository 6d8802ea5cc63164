"""The project page: everything about one project on one screen, and the parts of it that changed since."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from pmo.kit import graphics
from pmo.kit.figures import money as shown_money
from pmo.kit.money import round_money
from pmo.selectors.clock import status_date_of
from pmo.web.pages import OfficeRequest, page
from portfolio.selectors.project_page import findings_of, project_shown, state_of
from projects.analysis.bands import tone_of
from projects.analysis.earned_value import measure
from projects.analysis.estimates import side_by_side, why_chosen
from projects.analysis.forecast import EAC_FORMULAS
from projects.analysis.metrics import METRIC, METRICS, in_symbols, sentence
from projects.analysis.presentation import as_shown
from projects.analysis.reporting import missing_words
from projects.analysis.series import series
from projects.models import Project
from projects.selectors.activity import happenings
from projects.selectors.budgets import versions_of
from projects.selectors.converted import project_converted
from projects.selectors.facts import performance_facts
from projects.selectors.ledger import counts, entries_for
from projects.selectors.pending import Pending, pending_of
from projects.selectors.rights import rights_on
from projects.selectors.statements import declaration_now
from projects.web.activity import words
from projects.web.charts import index, money_bar, scale_for, scurve, unit_words
from projects.web.dates import date_asked, known_at_asked, moment_query
from projects.web.phases import phases_shown

GROUPS = (
    ("cost", ("bac", "ac", "committed", "ev", "cv", "cv_percent", "cpi", "budget_variance", "spend_percent")),
    ("schedule", ("pv", "sv", "sv_percent", "spi", "percent_complete", "es", "sv_t", "spi_t", "ieac_t")),
    ("forecast", ("eac", "etc", "vac", "vac_percent", "tcpi_bac", "tcpi_eac")),
)
# Figures that tell nothing of money: what everybody who sees the project sees.
WITHOUT_MONEY = frozenset({"percent_complete", "spi", "sv_percent", "es", "sv_t", "spi_t", "ieac_t"})
INDICES = ("cpi", "spi", "tcpi_bac", "spi_t")
LEDGER_ROWS = 8
LINES = 8


@page("project.view", as_of=True, known_at=True)
def project(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """The whole page."""
    return render(request, "portfolio/project.html", _context(request, code))


@page("project.view", as_of=True, known_at=True)
def project_live(request: OfficeRequest, org: str, code: str) -> HttpResponse:
    """What changed since `state`, as out-of-band parts; 204 when nothing did."""
    shown = project_shown(request.actor, code)
    if request.GET.get("state", "") == state_of(shown, pending_of(shown)):
        return HttpResponse(status=204)
    response = render(request, "portfolio/_project_live.html", _context(request, code))
    response["Cache-Control"] = "no-store"
    return response


def _context(request: OfficeRequest, code: str) -> dict[str, Any]:
    actor = request.actor
    found = project_shown(actor, code)
    rights = rights_on(actor, found)
    status_date, other_day = date_asked(request)
    asked_at = known_at_asked(request)
    other_day = other_day or asked_at is not None
    computed = getattr(found, "performance", None)
    if computed is not None and computed.status_date is not None and not other_day:
        status_date = computed.status_date  # the day that the figures really are of
    pending = pending_of(found)
    context = {
        "project": found,
        "can": {right.replace(".", "_"): True for right in rights},
        "tab": "overview",
        "nav_active": "portfolio",
        "status_date": status_date,
        "as_of_here": True,
        "other_day": other_day,
        "pending": pending,
        "state": state_of(found, pending),
        "hrefs": _hrefs(actor.organisation.slug, code, moment_query(request)),
        "standing": getattr(found, "standing", None),
        "phases": phases_shown(found, status_date),
        "declaration": declaration_now(found, status_date_of(actor.organisation)),
        "happenings": [
            (line, words(line))
            for line in happenings(found, log="audit.view" in rights, money="money.view" in rights, limit=LINES)
        ],
    }
    reasons = context["standing"].health_reasons if context["standing"] else []
    context["reasons"] = [
        reason | {"text": reason["text"].rstrip(".")}
        for reason in reasons
        if "money.view" in rights or reason["metric"] in (*WITHOUT_MONEY, "")
    ]
    context |= _figures(found, status_date, other_day, pending, asked_at, money="money.view" in rights)
    if "finding.view" in rights:
        context["findings"], context["finding_count"] = findings_of(actor, found)
    if "money.view" in rights:
        counted, versions = counts(found), versions_of(found, parts=False, limit=4)
        converted = project_converted(
            found, actor.organisation, as_of=status_date, known_at=asked_at, kept=not other_day
        )
        context |= {
            "entries": entries_for(actor, found).order_by("-incurred_on", "-id")[:LEDGER_ROWS],
            "converted": converted,
            "missing_said": missing_words(converted.missing) if converted and converted.missing else "",
            "can_rates": actor.allows("rate.view"),
            "entry_count": sum(counted.values()),
            "commitment_count": counted.get("commitment", 0),
            "versions": versions,
            "waiting": next((item for item in versions if item.budget.state == "submitted"), None),
        }
    return context


def _hrefs(org: str, code: str, query: str) -> dict[str, str]:
    """Where each figure is explained, as at the moment that the page is."""
    return {key: reverse("projects:explain", args=[org, code, key]) + query for key in METRIC}


def _figures(
    found: Project,
    status_date: date,
    other_day: bool,
    pending: Pending | None,
    asked_at: datetime | None,
    *,
    money: bool,
) -> dict[str, Any]:
    """Figures and charts. Of the current date the figures are those last computed, the same as in every list."""
    performance = getattr(found, "performance", None)
    stored = performance is not None and performance.computed_at is not None and not other_day
    known_at = performance.computed_at if stored and pending else asked_at
    facts = performance_facts([found.pk], as_of=status_date, known_at=known_at)[found.pk].facts
    if stored:
        figures = {metric.key: getattr(performance, metric.key) for metric in METRICS}
        undefined, method = performance.undefined, performance.eac_method
        eacs = {key: None if text is None else Decimal(text) for key, text in performance.eacs.items()}
    else:
        measured = measure(facts, status_date)
        figures, undefined, method = as_shown(measured), measured.undefined, measured.eac_method
        eacs = measured.eacs
    points = series(facts, status_date)
    scale = scale_for([figures["bac"], figures["eac"], figures["ac"]])
    tones = {key: tone_of(key, figures) for key in figures}
    shown = {key: value for key, value in figures.items() if money or key in WITHOUT_MONEY}
    chart = scurve(points, figures, found.currency, scale, status_date, found.forecast_finish) if money else None
    spec = f"{found.currency}:{scale}"
    return {
        "figures": shown,
        "undefined": undefined,
        "tones": tones,
        "eac_method": method,
        "scale": scale,
        "spec": spec,
        "unit": unit_words(found.currency, scale),
        "groups": [(name, [METRIC[key] for key in keys if key in shown]) for name, keys in GROUPS],
        "scurve": chart,
        **(_legend(figures, tones, method, spec) if chart is not None else {}),
        **(_estimates(found, figures, eacs, undefined, method, facts.eac_method, status_date) if money else {}),
        "index": index(points, figures, status_date) if money else None,
        "bar": money_bar(figures, found.currency, scale) if money else None,
    }


def _estimates(
    found: Project, figures: dict[str, Any], eacs: dict[str, Decimal | None], undefined: dict[str, str], method: str,
    own: str, status_date: date,
) -> dict[str, Any]:  # fmt: skip
    """The five estimates beside one another, why the one that counts does, and what the indices say in words."""
    shown = {key: None if value is None else round_money(value, found.currency) for key, value in eacs.items()}
    return {
        "estimates": side_by_side(
            shown, undefined, bac=figures["bac"], method=method, status_date=status_date, final=figures["eac"]
        ),
        "chosen_because": why_chosen(method, own, found.eac_method_reason),
        "sentences": [
            (METRIC[key].short, sentence(METRIC[key], figures[key])) for key in INDICES if figures[key] is not None
        ],
    }


def _legend(figures: dict[str, Any], tones: dict[str, str], method: str, spec: str) -> dict[str, Any]:
    """The two variances beside the curve's legend, and what its forecast rests on."""
    variances = (
        (key.upper(), f"t-{graphics.tone_of(tones[key])}" if tones[key] in ("amber", "red") else "", figures[key])
        for key in ("cv", "sv")
        if figures[key] is not None
    )
    currency, _colon, scale = spec.partition(":")
    legend = format_html_join(
        "",
        '<li class="{}">{} <b class="tnum {}">{}</b></li>',
        (
            ("push" if place == 0 else "", name, css, shown_money(value, currency, scale=scale))
            for place, (name, css, value) in enumerate(variances)
        ),
    )
    rests_on = in_symbols(EAC_FORMULAS[method]) if method in EAC_FORMULAS else ""
    note = _("cumulative, EAC by %s") % rests_on if rests_on else _("cumulative")
    return {"scurve_legend": legend, "scurve_note": note}
