"""Findings in words: the lines of their history, the figures they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from pmo.kit import figures
from portfolio.models import Finding, FindingEvent
from projects.analysis.metrics import METRIC

HISTORY = {
    "opened": _("First seen"),
    "severity": _("Severity changed"),
    "projects": _("Projects changed"),
    "resolved": _("Resolved itself, its cause is gone"),
    "reopened": _("Seen again after it was resolved"),
    "unsuppressed": _("Back in sight, its time was up"),
    "acknowledged": _("Acknowledged"),
    "assigned": _("Assigned to"),
    "unassigned": _("Nobody assigned any more"),
    "in_treatment": _("In treatment"),
    "suppressed": _("Suppressed until"),
    "reopened_by_hand": _("Reopened"),
    "comment": _("Comment"),
}
TELLING = frozenset({"opened", "resolved", "reopened", "unsuppressed"})  # their text is the title, which is shown above


def history_rows(events: Iterable[FindingEvent]) -> list[dict[str, Any]]:
    """Each line of history: when, who, what, and what was said."""
    return [
        {
            "at": event.at,
            "who": str(event.user) if event.user else "",
            "what": HISTORY.get(event.kind, event.kind),
            "text": "" if event.kind in TELLING else event.text,
            "comment": event.kind == "comment",
        }
        for event in events
    ]


def evidence_rows(finding: Finding, org: str) -> list[dict[str, Any]]:
    """Each figure with its text, its project's code, and where it can be opened."""
    codes = {str(project.pk): project.code for project in finding.projects_shown}  # type: ignore[attr-defined]
    rows = [_evidence(item, codes, org) for item in finding.evidence]
    for unit in {row["unit"] for row in rows}:
        _measure([row for row in rows if row["unit"] == unit])
    return rows


def _measure(rows: list[dict[str, Any]]) -> None:
    """Lengths of bars for figures of one unit that can be compared, in percent of the largest."""
    sizes = [abs(row["number"]) for row in rows if row["number"] is not None]
    if len(sizes) < 2 or not max(sizes):
        return
    for row in rows:
        if row["number"] is not None:
            row["bar"] = f"{abs(row['number']) / max(sizes) * 100:.1f}"
            row["below"] = row["number"] < 0


def _number(value: str | None, unit: str) -> Decimal | None:
    if value is None or unit in ("text", "date"):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def _evidence(item: Mapping[str, Any], codes: Mapping[str, str], org: str) -> dict[str, Any]:
    code = codes.get(item["project"] or "", "")
    metric = item["metric"] or ""
    return {
        "label": item["label"],
        "text": figure_text(item["value"], item["unit"]),
        "unit": item["unit"],
        "number": _number(item["value"], item["unit"]),
        "code": code,
        "href": _address("portfolio:project", org, code) if code else "",
        "explain": _address("projects:explain", org, code, metric) if code and metric in METRIC else "",
    }


def figure_text(value: str | None, unit: str) -> str | None:
    """A kept figure as people read it: '£2,332,000', '−19.4 %', '0.84', '31 Oct 2026', '12 d'. None stays None."""
    if value is None or unit == "text":
        return value
    if unit == "date":
        try:
            return figures.day(date.fromisoformat(value))
        except ValueError:
            return value  # "never", "unknown"
    number = _number(value, unit)
    if number is None:
        return value
    if unit == "%":
        return f"{figures.number(number, 1)} %"
    if unit == "index":
        return figures.ratio(number)
    if unit == "days":
        return f"{figures.number(number)} d"
    if unit == "projects":
        return figures.number(number)
    return figures.money(number, unit, symbol=True, places=0)


def _address(name: str, *args: str) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
