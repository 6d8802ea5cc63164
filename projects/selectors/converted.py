"""The figures of one project in its organisation's currency, and the rates that they were converted by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from pmo.kit.money import round_money
from pmo.models import ExchangeRate, Organisation
from projects.analysis.conversion import MissingRate, Rate
from projects.analysis.earned_value import measure
from projects.models import Project, ProjectReporting
from projects.selectors.facts import performance_facts
from projects.selectors.reporting import reported_figures

PLAN: Final = _("at the rate of the day the budget was approved")
HOW: Final = {
    "bac": ("BAC", PLAN),
    "pv": ("PV", PLAN),
    "ev": ("EV", PLAN),
    "ac": ("AC", _("each cost at the rate of its day")),
    "committed": (_("Committed"), _("each order at the rate of its day")),
    "eac": ("EAC", _("AC, and the rest at the rate of the day the budget was approved")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One figure in the organisation's currency, rounded for showing, and how it is converted."""

    key: str
    name: str
    value: Decimal | None
    how: str


@dataclass(frozen=True, slots=True)
class Converted:
    """`lines` and `rates`, the newest day first; or `missing`, the rate without which there are no figures."""

    currency: str
    lines: tuple[Line, ...] = ()
    rates: tuple[ExchangeRate, ...] = ()
    missing: MissingRate | None = None


def project_converted(
    project: Project, organisation: Organisation, *, as_of: date, known_at: datetime | None = None, kept: bool = False
) -> Converted | None:
    """None for a project in the organisation's own currency, without a query. `kept`: as last computed, where it was.

    Two queries where it is kept, a dozen where it is worked out. The caller has checked who may see the money.
    """
    if project.currency == organisation.currency:
        return None
    row = ProjectReporting.objects.filter(project=project, status_date=as_of).first() if kept else None
    if row is not None:
        if row.missing_on is not None:
            return Converted(row.currency, missing=MissingRate(row.missing_base, row.missing_quote, row.missing_on))
        used = [Rate(base, quote, Decimal(rate), date.fromisoformat(on)) for base, quote, rate, on in row.rates]
        return _converted(row, row.currency, used, organisation, row.computed_at)
    facts = performance_facts([project.pk], as_of=as_of, known_at=known_at)[project.pk].facts
    found = reported_figures(organisation, {project.pk: measure(facts, as_of)}, as_of=as_of, known_at=known_at)
    reported = found[project.pk]
    if isinstance(reported, MissingRate):
        return Converted(organisation.currency, missing=reported)
    return _converted(reported, reported.currency, reported.used, organisation, known_at)


def _converted(
    figures: object, currency: str, used: Iterable[Rate], organisation: Organisation, known_at: datetime | None
) -> Converted:
    lines = []
    for key, (name, how) in HOW.items():
        value: Decimal | None = getattr(figures, key)
        lines.append(Line(key, str(name), None if value is None else round_money(value, currency), str(how)))
    return Converted(currency, tuple(lines), _recorded(used, organisation, known_at))


def _recorded(used: Iterable[Rate], organisation: Organisation, known_at: datetime | None) -> tuple[ExchangeRate, ...]:
    """The rows behind the rates: of a pair and day the one recorded last counts. One query."""
    wanted = {(rate.base, rate.quote, rate.valid_on) for rate in used}
    if not wanted:
        return ()
    rows = ExchangeRate.objects.filter(
        organisation=organisation,
        base__in={base for base, _quote, _on in wanted},
        valid_on__in={on for *_, on in wanted},
    )
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    last = {(row.base, row.quote, row.valid_on): row for row in rows.select_related("recorded_by").order_by("id")}
    return tuple(last[key] for key in sorted(wanted, key=lambda each: (each[2], each), reverse=True) if key in last)
