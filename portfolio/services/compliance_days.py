"""The trend of compliance: sums of the office and of each portfolio by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db.models import Count, QuerySet, Sum

from pmo.models import Organisation
from pmo.selectors.clock import status_date_of
from portfolio.analysis.compliance import judge_all, summed
from portfolio.analysis.facts import LIVE
from portfolio.models import ComplianceDay, ProjectCompliance
from portfolio.selectors.compliance_facts import requirements_of
from projects.models import Project

CHUNK: Final = 500
SUMS: Final = ("applicable", "met", "waived", "breached")
Sums = dict[int | None, dict[str, int]]  # portfolio (None: all) -> sums


def live_compliance(organisation_id: int) -> QuerySet[ProjectCompliance]:
    """The kept compliance of the projects that count in sums."""
    return ProjectCompliance.objects.filter(
        organisation_id=organisation_id,
        project__status__in=sorted(LIVE),
        project__archived_at__isnull=True,
        as_of__isnull=False,
    )


def compliance_day_record(organisation: Organisation) -> None:
    """Keep the sums of the office and of each portfolio as the status date's. Doing it again changes nothing."""
    days_write(organisation, {status_date_of(organisation): _sums_now(organisation)})


def _sums_now(organisation: Organisation) -> Sums:
    rows = live_compliance(organisation.pk).order_by().values("project__portfolio_id")
    summed_up = rows.annotate(projects=Count("id"), **{name: Sum(name) for name in SUMS})
    found: Sums = {}
    for portfolio, *sums in summed_up.values_list("project__portfolio_id", "projects", *SUMS):
        found[portfolio] = dict(zip(("projects", *SUMS), sums, strict=True))
    return _with_whole(found)


def _with_whole(by_portfolio: Sums) -> Sums:
    whole = {name: sum(row[name] for row in by_portfolio.values()) for name in ("projects", *SUMS)}
    return {None: whole, **by_portfolio}


def days_write(organisation: Organisation, days: dict[date, Sums]) -> None:
    """Put rows of the trend in place of those kept for the same days."""
    kept = {
        (row.day, row.portfolio_id): row
        for row in ComplianceDay.objects.filter(organisation=organisation, day__in=list(days))
    }
    new, changed = [], []
    for day, by_portfolio in days.items():
        for portfolio, values in by_portfolio.items():
            row = kept.pop((day, portfolio), None)
            if row is None:
                new.append(ComplianceDay(organisation=organisation, day=day, portfolio_id=portfolio, **values))
            elif any(getattr(row, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(row, name, value)
                changed.append(row)
    ComplianceDay.objects.filter(pk__in=[row.pk for row in kept.values()]).delete()
    ComplianceDay.objects.bulk_create(new, batch_size=CHUNK)
    ComplianceDay.objects.bulk_update(changed, ["projects", *SUMS], batch_size=CHUNK)


def days_differences(organisation: Organisation) -> list[str]:
    """Compare the sums kept of the status date with those of the projects; one sentence for each difference."""
    day = status_date_of(organisation)
    rows = ComplianceDay.objects.filter(organisation=organisation, day=day)
    kept = {row.portfolio_id: {name: getattr(row, name) for name in ("projects", *SUMS)} for row in rows}
    wanted = _sums_now(organisation)
    return [
        f"The compliance of {f'portfolio {key}' if key else 'the office'} on {day}: {kept.get(key)} is kept, the "
        f"projects say {wanted.get(key)}."
        for key in sorted(kept.keys() | wanted.keys(), key=lambda key: key or 0)
        if kept.get(key) != wanted.get(key)
    ]


def compliance_days_backfill(organisation: Organisation, days: Iterable[date]) -> None:
    """Compute the sums of past days from the rows and keep them: for an office whose past was brought in. Which
    projects are live, and whose portfolio they are in, is taken as it is now. Call in a transaction."""
    live = Project.objects.filter(organisation=organisation, status__in=sorted(LIVE), archived_at__isnull=True)
    portfolios = dict(live.order_by("id").values_list("id", "portfolio_id"))
    wanted: dict[date, Sums] = {}
    for day in days:
        found: Sums = defaultdict(lambda: dict.fromkeys(("projects", *SUMS), 0))
        for project, asked in requirements_of(organisation, day).items():
            if project in portfolios:
                sums, row = summed(judge_all(asked, day)), found[portfolios[project]]
                row["projects"] += 1
                for name in SUMS:
                    row[name] += getattr(sums, name)
        wanted[day] = _with_whole(found)
    days_write(organisation, wanted)
