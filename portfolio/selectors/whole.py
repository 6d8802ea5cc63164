"""One total over projects in several currencies, in the organisation's: the sum, its parts, or the rate it lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet

from pmo.kit.money import round_money
from portfolio.selectors.cockpit import Totals, minus, over
from projects.analysis.parts import rounded_parts
from projects.models import Project

SUMS: Final = ("bac", "pv", "ev", "ac", "eac")
SHOWN: Final = ("bac", "ac", "eac")
Figures = tuple[Decimal | None, ...]  # in the order of SUMS


class Lacks(NamedTuple):
    """A rate that is missing: from when, and how many projects wait for it. No day: they are being converted."""

    base: str
    quote: str
    on: date | None
    projects: int


class Part(NamedTuple):
    """The projects of one currency: their own sums, and the same in the whole's currency. Parts add up to the whole."""

    currency: str
    projects: int
    own: Mapping[str, Decimal | None]
    converted: Mapping[str, Decimal | None]


class Whole(NamedTuple):
    """`total`: over all currencies, in the organisation's; None where a rate is missing. Counts are of all projects."""

    total: Totals | None
    parts: tuple[Part, ...]
    lacks: tuple[Lacks, ...]


def whole_of(rows: QuerySet[Project], by_currency: Sequence[Totals], currency: str) -> Whole | None:
    """The total of the rows in `currency`; None where they are all in one currency. One query where they are not.

    `by_currency` are the sums of the same rows, summed up for this answer (`totals`, not `totals_of`).
    """
    if len(by_currency) < 2:
        return None
    names = [f"reporting__{key}" for key in SUMS]
    abroad = rows.order_by().exclude(currency=currency)
    found = abroad.values_list("currency", "reporting__currency", "reporting__missing_on", *names)
    figures: dict[str, list[Figures]] = defaultdict(list)
    lacking: dict[str, list[date | None]] = defaultdict(list)
    for own, known, missing_on, *values in found:
        if missing_on is not None or known != currency:
            lacking[own].append(missing_on)
        else:
            figures[own].append(tuple(values))
    return put_together(by_currency, figures, lacking, currency)


def put_together(
    by_currency: Sequence[Totals],
    figures: Mapping[str, Iterable[Figures]],
    lacking: Mapping[str, Sequence[date | None]],
    currency: str,
) -> Whole:
    """The whole of sums by currency and the converted figures of the projects abroad. No query."""
    lacks = tuple(
        Lacks(own, currency, min((day for day in days if day), default=None), len(days))
        for own, days in sorted(lacking.items())
    )
    if lacks:
        return Whole(None, (), lacks)
    terms = [
        _terms_of(total) if total.currency == currency else _terms(figures[total.currency]) for total in by_currency
    ]
    summed = {key: _sum(each[key] for each in terms) for key in terms[0]}
    counted: dict[str, Any] = {
        key: sum(getattr(total, key) for total in by_currency)
        for key in ("projects", "without_eac", "measured", "red", "amber", "green", "too_green", "overdue", "attention")
    }
    vac = minus(summed["bac_forecast"], summed["eac_forecast"])
    total = Totals(
        currency=currency,
        computed_at=max((t.computed_at for t in by_currency if t.computed_at), default=None),
        cv=minus(summed["ev_measured"], summed["ac_measured"]),
        vac=vac,
        vac_percent=None if vac is None or not summed["bac_forecast"] else vac / summed["bac_forecast"] * 100,
        cpi=over(summed["ev_measured"], summed["ac_measured"]),
        spi=over(summed["ev_planned"], summed["pv_planned"]),
        ev=summed["ev_measured"],
        bac=_rounded(summed["bac"], currency),
        ac=_rounded(summed["ac"], currency),
        eac=_rounded(summed["eac"], currency),
        **counted,
    )
    return Whole(total, _parts(by_currency, terms, total), ())


def _parts(by_currency: Sequence[Totals], terms: Sequence[Mapping[str, Any]], total: Totals) -> tuple[Part, ...]:
    shown: list[dict[str, Decimal | None]] = [dict.fromkeys(SHOWN) for _ in by_currency]
    for key in SHOWN:
        there = [place for place, each in enumerate(terms) if each[key] is not None]
        whole = getattr(total, key)
        rounded = rounded_parts([terms[place][key] for place in there], whole, total.currency) if there else []
        for place, value in zip(there, rounded, strict=True):
            shown[place][key] = value
    return tuple(
        Part(own.currency, own.projects, {key: getattr(own, key) for key in SHOWN}, converted)
        for own, converted in zip(by_currency, shown, strict=True)
    )


def _terms_of(total: Totals) -> dict[str, Decimal | None]:
    """The sums of projects kept in the whole's own currency."""
    return {
        "bac": total.bac, "ac": total.ac, "eac": total.eac, "ev_measured": total.ev, "ac_measured": total.ac_measured,
        "ev_planned": total.ev_planned, "pv_planned": total.pv_planned, "bac_forecast": total.bac_forecast,
        "eac_forecast": total.eac_forecast,
    }  # fmt: skip


def _terms(rows: Iterable[Figures]) -> dict[str, Decimal | None]:
    """The same of converted figures: a difference or ratio over those that have both its terms."""
    found = list(rows)
    bac, pv, ev, ac, eac = range(len(SUMS))
    measured, planned, forecast = _both(found, ev, ac), _both(found, ev, pv), _both(found, bac, eac)
    return {
        "bac": _sum(row[bac] for row in found), "ac": _sum(row[ac] for row in found),
        "eac": _sum(row[eac] for row in found), "ev_measured": measured[0], "ac_measured": measured[1],
        "ev_planned": planned[0], "pv_planned": planned[1], "bac_forecast": forecast[0], "eac_forecast": forecast[1],
    }  # fmt: skip


def _both(rows: Sequence[Figures], one: int, other: int) -> tuple[Decimal | None, Decimal | None]:
    pairs = [row for row in rows if row[one] is not None and row[other] is not None]
    return _sum(row[one] for row in pairs), _sum(row[other] for row in pairs)


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    found = [value for value in values if value is not None]
    return sum(found, Decimal(0)) if found else None


def _rounded(value: Decimal | None, currency: str) -> Decimal | None:
    return None if value is None else round_money(value, currency)
