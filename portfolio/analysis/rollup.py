"""Figures of many projects as figures of one: sums, and ratios from sums. One result a currency, never a mixture.
Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from projects.analysis.reporting import Figures

SUMMED: Final = ("bac", "pv", "ev", "ac", "committed", "eac")


@dataclass(frozen=True, slots=True)
class Rolled:
    """Totals of one currency.

    Each sum is over the projects that have the figure, None where none has; `left_out[key]` counts those that have
    not. A difference or ratio is taken only over projects that have both its terms, so a project without a measure of
    progress cannot distort CPI. Percentages in percentage points. `projects_without_data`: no budget, no cost, no
    earned value.
    """

    currency: str
    projects_counted: int
    projects_without_data: int
    projects_measured: int
    left_out: Mapping[str, int]
    bac: Decimal | None
    pv: Decimal | None
    ev: Decimal | None
    ac: Decimal | None
    committed: Decimal | None
    eac: Decimal | None
    etc: Decimal | None
    cv: Decimal | None
    cv_percent: Decimal | None
    sv: Decimal | None
    sv_percent: Decimal | None
    cpi: Decimal | None
    spi: Decimal | None
    vac: Decimal | None
    vac_percent: Decimal | None
    budget_variance: Decimal | None
    spend_percent: Decimal | None
    percent_complete: Decimal | None
    tcpi_bac: Decimal | None
    tcpi_eac: Decimal | None


def roll_up(projects: Iterable[Figures]) -> dict[str, Rolled]:
    """By currency code, the totals of `projects`. Formulas: CV = ΣEV − ΣAC, CPI = ΣEV / ΣAC, SPI = ΣEV / ΣPV, VAC% =
    Σ(BAC − EAC) / ΣBAC, each over the projects that have both terms (PMI, Practice Standard for EVM, on roll-up).
    """
    groups: dict[str, list[Figures]] = defaultdict(list)
    for project in projects:
        groups[project.currency].append(project)
    return {currency: _one(currency, group) for currency, group in sorted(groups.items())}


Row = tuple[Decimal | None, ...]  # the figures in the order of SUMMED: read once, walked many times
BAC, PV, EV, AC, COMMITTED, EAC = range(len(SUMMED))


def _one(currency: str, group: list[Figures]) -> Rolled:
    rows: list[Row] = [(p.bac, p.pv, p.ev, p.ac, p.committed, p.eac) for p in group]
    sums: dict[str, Decimal | None] = {}
    left_out: dict[str, int] = {}
    for place, key in enumerate(SUMMED):
        values = [value for row in rows if (value := row[place]) is not None]
        sums[key] = sum(values, Decimal(0)) if values else None
        left_out[key] = len(rows) - len(values)
    ev_ac, ev_pv, bac_eac = _pair(rows, EV, AC), _pair(rows, EV, PV), _pair(rows, BAC, EAC)
    cv, sv, vac = _minus(ev_ac), _minus(ev_pv), _minus(bac_eac)
    return Rolled(
        currency=currency,
        projects_counted=len(rows),
        projects_without_data=sum(1 for row in rows if not row[BAC] and not row[AC] and not row[EV]),
        projects_measured=sum(1 for row in rows if row[EV] is not None and row[AC] is not None),
        left_out=left_out,
        **sums,
        etc=_minus(_pair(rows, EAC, AC)),
        cv=cv,
        cv_percent=_percent(cv, ev_ac[0]),
        sv=sv,
        sv_percent=_percent(sv, ev_pv[1]),
        cpi=_ratio(*ev_ac),
        spi=_ratio(*ev_pv),
        vac=vac,
        vac_percent=_percent(vac, bac_eac[0]),
        budget_variance=_minus(_pair(rows, PV, AC)),
        spend_percent=_percent(*_pair(rows, AC, BAC)),
        percent_complete=_percent(*_pair(rows, EV, BAC)),
        tcpi_bac=_to_complete(rows, BAC),
        tcpi_eac=_to_complete(rows, EAC),
    )


def _pair(rows: list[Row], first: int, second: int) -> tuple[Decimal | None, Decimal | None]:
    pairs = [(one, other) for row in rows if (one := row[first]) is not None and (other := row[second]) is not None]
    if not pairs:
        return None, None
    return sum((one for one, _ in pairs), Decimal(0)), sum((other for _, other in pairs), Decimal(0))


def _to_complete(rows: list[Row], target: int) -> Decimal | None:
    """(ΣBAC − ΣEV) / (Σtarget − ΣAC) over the projects that have all of them; None when nothing is left to spend."""
    work = left = Decimal(0)
    for row in rows:
        bac, ev, ac, aim = row[BAC], row[EV], row[AC], row[target]
        if bac is not None and ev is not None and ac is not None and aim is not None:
            work += bac - ev
            left += aim - ac
    return work / left if left > 0 else None


def _minus(pair: tuple[Decimal | None, Decimal | None]) -> Decimal | None:
    one, other = pair
    return None if one is None or other is None else one - other


def _ratio(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or not other else one / other


def _percent(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    ratio = _ratio(one, other)
    return None if ratio is None else ratio * 100


# Why a figure of a roll-up is undefined, by its key.
_NO_BUDGET: Final = "No project here has an approved budget."
_NO_PLAN: Final = "No project here has a plan up to this date."
_NO_PROGRESS: Final = "No project here has a measure of progress."
_NO_FORECAST: Final = "No project here has a forecast."
_NO_TIME: Final = "Measures in time belong to one project and are not added up."
_NOTHING_LEFT: Final = "Nothing is left to spend, or no project here has the figures it needs."
WHY_UNDEFINED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("bac", "spend_percent"), _NO_BUDGET),
    **dict.fromkeys(("pv", "budget_variance"), _NO_PLAN),
    **dict.fromkeys(("ev", "cv", "cv_percent", "cpi", "sv", "sv_percent", "spi", "percent_complete"), _NO_PROGRESS),
    **dict.fromkeys(("eac", "etc", "vac", "vac_percent"), _NO_FORECAST),
    **dict.fromkeys(("tcpi_bac", "tcpi_eac"), _NOTHING_LEFT),
    **dict.fromkeys(("es", "sv_t", "spi_t", "ieac_t"), _NO_TIME),
    **dict.fromkeys(("ac", "committed"), "No figures have been computed here yet."),
}
