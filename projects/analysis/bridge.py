"""The way from the first baseline's budget to today's estimate, step by step: what changed, and by which request."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from pmo.kit.money import round_money
from projects.analysis.earned_value import Performance

BUDGETED = "Budget approved without a change request"
SO_FAR = "Cost performance so far"
REMAINING = "Remaining work, against its budget"
ABOVE_BUDGET = "Estimate against budget"


class BaselineBudget(NamedTuple):
    """A baseline, in the order of their numbers. `request` is the number of the change request that made it."""

    number: int
    bac: Decimal
    request: int | None
    title: str


class Step(NamedTuple):
    """One step; `reaches` is the height after it. `kind`: change, budget, so_far, remaining or estimate.

    `baseline` and `request` are the numbers it comes of, None where it comes of none.
    """

    kind: str
    title: str
    amount: Decimal
    reaches: Decimal
    baseline: int | None
    request: int | None


class Bridge(NamedTuple):
    """`start` + all amounts of `steps` = `end` exactly, in minor units. `reason` says why it ends short of EAC."""

    start: Decimal | None
    steps: tuple[Step, ...]
    end: Decimal | None
    reason: str | None


def bridge(baselines: Sequence[BaselineBudget], now: Performance) -> Bridge:
    """From the first of `baselines` to `now.eac`. Without any baseline the budget in force is the first.

    Without a budget there is nothing to start from: `start` and `end` are None and the reason is that of BAC. Without
    an estimate the bridge ends at BAC with the reason of EAC.
    """
    bac, ev, ac, eac = (_shown(value, now.currency) for value in (now.bac, now.ev, now.ac, now.eac))
    if bac is None:
        return Bridge(None, (), None, now.undefined["bac"])
    heights = [round_money(baseline.bac, now.currency) for baseline in baselines]
    start = heights[0] if heights else bac
    raised: list[tuple[str, str, Decimal, int | None, int | None]] = []
    for before, after, baseline in zip(heights, heights[1:], baselines[1:], strict=False):
        title = baseline.title or f"Baseline {baseline.number}"
        raised.append(("change", title, after - before, baseline.number, baseline.request))
    if heights and heights[-1] != bac:
        raised.append(("budget", BUDGETED, bac - heights[-1], None, None))
    if eac is None or ac is None:
        return Bridge(start, _stacked(start, raised), bac, now.undefined.get("eac"))
    if ev is None:
        raised.append(("estimate", ABOVE_BUDGET, eac - bac, None, None))
    else:
        raised.append(("so_far", SO_FAR, ac - ev, None, None))
        raised.append(("remaining", REMAINING, (eac - ac) - (bac - ev), None, None))
    return Bridge(start, _stacked(start, raised), eac, None)


def _shown(value: Decimal | None, currency: str) -> Decimal | None:
    return None if value is None else round_money(value, currency)


def _stacked(start: Decimal, raised: Sequence[tuple[str, str, Decimal, int | None, int | None]]) -> tuple[Step, ...]:
    steps = []
    for kind, title, amount, baseline, request in raised:
        start += amount
        steps.append(Step(kind, title, amount, start, baseline, request))
    return tuple(steps)
