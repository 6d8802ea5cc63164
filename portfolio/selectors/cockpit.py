"""What the cockpit reads: one page of rows, one set of sums, what is pending, what wants a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from pmo.kit.sums import ExactSum
from pmo.models import OutboxMark
from pmo.selectors.actors import Actor
from portfolio.models import Finding, FindingProject, Portfolio, Programme, RollUpDay
from portfolio.selectors.findings import visible_to as findings_visible_to
from projects.models import Budget, Project
from projects.selectors.projects import projects_for, visible_to

PENDING = ("performance", "portfolio")


def portfolio_rows(actor: Actor) -> QuerySet[Project]:
    """The projects of the cockpit: visible, not archived."""
    return visible_to(actor).filter(archived_at__isnull=True)


class Totals(NamedTuple):
    """Sums over the rows of one currency; ratios are of the sums over rows that have both terms."""

    currency: str
    count: int
    bac: Decimal | None
    ac: Decimal | None
    eac: Decimal | None
    without_eac: int
    measured: int
    red: int
    amber: int
    green: int
    too_green: int
    overdue: int
    attention: int
    computed_at: Any
    cv: Decimal | None
    vac: Decimal | None
    vac_percent: Decimal | None
    cpi: Decimal | None
    spi: Decimal | None
    ev: Decimal | None


def totals(rows: QuerySet[Project]) -> list[Totals]:
    """Sums by currency, the one with the most projects first: one query, never a sum over two currencies."""
    both = Q(performance__ev__isnull=False, performance__ac__isnull=False)
    planned = Q(performance__ev__isnull=False, performance__pv__isnull=False)
    forecast = Q(performance__bac__isnull=False, performance__eac__isnull=False)
    worse = Q(standing__declared="green", standing__health__in=("amber", "red")) | Q(
        standing__declared="amber", standing__health="red"
    )
    lapsed = Q(finish__lt=Coalesce("performance__status_date", "finish"), status__in=("active", "on_hold"))
    sums = (
        rows.order_by()
        .values("currency")
        .annotate(
            count=Count("id"),
            bac_sum=ExactSum("performance__bac"),
            ac_sum=ExactSum("performance__ac"),
            eac_sum=ExactSum("performance__eac"),
            with_eac=Count("performance__eac"),
            measured=Count("id", filter=both),
            ev_both=ExactSum("performance__ev", filter=both),
            ac_both=ExactSum("performance__ac", filter=both),
            ev_planned=ExactSum("performance__ev", filter=planned),
            pv_planned=ExactSum("performance__pv", filter=planned),
            bac_forecast=ExactSum("performance__bac", filter=forecast),
            eac_forecast=ExactSum("performance__eac", filter=forecast),
            red=Count("id", filter=Q(standing__health="red")),
            amber=Count("id", filter=Q(standing__health="amber")),
            green=Count("id", filter=Q(standing__health="green")),
            too_green=Count("id", filter=worse),
            overdue=Count("id", filter=lapsed),
            attention=Count(
                "id",
                filter=Q(standing__health="red") | Q(standing__top_finding_severity__in=("critical", "high")),
            ),
            computed=Max("performance__computed_at"),
        )
    )
    found = [_totals(row) for row in sums]
    return sorted(found, key=lambda total: (-total.count, total.currency))


def _totals(row: Mapping[str, Any]) -> Totals:
    vac = _minus(row["bac_forecast"], row["eac_forecast"])
    return Totals(
        currency=row["currency"],
        count=row["count"],
        bac=row["bac_sum"],
        ac=row["ac_sum"],
        eac=row["eac_sum"],
        without_eac=row["count"] - row["with_eac"],
        measured=row["measured"],
        red=row["red"],
        amber=row["amber"],
        green=row["green"],
        too_green=row["too_green"],
        overdue=row["overdue"],
        attention=row["attention"],
        computed_at=row["computed"],
        cv=_minus(row["ev_both"], row["ac_both"]),
        vac=vac,
        vac_percent=None if vac is None or not row["bac_forecast"] else vac / row["bac_forecast"] * 100,
        cpi=_over(row["ev_both"], row["ac_both"]),
        spi=_over(row["ev_planned"], row["pv_planned"]),
        ev=row["ev_both"],
    )


def _minus(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a - b


def _over(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or not b else a / b


class Pending(NamedTuple):
    """Work owed to one project's figures."""

    entries: int
    since: Any
    dead: bool


def pending(organisation_id: int, project_ids: Iterable[int]) -> dict[int, Pending]:
    """What is being recomputed, by project: one query."""
    marks = OutboxMark.objects.filter(
        organisation_id=organisation_id, kind__in=PENDING, subject_id__in=list(project_ids)
    )
    found = marks.values_list("subject_id").annotate(
        entries=Count("id", filter=Q(kind="performance")), since=Min("created_at"), dead=Count("dead_at")
    )
    return {subject: Pending(entries, since, bool(dead)) for subject, entries, since, dead in found}


def trends(
    actor: Actor, scope: Mapping[str, Any], currency: str, today: date, months: int = 12
) -> list[dict[str, Any]]:
    """Roll-ups at the last month ends and now, oldest first: one query. Empty for who does not see the whole scope."""
    if not actor.everywhere("money.view"):
        return []
    days = RollUpDay.objects.filter(
        organisation=actor.organisation, currency=currency, day__gt=today - timedelta(days=31 * (months + 1)), **scope
    )
    by_month: dict[tuple[int, int], dict[str, Any]] = {}
    for row in days.order_by("day").values():
        by_month[row["day"].year, row["day"].month] = row
    return list(by_month.values())[-months:]


class Decision(NamedTuple):
    """Something that waits for somebody."""

    kind: str
    day: date
    title: str
    sub: str
    effect: str
    code: str
    pk: int


def decisions(actor: Actor, rows: QuerySet[Project], limit: int = 5) -> tuple[list[Decision], int]:
    """Submitted budgets the actor may decide, then the gravest findings nobody has taken. At most three queries."""
    found: list[Decision] = []
    count = 0
    if actor.allows("budget.approve"):
        mine = projects_for(actor, "budget.approve").values("pk")
        waiting = Budget.objects.filter(project__in=mine, state=Budget.State.SUBMITTED).exclude(proposed_by=actor.user)
        for budget in (
            waiting.select_related("project").annotate(total=Sum("lines__amount")).order_by("created_at")[:limit]
        ):
            amount = f"{budget.total or 0:,.0f} {budget.project.currency}"
            sub = f"{budget.project.code}, {budget.project.name}"
            found.append(
                Decision("budget", budget.created_at.date(), str(budget), sub, amount, budget.project.code, budget.pk)
            )
        count += len(found)
    if actor.allows("finding.view"):
        grave = findings_visible_to(actor).filter(
            status=Finding.Status.OPEN,
            severity__in=("critical", "high"),
            pk__in=FindingProject.objects.filter(project__in=rows.order_by().values("pk")).values("finding_id"),
        )
        grave = grave.order_by("severity_rank", "first_seen", "id")
        listed = list(grave.prefetch_related("concerned__project")[: limit + 1])
        for finding in listed:
            codes = [link.project.code for link in finding.concerned.all()]
            sub = ", ".join(codes[:3]) + (f" +{len(codes) - 3}" if len(codes) > 3 else "")
            found.append(
                Decision(
                    "finding",
                    finding.first_seen.date(),
                    finding.title,
                    sub,
                    finding.severity,
                    codes[0] if codes else "",
                    finding.pk,
                )
            )
        count += len(listed)
    return found[:limit], count


def structure(actor: Actor) -> tuple[list[Portfolio], list[Programme]]:
    """Portfolios and programmes that have a project the actor sees: two queries."""
    mine = portfolio_rows(actor).order_by()
    portfolios = Portfolio.objects.filter(organisation=actor.organisation, pk__in=mine.values("portfolio_id"))
    programmes = Programme.objects.filter(organisation=actor.organisation, pk__in=mine.values("programme_id"))
    return list(portfolios), list(programmes)
