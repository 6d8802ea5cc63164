"""The figures of one project: as kept, or computed for another date or another moment of knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pmo.models import OutboxMark
from pmo.selectors.clock import status_date_of
from projects.analysis.earned_value import Performance, measure
from projects.analysis.facts import PerformanceFacts
from projects.analysis.metrics import METRICS
from projects.analysis.presentation import as_shown
from projects.models import Project, ProjectPerformance
from projects.selectors.facts import performance_facts

KIND = "performance"  # of the outbox mark that owes a project's figures


@dataclass(frozen=True)
class Figures:
    """What is shown of a project's figures. `computed_at` None where they were computed for this answer alone."""

    status_date: date | None
    currency: str
    values: dict[str, Decimal | None]
    eac_method: str
    eacs: dict[str, Any]
    undefined: dict[str, str]
    computed_at: datetime | None
    computed_through: int
    pending: bool


def figures(project: Project, *, as_of: date | None = None, known_at: datetime | None = None) -> Figures:
    """The kept figures, or those as at `as_of` from what was recorded up to `known_at`."""
    pending = OutboxMark.objects.filter(
        organisation_id=project.organisation_id, kind=KIND, subject_id=project.pk
    ).exists()
    if as_of is None and known_at is None:
        kept = ProjectPerformance.objects.filter(project=project).first()
        if kept is not None and kept.computed_at is not None:
            return Figures(
                status_date=kept.status_date,
                currency=kept.currency,
                values={metric.key: getattr(kept, metric.key) for metric in METRICS},
                eac_method=kept.eac_method,
                eacs=kept.eacs,
                undefined=kept.undefined,
                computed_at=kept.computed_at,
                computed_through=kept.computed_through,
                pending=pending,
            )
    facts, performance = measured(project, as_of=as_of, known_at=known_at)
    return Figures(
        status_date=performance.status_date,
        currency=performance.currency,
        values=as_shown(performance),
        eac_method=performance.eac_method,
        eacs={key: None if value is None else f"{value:.2f}" for key, value in performance.eacs.items()},
        undefined=performance.undefined,
        computed_at=None,
        computed_through=facts.computed_through,
        pending=pending if known_at is None else False,
    )


def measured(
    project: Project, *, as_of: date | None = None, known_at: datetime | None = None
) -> tuple[PerformanceFacts, Performance]:
    """Facts and unrounded figures, computed now: for series and derivations."""
    day = as_of or status_date_of(project.organisation)
    facts = performance_facts([project.pk], as_of=day, known_at=known_at)[project.pk].facts
    return facts, measure(facts, day)
