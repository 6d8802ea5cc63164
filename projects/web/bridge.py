"""The bridge drawn: each step of it a bar on one scale, in a row of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from projects.analysis.bridge import Bridge
from projects.models import ChangeRequest

WIDTH = 1_000
LEAST = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: `x` and `width` of its bar out of WIDTH; `link` the x where the bar before it ended. `amount` None: a
    height, not a change. `tone`: whole, more or less."""

    title: str
    amount: Decimal | None
    reaches: Decimal
    x: int
    width: int
    link: int
    tone: str
    request: ChangeRequest | None = None


def bars(bridge: Bridge, requests: Mapping[int, ChangeRequest]) -> list[Bar]:
    """Rows from the first baseline to the end; none where there is nothing to start from."""
    if bridge.start is None or bridge.end is None:
        return []
    heights = [Decimal(0), bridge.start, *(step.reaches for step in bridge.steps)]
    low, high = min(heights), max(heights)
    reach = (high - low) or Decimal(1)

    def at(height: Decimal) -> int:
        return int((height - low) / reach * (WIDTH - LEAST))

    def bar(title: str, amount: Decimal | None, start: Decimal, end: Decimal, request: ChangeRequest | None) -> Bar:
        left, right = sorted((at(start), at(end)))
        tone = "whole" if amount is None else "more" if amount > 0 else "less"
        return Bar(title, amount, end, left, max(right - left, LEAST), at(start), tone, request)

    zero = Decimal(0)
    rows = [bar(_("First baseline"), None, zero, bridge.start, None)]
    before = bridge.start
    for step in bridge.steps:
        request = requests.get(step.request) if step.request is not None else None
        rows.append(bar(step.title, step.amount, before, step.reaches, request))
        before = step.reaches
    title = _("Estimate at completion") if bridge.reason is None else _("Budget at completion")
    return [*rows, bar(title, None, zero, bridge.end, None)]
