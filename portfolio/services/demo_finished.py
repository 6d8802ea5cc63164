"""Estimates to complete by month that the managers of some finished demo projects gave while they ran."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from portfolio.analysis.demo_drafts import ProjectDraft
from portfolio.services.demo_rows import Home
from projects.analysis.periods import month_index, month_last
from projects.models import Category, Forecast, ForecastLine, Project

EVERY: Final = 2  # months
LEARNT: Final = 0.7  # of the overrun to come is seen at the end


def estimates_write(home: Home, drafts: Sequence[ProjectDraft], by: int) -> None:
    """For every other draft, every second month from the third on: what the plan leaves, and the more of the overrun
    the longer the project has run.
    """
    organisation = home.organisation
    keys = dict(Project.objects.filter(organisation=organisation).values_list("code", "pk"))
    for draft in drafts[::2]:
        first, last = month_index(draft.start), month_index(draft.finish)
        for index in range(first + 2, last, EVERY):
            day = month_last(index)
            seen = LEARNT * (index - first) / (last - first)
            left = _left(draft, index, 1 + (1 / draft.shape.cpi - 1) * seen)
            forecast = Forecast.objects.create(
                organisation=organisation,
                project_id=keys[draft.story.code],
                kind=Forecast.Kind.ETC,
                status_date=day,
                eac=_spent(draft, day) + sum(left.values(), Decimal(0)),
                note="Remaining work estimated anew",
                recorded_at=datetime.combine(day + timedelta(days=1), time(9), tzinfo=UTC),
                recorded_by_id=by,
            )
            ForecastLine.objects.bulk_create(
                ForecastLine(
                    organisation=organisation,
                    forecast=forecast,
                    period=period,
                    category=Category.SERVICES,
                    amount=amount,
                )
                for period, amount in left.items()
            )


def _left(draft: ProjectDraft, index: int, factor: float) -> dict[date, Decimal]:
    """What the plan has after the month, by month, times `factor`, in whole hundreds."""
    months: dict[date, int] = defaultdict(int)
    for line in draft.lines:
        if month_index(line.period) > index:
            months[line.period] += line.pence
    return {period: Decimal(round(pence * factor / 10_000) * 100) for period, pence in sorted(months.items())}


def _spent(draft: ProjectDraft, day: date) -> Decimal:
    return Decimal(sum(e.pence for e in draft.entries if e.kind != "commitment" and e.incurred_on <= day)) / 100
