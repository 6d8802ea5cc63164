"""What the project's charts draw: lists of plain numbers by month, in the unit the page shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _

from pmo.kit import figures as shown
from pmo.kit.money import symbol
from projects.analysis.bands import BANDS
from projects.analysis.periods import month_index, month_last
from projects.analysis.series import PeriodPoint

DIVISORS = {"": Decimal(1), "k": Decimal(1000), "m": Decimal(1_000_000)}
FURTHEST = 24  # months drawn beyond the plan for a late forecast
OVERDUE = 3  # months drawn where the plan is over and no forecast finish is known
Figures = dict[str, Decimal | None]


def scale_for(amounts: Sequence[Decimal | None]) -> str:
    """ "" below 100,000, k below 1,000 million, else m: so that four digits say what matters."""
    largest = max((abs(amount) for amount in amounts if amount is not None), default=Decimal(0))
    if largest < 100_000:
        return ""
    return "k" if largest < 1_000_000_000 else "m"


def unit_words(currency: str, scale: str) -> str:
    """ "£k", "EUR": what stands in the head of a card."""
    return f"{symbol(currency)}{scale}"


def scurve(
    points: Sequence[PeriodPoint], figures: Figures, currency: str, scale: str, status_date: date, finish: date | None
) -> dict[str, Any] | None:
    """PV, EV, AC by month and the way from AC to EAC; None where nothing is dated."""
    if not points:
        return None
    ends = [point.period_end for point in points]
    status = next((i for i, end in enumerate(ends) if end >= status_date), len(ends) - 1)
    pv = [point.pv for point in points]
    last_known = ends[-1]
    planned = len(ends)
    eac, ac = figures.get("eac"), figures.get("ac")
    if eac is not None and eac != ac:
        late = 0 if finish is None else month_index(finish) - month_index(last_known)
        beyond = min(max(late, OVERDUE if status == len(ends) - 1 else 0), FURTHEST)
        ends += [month_last(month_index(last_known) + step) for step in range(1, beyond + 1)]
        pv += [pv[-1]] * beyond
    divisor = DIVISORS[scale]

    def drawn(amount: Decimal | None) -> float | None:
        return None if amount is None else round(float(amount / divisor), 6)

    def padded(values: list[Decimal | None]) -> list[float | None]:
        return [drawn(value) for value in values] + [None] * (len(ends) - len(values))

    def said(key: str) -> str:
        return shown.money(figures.get(key), currency, scale=scale) or "–"

    return {
        "months": month_labels(ends),
        "pv": padded(pv),
        "ev": padded([point.ev for point in points]),
        "ac": padded([point.ac for point in points]),
        "eac": padded(_to_completion(pv, status, figures, planned)),
        "bac": drawn(figures.get("bac")),
        "status": status,
        "now_values": {key: said(key) for key in ("pv", "ev", "ac", "eac")},
        "label": _("S-curve: PV %(pv)s, EV %(ev)s, AC %(ac)s at the status date; forecast %(eac)s, in %(unit)s.")
        % {**{key: said(key) for key in ("pv", "ev", "ac", "eac")}, "unit": unit_words(currency, scale)},
    }


def _to_completion(pv: list[Decimal | None], status: int, figures: Figures, planned: int) -> list[Decimal | None]:
    """From AC at the status date to EAC at the end: as the rest of the plan rises, evenly where none is left."""
    eac, ac = figures.get("eac"), figures.get("ac")
    steps = len(pv) - 1 - status
    if eac is None or ac is None or steps < 1:
        return []
    begin, end = pv[status], pv[-1]
    as_planned = begin is not None and end is not None and end > begin and len(pv) == planned
    way: list[Decimal | None] = [None] * status
    for place in range(status, len(pv)):
        share, at = Decimal(place - status) / steps, pv[place]
        if as_planned and begin is not None and end is not None and at is not None:
            share = (at - begin) / (end - begin)
        way.append(ac + (eac - ac) * share)
    return way


def index(points: Sequence[PeriodPoint], figures: Figures, status_date: date) -> dict[str, Any] | None:
    """CPI and SPI by month up to the status date; None where neither was ever defined."""
    past = [point for point in points if point.period_end <= status_date][-36:]
    while past and past[0].cpi is None and past[0].spi is None:
        past = past[1:]
    if not past:
        return None

    now = {key: shown.ratio(figures.get(key)) or "–" for key in ("cpi", "spi")}

    def drawn(values: Sequence[Decimal | None]) -> list[float | None]:
        return [None if value is None else round(float(value), 6) for value in values]

    return {
        "months": month_labels([point.period_end for point in past]),
        "cpi": drawn([point.cpi for point in past]),
        "spi": drawn([point.spi for point in past]),
        "red": float(BANDS["cpi"].red),
        "target": 1.0,
        "now_values": now,
        "label": _("CPI %(cpi)s and SPI %(spi)s at the status date; 1.00 is on plan.") % now,
    }


def month_labels(ends: Sequence[date]) -> list[str]:
    """ "Jan 26", "Feb", "Mar": the year at the first month and at each January."""
    return [
        (f"{MONTHS_3[end.month]} {end:%y}" if place == 0 or end.month == 1 else str(MONTHS_3[end.month])).capitalize()
        for place, end in enumerate(ends)
    ]


def money_bar(figures: Figures, currency: str, scale: str) -> dict[str, Any] | None:
    """Positions in percent of the bar's width; None where there is neither budget nor cost to draw."""
    bac, ac, eac = figures.get("bac"), figures.get("ac") or Decimal(0), figures.get("eac")
    committed = max(figures.get("committed") or Decimal(0), Decimal(0))
    longest = max(bac or 0, eac or 0, ac + committed)
    if longest <= 0:
        return None
    whole = Decimal(longest) * Decimal("1.035")

    def at(amount: Decimal | None) -> float | None:
        return None if amount is None else round(max(float(amount / whole * 100), 0.0), 2)

    budget, estimate = at(bac), at(eac)
    over = max((estimate or 0) - budget, 0) if budget is not None else 0
    said = {
        key: shown.money(figures.get(key), currency, scale=scale, symbol=True) or _("unknown")
        for key in ("bac", "ac", "committed", "eac")
    }
    apart = budget is None or estimate is None or abs(estimate - budget) > 15
    return {
        "actual": at(ac),
        "committed": round((at(committed) or 0), 2),
        "budget": budget,
        "estimate": estimate,
        "within": min(estimate, budget) if estimate is not None and budget is not None else estimate,
        "over": round(over, 2),
        "both": apart,
        "label": _("Actual %(ac)s, committed %(committed)s, forecast to %(eac)s, against a budget of %(bac)s.") % said,
    }
