"""Which estimate at completion was right: a finished project's estimates on the way, against what it cost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from projects.analysis.earned_value import Performance, measure
from projects.analysis.estimates import why_undefined
from projects.analysis.facts import EAC_METHODS, PerformanceFacts, RemainingAmount
from projects.analysis.forecast import is_finished
from projects.analysis.periods import month_index, month_last
from projects.analysis.progress import HUNDRED

Passed = tuple[date, Decimal, Performance]
CHECKPOINTS = (Decimal(25), Decimal(50), Decimal(75))
ZERO = Decimal(0)
NOT_FINISHED = "The project is not finished."
NO_COST = "No final cost above zero is recorded."
NO_PROGRESS = "No progress by budget is recorded."
NOT_REACHED = "{at} % was not reached at a month end before the project finished."
NONE_THEN = "No estimate was defined by then."
SELDOM = "No estimate was defined for at least half of the projects."


class DatedEstimate(NamedTuple):
    """An estimate as given: `method` "reported" (cost at completion) or "bottom_up" (`remaining`, by month)."""

    on: date
    method: str
    amount: Decimal
    remaining: tuple[RemainingAmount, ...] = ()


class Miss(NamedTuple):
    """One method at one checkpoint; `error_percent` = (estimate − final) / final × 100. None where it was undefined,
    with the `reason`.
    """

    method: str
    estimate: Decimal | None
    error_percent: Decimal | None
    reason: str | None = None


class Checkpoint(NamedTuple):
    """`on` is the month end at which `at` percent were first reached, `percent` what was really reached by then."""

    at: Decimal
    on: date | None
    percent: Decimal | None
    misses: tuple[Miss, ...]
    best: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Score:
    """A project's checkpoints, or the reason why there are none."""

    project_id: int
    currency: str
    final: Decimal | None
    checkpoints: tuple[Checkpoint, ...]
    reason: str | None


class TypeScore(NamedTuple):
    """Over the projects of one type at one checkpoint: mean absolute error in percent and number by method.

    `best` is "" where no method is defined for at least half of the `compared` projects; `reason` then says so.
    """

    kind: str
    at: Decimal
    errors: dict[str, Decimal | None]
    counts: dict[str, int]
    compared: int
    best: str
    reason: str | None


def score(facts: PerformanceFacts, status_date: date, estimates: Sequence[DatedEstimate] = ()) -> Score:
    """Compare the estimates of a finished project with its final cost. `facts` hold all of it, up to `status_date`.

    `estimates` are those given by people over time; without them only what `facts` hold of them can count.
    """
    end = measure(facts, status_date)
    if not is_finished(facts, status_date):
        return Score(facts.project_id, facts.currency, None, (), NOT_FINISHED)
    final = end.eac
    if final is None or final <= 0:
        return Score(facts.project_id, facts.currency, None, (), end.undefined.get("eac", NO_COST))
    finished = facts.actual_finish or status_date
    ends = _month_ends(facts, finished)
    passed: list[Passed] = []
    for on in ends:
        then = measure(_as_given(facts, estimates, on), on)
        if then.percent_complete is not None:
            passed.append((on, then.percent_complete, then))
    if not passed and end.percent_complete is None:
        return Score(facts.project_id, facts.currency, final, (), end.undefined.get("percent_complete", NO_PROGRESS))
    return Score(
        facts.project_id, facts.currency, final, tuple(_checkpoint(at, passed, final) for at in CHECKPOINTS), None
    )


def _month_ends(facts: PerformanceFacts, finished: date) -> list[date]:
    """The month ends from the first statement on that lie before the finish."""
    said = [fact.status_date for fact in facts.progress if fact.status_date < finished]
    if not said:
        return []
    ends = (month_last(index) for index in range(month_index(min(said)), month_index(finished) + 1))
    return [end for end in ends if end < finished]


def _as_given(facts: PerformanceFacts, estimates: Sequence[DatedEstimate], on: date) -> PerformanceFacts:
    """The facts with the estimates people had given by `on`; of one date the last recorded holds."""
    if not estimates:
        return facts
    latest: dict[str, DatedEstimate] = {}
    for given in estimates:
        known = latest.get(given.method)
        if given.on <= on and (known is None or given.on >= known.on):
            latest[given.method] = given
    reported, bottom_up = latest.get("reported"), latest.get("bottom_up")
    return replace(
        facts,
        reported_eac=None if reported is None else reported.amount,
        reported_eac_on=None if reported is None else reported.on,
        bottom_up_etc=None,
        remaining=() if bottom_up is None else bottom_up.remaining,
        remaining_on=None if bottom_up is None else bottom_up.on,
    )


def _checkpoint(at: Decimal, passed: Sequence[Passed], final: Decimal) -> Checkpoint:
    for on, percent, then in passed:
        if percent >= at:
            misses = tuple(_miss(method, then, on, final) for method in EAC_METHODS)
            known = [(abs(miss.error_percent), miss.method) for miss in misses if miss.error_percent is not None]
            best = min(known, key=lambda one: one[0])[1] if known else ""
            return Checkpoint(at, on, percent, misses, best, None if best else NONE_THEN)
    return Checkpoint(at, None, None, (), "", NOT_REACHED.format(at=at))


def _miss(method: str, then: Performance, on: date, final: Decimal) -> Miss:
    estimate = then.eacs.get(method)
    error = None if estimate is None else (estimate - final) / final * HUNDRED
    return Miss(method, estimate, error, why_undefined(method, then.eacs, then.undefined, on))


def by_type(scores: Iterable[tuple[str, Score]]) -> tuple[TypeScore, ...]:
    """One row for each type and checkpoint, types in alphabetical order. Projects without checkpoints do not count."""
    gathered: dict[tuple[str, Decimal], list[Checkpoint]] = {}
    for kind, one in scores:
        for checkpoint in one.checkpoints:
            reached = gathered.setdefault((kind, checkpoint.at), [])
            if checkpoint.on is not None:
                reached.append(checkpoint)
    return tuple(_type_score(kind, at, gathered[kind, at]) for kind, at in sorted(gathered))


def _type_score(kind: str, at: Decimal, reached: Sequence[Checkpoint]) -> TypeScore:
    errors: dict[str, Decimal | None] = {}
    counts: dict[str, int] = {}
    for method in EAC_METHODS:
        found = [
            abs(miss.error_percent)
            for checkpoint in reached
            for miss in checkpoint.misses
            if miss.method == method and miss.error_percent is not None
        ]
        counts[method] = len(found)
        errors[method] = sum(found, ZERO) / len(found) if found else None
    enough = {method for method, count in counts.items() if 2 * count >= len(reached)}
    fit = [(error, method) for method, error in errors.items() if error is not None and method in enough]
    best = min(fit, key=lambda one: one[0])[1] if fit else ""
    nothing = SELDOM if reached else NOT_REACHED.format(at=at)
    why = None if best else nothing
    return TypeScore(kind, at, errors, counts, len(reached), best, why)
