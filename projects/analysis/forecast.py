"""What the project will cost: the five estimates at completion, which of them counts, and the to-complete index."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from projects.analysis.facts import PerformanceFacts
from projects.analysis.periods import in_words, month_end, working_days

FINISHED = "finished"
# No quotient at or above this is a figure of a real project: it comes of dividing by next to nothing.
BOUND = Decimal(10) ** 15
EAC_FORMULAS: dict[str, str] = {
    "budget_rate": "{ac} + ({bac} − {ev})",
    "cpi": "{bac} / {cpi}",
    "cpi_spi": "{ac} + ({bac} − {ev}) / ({cpi} × {spi})",
    "bottom_up": "{ac} + {bottom_up_etc}",
    "reported": "{reported_eac}",
    FINISHED: "{ac}",
}
EAC_SAYS: dict[str, str] = {
    "budget_rate": "The rest costs what it was budgeted for.",
    "cpi": "The rest costs as much per unit of work as the work done so far.",
    "cpi_spi": "The rest is burdened by both the cost and the schedule performance so far.",
    "bottom_up": "The project estimated the remaining work anew.",
    "reported": "The project manager or the source system reports this cost.",
    FINISHED: "The project is finished: its estimate is what it cost.",
}


class Choice(NamedTuple):
    """The estimate that counts: its method ("" when none is defined), its value, and why there is no value."""

    method: str
    value: Decimal | None
    reason: str | None


def estimates(
    *,
    bac: Decimal | None,
    pv: Decimal | None,
    ev: Decimal | None,
    ac: Decimal,
    bottom_up_etc: Decimal | None,
    reported: Decimal | None,
) -> dict[str, Decimal | None]:
    """All five estimates by method; None where an input is missing, an index is undefined or zero, or the quotient
    reaches BOUND.

    BAC / CPI is computed as BAC × AC / EV, and the one with both indices alike, so that no rounded quotient enters.
    """
    budget_rate = cpi = cpi_spi = None
    if bac is not None and ev is not None:
        left = bac - ev
        budget_rate = ac + left
        if ev > 0 and ac > 0:
            cpi = bounded(bac * ac / ev)
            if pv is not None and pv > 0:
                cpi_spi = bounded(ac + left * ac * pv / (ev * ev))
    return {
        "budget_rate": budget_rate,
        "cpi": cpi,
        "cpi_spi": cpi_spi,
        "bottom_up": None if bottom_up_etc is None else ac + bottom_up_etc,
        "reported": reported,
    }


def bounded(value: Decimal) -> Decimal | None:
    """The value, or None where it is too large to mean anything."""
    return value if -BOUND < value < BOUND else None


def is_finished(facts: PerformanceFacts, t: date) -> bool:
    """Ended on or before `t` by its actual finish; by its status where no actual finish is known."""
    if facts.actual_finish is not None:
        return facts.actual_finish <= t
    return facts.status == "closed"


def reported_by(facts: PerformanceFacts, t: date) -> Decimal | None:
    """The reported estimate, unless it was reported only after `t`."""
    if facts.reported_eac_on is not None and facts.reported_eac_on > t:
        return None
    return facts.reported_eac


def left_to_spend(facts: PerformanceFacts, t: date) -> Decimal | None:
    """The project's own estimate to complete, less what of it lies between the day it was given and `t`.

    None where there is none, or where it was given only after `t`. A month without a working day after the day the
    estimate was given counts whole on that very day and not at all later.
    """
    if facts.bottom_up_etc is not None:
        return facts.bottom_up_etc
    given = facts.remaining_on
    if given is None or given > t:
        return None
    left = Decimal(0)
    for period, amount in facts.remaining:
        end = month_end(period)
        if period > t or t == given:
            left += amount
        elif end > t:
            from_day = max(period, given + timedelta(days=1))
            days = working_days(from_day, end)
            if days:
                left += amount * working_days(t + timedelta(days=1), end) / days
    return left


def chosen(
    facts: PerformanceFacts,
    t: date,
    eacs: dict[str, Decimal | None],
    *,
    ac: Decimal,
    spent: bool,
    why_no_cpi: str,
    why_no_pv: str,
) -> Choice:
    """The estimate that counts. `spent`: the ledger holds an actual cost or accrual.

    A finished project cost what it cost; if its ledger is empty the reported final cost stands in. Otherwise the
    project's own method, without falling back on another behind its back; without one, cpi, else reported.
    """
    if is_finished(facts, t):
        if spent:
            return Choice(FINISHED, ac, None)
        if eacs["reported"] is not None:
            return Choice("reported", eacs["reported"], None)
        return Choice("", None, "The project is finished, but neither its costs nor a final cost are recorded.")
    if facts.eac_method:
        value = eacs[facts.eac_method]
        if value is not None:
            return Choice(facts.eac_method, value, None)
        return Choice(facts.eac_method, None, _missing(facts.eac_method, t, eacs, why_no_cpi, why_no_pv))
    if eacs["cpi"] is not None:
        return Choice("cpi", eacs["cpi"], None)
    if eacs["reported"] is not None:
        return Choice("reported", eacs["reported"], None)
    return Choice("", None, f"{why_no_cpi} No estimate was reported either.")


def _missing(method: str, t: date, eacs: dict[str, Decimal | None], why_no_cpi: str, why_no_pv: str) -> str:
    if method == "reported":
        return f"No estimate was reported up to {in_words(t)}."
    if method == "bottom_up":
        return "The project has given no estimate of its remaining work."
    if method == "cpi_spi" and eacs["cpi"] is not None:
        return why_no_pv
    return why_no_cpi


def to_complete(bac: Decimal, ev: Decimal, ac: Decimal, target: Decimal) -> Decimal | None:
    """TCPI = (BAC − EV) / (target − AC), target being BAC or EAC; None when nothing is left to spend."""
    left = target - ac
    return bounded((bac - ev) / left) if left > 0 else None
