"""How changes are told on a page and in a file: figures, rows with where they lead, sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy

from pmo.kit import figures as shown
from pmo.kit.export import rows_response
from pmo.models import Organisation
from portfolio.listings.changed import CHANGES, KIND_WORDS
from portfolio.selectors.changed import TIME, Driven, Line, ProjectChanged, Total
from portfolio.selectors.changed_moments import presets
from projects.analysis.changes import Moment
from projects.analysis.metrics import METRIC, Metric

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "ledger": ("late", "added", "reversed"),
    "ordered": ("ordered",),
    "budget": ("budget", "baseline", "request"),
    "forecast": ("forecast",),
    "progress": ("progress",),
    "health": ("health",),
    "finding": ("finding",),
    "field": ("field", "project"),
}
GROUP_WORDS: Final[dict[str, Any]] = {
    "projects": gettext_lazy("Projects"),
    "ledger": gettext_lazy("Ledger entries"),
    "ordered": gettext_lazy("Orders"),
    "budget": gettext_lazy("Budgets and baselines"),
    "forecast": gettext_lazy("Forecasts"),
    "progress": gettext_lazy("Progress"),
    "health": gettext_lazy("Health"),
    "finding": gettext_lazy("Findings"),
    "field": gettext_lazy("People and dates"),
}
GROUP_OF: Final = {kind: group for group, kinds in GROUPS.items() for kind in kinds}
SINCE: Final[dict[str, Any]] = {
    "week": gettext_lazy("7 days"),
    "days": gettext_lazy("30 days"),
    "month": gettext_lazy("Last month end"),
    "quarter": gettext_lazy("Last quarter end"),
    "year": gettext_lazy("Fiscal year start"),
}
PARTS: Final[dict[str, Any]] = {
    "added": gettext_lazy("entries added"),
    "late": gettext_lazy("recorded late for earlier days"),
    "reversed": gettext_lazy("reversed"),
}


class Figure(NamedTuple):
    """A figure before and after, in words; `drivers`: (words, count, group to look at)."""

    metric: Metric
    before: str | None
    after: str | None
    difference: str | None
    tone: str
    drivers: list[tuple[Any, int, str]]


def told(total: Total, only: ProjectChanged | None) -> dict[str, Any]:
    """One currency: its figures (of one project: all of them that differ) and the parts of the difference in AC."""
    return {
        "currency": total.currency,
        "projects": total.projects,
        "figures": [_figure(one) for one in (only.figures if only else total.figures)],
        "parts": [(words, total.parts[kind]) for kind, words in PARTS.items() if kind in total.parts],
        "difference": total.cost_difference,
    }


def figures_told(one: ProjectChanged) -> list[Figure]:
    """Of one project."""
    return [_figure(figure) for figure in one.figures]


def _figure(one: Driven) -> Figure:
    metric = METRIC[one.key]
    tone = ""
    if one.difference and metric.good != "none":
        tone = "good" if (one.difference > 0) == (metric.good == "high") else "bad"
    drivers: dict[str, list[Any]] = {}
    for kind, count in one.drivers:
        if kind == TIME:
            continue
        group = GROUP_OF[kind]
        drivers.setdefault(group, [GROUP_WORDS[group], 0, group])[1] += count
    return Figure(
        metric,
        _text(metric.unit, one.before),
        _text(metric.unit, one.after),
        _text(metric.unit, one.difference, sign=True),
        tone,
        [(words, count, group) for words, count, group in drivers.values()],
    )


def _text(unit: str, value: Decimal | None, *, sign: bool = False) -> str | None:
    if value is None:
        return None
    places = {"money": 2, "ratio": 3, "percent": 1, "months": 1}[unit]
    return shown.number(value, places, sign=sign)


def project_row(org: str, one: ProjectChanged, query: str) -> dict[str, Any]:
    """A project with the differences people look for first."""
    differences = {figure.key: figure.difference for figure in one.figures}
    return {
        "project": one.project,
        "href": reverse("portfolio:changed-project", args=[org, one.project.code]) + query,
        "money": one.money,
        "cost": one.cost_difference,
        **{key: _difference(one, key, differences) for key in ("bac", "eac", "vac")},
        "cpi": one.values.get("cpi"),
        "drivers": [
            (GROUP_WORDS[group], sum(one.counts.get(kind, 0) for kind in kinds))
            for group, kinds in GROUPS.items()
            if any(one.counts.get(kind) for kind in kinds)
        ],
    }


def _difference(one: ProjectChanged, key: str, differences: Mapping[str, Decimal | None]) -> Decimal | None:
    """Zero where it is the same figure, None where one of the two is undefined."""
    before, after = one.values.get(key, (None, None))
    return None if before is None or after is None else differences.get(key, Decimal(0))


def by_size(projects: Iterable[ProjectChanged]) -> Sequence[ProjectChanged]:
    """Those whose variance at completion moved most first, whose money is hidden last; then by code."""

    def size(one: ProjectChanged) -> tuple[bool, Decimal, str]:
        before, after = one.values.get("vac", (None, None))
        moved = Decimal(0) if before is None or after is None else after - before
        return not one.money, -abs(moved), one.project.code

    return sorted(projects, key=size)


def line_row(org: str, line: Line) -> dict[str, Any]:
    """A change and where its row is."""
    return {"line": line, "kind": KIND_WORDS[line.kind], "href": _href(org, line)}


def _href(org: str, line: Line) -> str:
    code = line.project.code
    if line.subject == "entry":
        return f"{reverse('projects:ledger', args=[org, code])}?{urlencode({'id': line.id})}"
    if line.subject == "request":
        return reverse("projects:change", args=[org, code, line.id])
    if line.subject == "finding":
        return reverse("portfolio:finding", args=[org, line.id])
    names = {"budget": "projects:budgets", "baseline": "projects:changes"}
    return reverse(names.get(line.subject, "projects:activity"), args=[org, code])


def sums_of(lines: Iterable[Line]) -> list[tuple[str, Decimal]]:
    """What the entries listed add up to, by currency."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        if line.amount is not None:
            sums[line.project.currency] = sums.get(line.project.currency, Decimal(0)) + line.amount
    return sorted(sums.items())


def presets_told(
    organisation: Organisation, first: Moment, second: Moment, given: Mapping[str, str]
) -> list[dict[str, Any]]:
    """First moments to choose from, the rest of the address as it is."""
    kept = {name: value for name, value in given.items() if name in ("to", "portfolio", "show") and value}
    days: dict[date, str] = {}
    for key, day in presets(organisation, second.as_of):
        days.setdefault(day, key)  # the end of a month may be that of a quarter as well
    return [
        {
            "name": SINCE[key],
            "href": f"?{urlencode({**kept, 'from': day.isoformat()})}",
            "current": day == first.as_of,
        }
        for day, key in days.items()
    ]


def in_words(moment: Moment, asked: date | datetime | None) -> str | None:
    """The day, and the time where an instant was asked for."""
    return shown.moment(moment.known_at) if isinstance(asked, datetime) else shown.day(moment.as_of)


def file_of(lines: Iterable[Line], first: Moment, second: Moment, file_format: str, stem: str) -> HttpResponseBase:
    """One line a change; the amounts of the ledger's lines add up to the difference in actual cost."""
    query = CHANGES.parse({"format": file_format})
    name = f"{stem}-changed-{first.as_of.isoformat()}-{second.as_of.isoformat()}"
    return rows_response(query, lines, title=str(CHANGES.label), file_format=query.extras["format"], stem=name)
