"""The roll-ups of the past twelve month ends, so that trends have something to show from the first day on.

They are computed from the rows as of each of those days with the code that computes today's.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any, Final

from pmo.models import Organisation
from portfolio.analysis.evaluation import evaluate
from portfolio.analysis.facts import PortfolioFacts, ProjectFigures, VendorSpend
from portfolio.analysis.health import assess
from portfolio.analysis.registry import all_rules
from portfolio.selectors.facts import MEASURED, portfolio_facts
from portfolio.selectors.rollups import Summand, summands
from portfolio.selectors.rules import stale_after
from portfolio.selectors.standings import declared_health
from portfolio.services.rollups import rollups_of, rollups_of_day
from projects.analysis.periods import month_index, month_last
from projects.models import Budget, CostEntry
from projects.selectors.facts import performance_facts
from projects.services.performance import figures_of

MONTHS: Final = 12


def history_write(organisation: Organisation, today: date) -> None:
    """Write the roll-ups of the twelve month ends before `today`. Needs the current figures to be there."""
    now = month_index(today)
    current = portfolio_facts(organisation)
    rows = summands(organisation)
    spend = _spend(organisation)
    limit = stale_after(organisation)
    for index in range(now - MONTHS, now):
        day = month_last(index)
        figures = {pk: figures_of(known, day) for pk, known in _facts(organisation, day).items()}
        begun = [project for project in current.projects if project.start is not None and project.start <= day]
        past = _as_of(organisation, day, begun, figures, spend)
        findings: dict[int, set[int]] = defaultdict(set)
        for number, seen in enumerate(evaluate(past, all_rules(), {}).seen):
            for pk in seen.project_ids:
                findings[pk].add(number)
        declared = declared_health(organisation, day, None)
        there = {project.id: project for project in past.projects}
        summed = [
            _summand(row, there[row.id], figures[row.id], declared[row.id].health if row.id in declared else "none")
            for row in rows
            if row.id in there
        ]
        rollups_of_day(organisation, day, rollups_of(summed, findings, day, stale_after=limit))


def _facts(organisation: Organisation, day: date) -> dict[int, Any]:
    return performance_facts(as_of=day, organisation_id=organisation.pk)


def _as_of(
    organisation: Organisation,
    day: date,
    projects: list[ProjectFigures],
    figures: dict[int, dict[str, Any]],
    spend: list[tuple[date, VendorSpend]],
) -> PortfolioFacts:
    approved = set(
        Budget.objects.filter(
            organisation=organisation, state=Budget.State.APPROVED, effective_on__lte=day
        ).values_list("project_id", flat=True)
    )
    own = [name for name in ProjectFigures.__slots__ if name not in (*MEASURED, "has_baseline")]
    past = tuple(
        ProjectFigures(
            **{name: getattr(project, name) for name in own},
            **{name: figures[project.id][name] for name in MEASURED},
            has_baseline=project.id in approved,
        )
        for project in projects
    )
    totals: dict[tuple[int, str, int], Decimal] = defaultdict(Decimal)
    for on, item in spend:
        if on <= day:
            totals[item.vendor_id, item.vendor, item.project_id] += item.amount
    return PortfolioFacts(day, past, tuple(VendorSpend(*key, amount) for key, amount in totals.items()))


def _spend(organisation: Organisation) -> list[tuple[date, VendorSpend]]:
    entries = CostEntry.objects.filter(organisation=organisation, vendor__isnull=False).exclude(
        kind=CostEntry.Kind.COMMITMENT
    )
    rows = entries.values_list("incurred_on", "vendor_id", "vendor__name", "project_id", "amount")
    return [(on, VendorSpend(pk, name, project, amount)) for on, pk, name, project, amount in rows.iterator()]


def _summand(row: Summand, project: ProjectFigures, figures: dict[str, Any], declared: str) -> Summand:
    health = assess(cpi=project.cpi, spi=project.spi, vac_percent=project.vac_percent).colour
    measured = {key: figures[key] for key in ("bac", "pv", "ev", "ac", "committed", "eac")}
    return row._replace(health=health, declared=declared, last_update_on=figures["last_update_on"], **measured)
