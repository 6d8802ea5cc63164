"""The five estimates at completion side by side: what each says, what it rests on, or why there is none."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from projects.analysis.earned_value import NOTHING_EARNED, TOO_LARGE
from projects.analysis.facts import EAC_METHODS
from projects.analysis.forecast import EAC_FORMULAS, EAC_SAYS, FINISHED
from projects.analysis.metrics import in_symbols
from projects.analysis.periods import in_words
from projects.analysis.planned_value import NO_BUDGET

NAMES: dict[str, str] = {
    "budget_rate": "Rest at budget",
    "cpi": "By cost performance",
    "cpi_spi": "By cost and schedule",
    "bottom_up": "Own estimate of the rest",
    "reported": "As reported",
    FINISHED: "Final cost",
}
STANDARD_CPI = "No method is chosen, so the standard one counts: past cost performance where it is defined."
STANDARD_REPORTED = "No method is chosen and past cost performance is undefined, so the reported estimate counts."


class Estimate(NamedTuple):
    """One method. `vac` = BAC − value. `reason`: why it is undefined, None where it is not."""

    method: str
    name: str
    formula: str
    says: str
    value: Decimal | None
    vac: Decimal | None
    chosen: bool
    reason: str | None


def side_by_side(
    eacs: Mapping[str, Decimal | None],
    undefined: Mapping[str, str],
    *,
    bac: Decimal | None,
    method: str,
    status_date: date,
    final: Decimal | None = None,
) -> tuple[Estimate, ...]:
    """All five in the order of EAC_METHODS; the final cost before them where that is what counts (`method`)."""
    values = {FINISHED: final, **eacs} if method == FINISHED else dict(eacs)
    return tuple(
        Estimate(
            method=key,
            name=NAMES[key],
            formula=in_symbols(EAC_FORMULAS[key]),
            says=EAC_SAYS[key],
            value=values.get(key),
            vac=_difference(bac, values.get(key)),
            chosen=key == method,
            reason=None if key == FINISHED else why_undefined(key, eacs, undefined, status_date),
        )
        for key in ((FINISHED, *EAC_METHODS) if method == FINISHED else EAC_METHODS)
    )


def why_undefined(
    method: str, eacs: Mapping[str, Decimal | None], undefined: Mapping[str, str], status_date: date
) -> str | None:
    """Why one of EAC_METHODS has no value as at `status_date`, by the reasons of the figures it rests on."""
    if eacs.get(method) is not None:
        return None
    if method == "reported":
        return f"No estimate was reported up to {in_words(status_date)}."
    if method == "bottom_up":
        return f"The project gave no estimate of its remaining work up to {in_words(status_date)}."
    missing = undefined.get("bac") or undefined.get("ev")
    if missing or method == "budget_rate":
        return missing or NO_BUDGET
    if eacs.get("cpi") is None or method == "cpi":
        return undefined.get("cpi") or NOTHING_EARNED
    return undefined.get("spi") or undefined.get("pv") or TOO_LARGE


def why_chosen(method: str, own: str, reason: str) -> str:
    """Why `method` counts, given the project's own choice ("" for none) and the reason people gave for it."""
    if method == FINISHED:
        return EAC_SAYS[FINISHED]
    if own:
        return f"Chosen for this project: {reason}" if reason else "Chosen for this project, without a reason."
    if method == "cpi":
        return STANDARD_CPI
    return STANDARD_REPORTED if method == "reported" else ""


def _difference(bac: Decimal | None, value: Decimal | None) -> Decimal | None:
    return None if bac is None or value is None else bac - value
