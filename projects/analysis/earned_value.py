"""The figures of one project at a status date. docs/algorithms/earned_value.md tells the rules in prose."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from projects.analysis.earned_schedule import EarnedSchedule, earned_schedule
from projects.analysis.facts import CostAmount, PerformanceFacts
from projects.analysis.forecast import bounded, chosen, estimates, left_to_spend, reported_by, to_complete
from projects.analysis.methods import earned_at, earned_value
from projects.analysis.planned_value import NO_BUDGET, ZERO, plan_of, planned_value
from projects.analysis.progress import HUNDRED
from projects.analysis.series import PeriodPoint, cpi_trend, series

__all__ = [
    "Performance", "PeriodPoint", "actual_cost", "cpi_trend", "earned_value", "measure", "planned_value", "series",
]  # fmt: skip

ZERO_BUDGET = "The approved budget is not above zero."
NOTHING_EARNED = "Nothing has been earned yet."
ALMOST_NOTHING_EARNED = "Almost nothing has been earned yet."
NOTHING_PLANNED = "Nothing was planned up to the status date."
NOTHING_SPENT = "Nothing has been spent up to the status date."
CREDITS = "Credits exceed costs up to the status date."
NOTHING_LEFT = "Nothing is left to spend."
TOO_LARGE = "Divided by next to nothing, the figure would be too large to mean anything."


@dataclass(frozen=True, slots=True)
class Performance:
    """Every metric of METRICS by its key, unrounded; None where undefined, with the reason in `undefined`.

    `eac_method` is the method behind `eac`: one of EAC_METHODS, "finished" where EAC is the final cost, or "" where
    there is none. `eacs` holds all five estimates by method.
    """

    status_date: date
    currency: str
    bac: Decimal | None
    pv: Decimal | None
    ev: Decimal | None
    ac: Decimal | None
    committed: Decimal | None
    cv: Decimal | None
    cv_percent: Decimal | None
    sv: Decimal | None
    sv_percent: Decimal | None
    cpi: Decimal | None
    spi: Decimal | None
    eac: Decimal | None
    etc: Decimal | None
    vac: Decimal | None
    vac_percent: Decimal | None
    tcpi_bac: Decimal | None
    tcpi_eac: Decimal | None
    es: Decimal | None
    sv_t: Decimal | None
    spi_t: Decimal | None
    ieac_t: Decimal | None
    budget_variance: Decimal | None
    spend_percent: Decimal | None
    percent_complete: Decimal | None
    eac_method: str
    eacs: dict[str, Decimal | None]
    undefined: dict[str, str]


def actual_cost(costs: Iterable[CostAmount], t: date) -> tuple[Decimal, Decimal, bool]:
    """AC(t), commitments to `t`, and whether any actual cost or accrual is recorded at all."""
    ac = committed = ZERO
    spent = False
    for period, kind, amount in costs:
        if period > t:
            continue
        if kind == "commitment":
            committed += amount
        else:
            ac += amount
            spent = True
    return ac, committed, spent


def measure(facts: PerformanceFacts, status_date: date) -> Performance:
    """All figures of the project as at `status_date`."""
    t = status_date
    plan = plan_of(facts)
    bac, pv = plan.bac, plan.value(t)
    ac, committed, spent = actual_cost(facts.costs, t)
    ev, no_ev = earned_at(facts, plan, t)
    no_pv = plan.reason or ""
    figures = _Figures({})
    cpi = figures.quotient("cpi", ev, ac, no_ev, NOTHING_SPENT if ac == 0 else CREDITS)
    cv = figures.difference("cv", ev, ac, no_ev)
    sv = figures.difference("sv", ev, pv, no_ev or no_pv)
    own_etc, reported = left_to_spend(facts, t), reported_by(facts, t)
    eacs = estimates(bac=bac, pv=pv, ev=ev, ac=ac, bottom_up_etc=own_etc, reported=reported)
    no_cpi = figures.why.get("cpi", ALMOST_NOTHING_EARNED if ev else NOTHING_EARNED)
    choice = chosen(facts, t, eacs, ac=ac, spent=spent, why_no_cpi=no_cpi, why_no_pv=no_pv or NOTHING_PLANNED)
    eac, no_eac = choice.value, choice.reason or ""
    vac = figures.difference("vac", bac, eac, NO_BUDGET if bac is None else no_eac)
    ended = t if facts.actual_finish is None else min(t, facts.actual_finish)
    time = earned_schedule(plan, ev, ended) if ev is not None else None
    es, sv_t, spi_t, ieac_t = figures.in_time(time, no_ev or no_pv or ZERO_BUDGET)
    return Performance(
        status_date=t,
        currency=facts.currency,
        bac=figures.known("bac", bac, NO_BUDGET),
        pv=figures.known("pv", pv, no_pv),
        ev=figures.known("ev", ev, no_ev),
        ac=ac,
        committed=committed,
        cv=cv,
        cv_percent=figures.percent("cv_percent", cv, ev, no_ev, NOTHING_EARNED),
        sv=sv,
        sv_percent=figures.percent("sv_percent", sv, pv, no_ev or no_pv, NOTHING_PLANNED),
        cpi=cpi,
        spi=figures.quotient("spi", ev, pv, no_ev or no_pv, NOTHING_PLANNED),
        eac=figures.known("eac", eac, no_eac),
        etc=figures.difference("etc", eac, ac, no_eac),
        vac=vac,
        vac_percent=figures.percent("vac_percent", vac, bac, figures.why.get("vac", ""), ZERO_BUDGET),
        tcpi_bac=figures.to_complete("tcpi_bac", bac, ev, ac, bac, no_ev),
        tcpi_eac=figures.to_complete("tcpi_eac", bac, ev, ac, eac, no_ev or no_eac),
        es=es,
        sv_t=sv_t,
        spi_t=spi_t,
        ieac_t=ieac_t,
        budget_variance=figures.difference("budget_variance", pv, ac, no_pv),
        spend_percent=figures.percent("spend_percent", ac, bac, NO_BUDGET, ZERO_BUDGET),
        percent_complete=figures.percent("percent_complete", ev, bac, no_ev, ZERO_BUDGET),
        eac_method=choice.method,
        eacs=eacs,
        undefined=figures.why,
    )


class _Figures:
    """Computes figures that may be undefined, and keeps the reason of each that is."""

    __slots__ = ("why",)

    def __init__(self, why: dict[str, str]) -> None:
        self.why = why

    def known(self, key: str, value: Decimal | None, missing: str) -> Decimal | None:
        if value is None:
            self.why[key] = missing
        return value

    def difference(self, key: str, first: Decimal | None, second: Decimal | None, missing: str) -> Decimal | None:
        if first is None or second is None:
            self.why[key] = missing
            return None
        return first - second

    def quotient(
        self, key: str, above: Decimal | None, below: Decimal | None, missing: str, not_positive: str
    ) -> Decimal | None:
        if above is None or below is None:
            self.why[key] = missing
            return None
        if below <= 0:
            self.why[key] = not_positive
            return None
        return self.known(key, bounded(above / below), TOO_LARGE)

    def percent(
        self, key: str, above: Decimal | None, below: Decimal | None, missing: str, not_positive: str
    ) -> Decimal | None:
        value = self.quotient(key, above, below, missing, not_positive)
        return None if value is None else value * HUNDRED

    def to_complete(
        self, key: str, bac: Decimal | None, ev: Decimal | None, ac: Decimal, target: Decimal | None, missing: str
    ) -> Decimal | None:
        if bac is None or ev is None or target is None:
            self.why[key] = missing
            return None
        return self.known(key, to_complete(bac, ev, ac, target), NOTHING_LEFT)

    def in_time(
        self, time: EarnedSchedule | None, missing: str
    ) -> tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]:
        """ES, SV(t), SPI(t) and IEAC(t). IEAC(t) = PD / SPI(t), as PD × AT / ES without a rounded quotient inside."""
        if time is None:
            self.why.update(dict.fromkeys(("es", "sv_t", "spi_t", "ieac_t"), missing))
            return None, None, None, None
        es, at, pd = time
        if not at:
            self.why.update(dict.fromkeys(("spi_t", "ieac_t"), "No working time of the plan has passed yet."))
            return es, es - at, None, None
        if not es:
            self.why["ieac_t"] = NOTHING_EARNED
            return es, es - at, es / at, None
        return es, es - at, es / at, self.known("ieac_t", bounded(pd * at / es), TOO_LARGE)
