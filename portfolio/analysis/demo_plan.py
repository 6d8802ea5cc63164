"""The plan of a demo project: phases in time, an S-shaped budget, and how much of it is planned and earned by a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from portfolio.analysis.demo_drafts import LineDraft, Shape
from projects.analysis.periods import month_first, month_index, month_last, month_share, working_days

# Share of the time and of the money of each of the five phases.
TIME: Final = (0.10, 0.17, 0.40, 0.23, 0.10)
MONEY: Final = (3, 11, 48, 31, 7)
# By kind of project and phase: categories with their weights.
MIXES: Final[dict[str, tuple[tuple[tuple[str, int], ...], ...]]] = {
    "works": (
        (("labour", 6), ("services", 4)), (("services", 7), ("labour", 3)),
        (("material", 5), ("labour", 3), ("equipment", 2)), (("material", 4), ("labour", 4), ("contingency", 2)),
        (("labour", 7), ("facilities", 3)),
    ),
    "digital": (
        (("labour", 7), ("services", 3)), (("services", 6), ("labour", 4)),
        (("services", 5), ("labour", 4), ("other", 1)), (("labour", 5), ("services", 4), ("contingency", 1)),
        (("labour", 8), ("travel", 2)),
    ),
    "green": (
        (("labour", 6), ("services", 4)), (("services", 7), ("travel", 3)),
        (("material", 4), ("equipment", 4), ("labour", 2)), (("equipment", 5), ("labour", 3), ("contingency", 2)),
        (("labour", 10),),
    ),
}  # fmt: skip
FUNDING: Final = {"works": "Capital programme", "digital": "Change reserve", "green": "Climate fund"}


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Whole parts of `total` in proportion to the weights, adding up exactly."""
    whole = sum(weights)
    parts, given, passed = [], 0, 0.0
    for weight in weights:
        passed += weight
        upto = round(total * passed / whole) if passed < whole else total
        parts.append(upto - given)
        given = upto
    parts[-1] += total - given
    return parts


def dates(shape: Shape, today: date) -> tuple[date, date]:
    """Start on the first of a month, finish on the last of one, so that `elapsed` of it has gone today."""
    first = month_index(today) - round(shape.elapsed * shape.months - 0.3)
    return month_first(first), month_last(first + shape.months - 1)


def phase_dates(start: date, finish: date) -> list[tuple[date, date]]:
    days = (finish - start).days + 1
    spans, begin = [], start
    for length in split(days, TIME):
        spans.append((begin, begin + timedelta(days=length - 1)))
        begin += timedelta(days=length)
    return spans


def budget_lines(shape: Shape, kind: str, spans: Sequence[tuple[date, date]], *, rich: bool) -> list[LineDraft]:
    """Monthly lines of each phase: the phase's money along an S, in its categories (in its main one when not rich)."""
    lines = []
    for phase, (money, span, mix) in enumerate(zip(split(shape.bac, MONEY), spans, MIXES[kind], strict=True), start=1):
        months, weights = _profile(*span)
        mix = mix if rich else mix[:1]
        for category, of_category in zip(mix, split(money, [weight for _, weight in mix]), strict=True):
            operating = kind == "digital" and category[0] in ("labour", "travel") or phase in (1, 5)
            for month, pounds in zip(months, split(of_category, weights), strict=True):
                if pounds:
                    lines.append(
                        LineDraft(
                            phase,
                            category[0],
                            "operating" if operating else "capital",
                            month,
                            pounds * 100,
                            "Revenue budget" if operating else FUNDING[kind],
                        )
                    )
    return lines


def _profile(start: date, finish: date) -> tuple[list[date], list[float]]:
    """The months of a span and the share of an S that falls into each: half even, half a smooth step."""
    whole = max(working_days(start, finish), 1)
    months, weights, before = [], [], 0.0
    for index in range(month_index(start), month_index(finish) + 1):
        gone = working_days(start, min(month_last(index), finish)) / whole
        after = 0.5 * gone + 0.5 * gone * gone * (3 - 2 * gone)
        months.append(month_first(index))
        weights.append(after - before)
        before = after
    if not any(weights):
        weights[-1] = 1.0
    return months, weights


class Curve:
    """Planned pence by month; answers what was planned by the end of a day as the figures of the product do."""

    def __init__(self, lines: Sequence[LineDraft]) -> None:
        self.by_month: dict[int, int] = {}
        self.by_phase = [0] * 5
        for line in lines:
            index = month_index(line.period)
            self.by_month[index] = self.by_month.get(index, 0) + line.pence
            self.by_phase[line.phase - 1] += line.pence
        self.total = sum(self.by_phase)

    def planned(self, day: date) -> float:
        now = month_index(day)
        gone, whole = month_share(day)
        past = sum(pence for index, pence in self.by_month.items() if index < now)
        return past + self.by_month.get(now, 0) * gone / whole

    def percent_by_phase(self, earned: float) -> list[int]:
        """Hundredths of a percent of each phase when work worth `earned` is done in the order of the phases."""
        left, percents = earned, []
        for budget in self.by_phase:
            done = min(max(left, 0.0), budget)
            percents.append(round(done / budget * 10_000) if budget else 0)
            left -= budget
        return percents
