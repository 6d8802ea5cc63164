"""What the cockpit reads: one page of rows, one set of sums, what is pending, what wants a decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from pmo.kit.sums import ExactSum
from pmo.models import OutboxMark
from pmo.selectors.actors import Actor
from portfolio.analysis.facts import LIVE
from portfolio.models import Finding, FindingProject, Portfolio, RollUpDay
from portfolio.selectors.findings import visible_to as findings_visible_to
from projects.models import Budget, ChangeRequest, Project
from projects.selectors.projects import projects_for, visible_to

PENDING = ("performance", "portfolio")


def portfolio_rows(actor: Actor) -> QuerySet[Project]:
    """The projects of the cockpit: visible, not archived."""
    return visible_to(actor).filter(archived_at__isnull=True)


def running(rows: QuerySet[Project]) -> QuerySet[Project]:
    """Those under way: active or on hold. What roll-ups are over."""
    return rows.filter(status__in=sorted(LIVE))


def one_page(rows: QuerySet[Project], fields: Sequence[str], first: int, size: int) -> list[dict[str, Any]]:
    """The rows of one page as dictionaries: sorted by what is needed for sorting, then read in full. Two queries."""
    ids = list(rows.values_list("pk", flat=True)[first : first + size])
    found = {row["id"]: row for row in Project.objects.filter(pk__in=ids).values(*fields)}
    return [found[pk] for pk in ids if pk in found]


class Totals(NamedTuple):
    """Sums over the rows of one currency; ratios are of the sums over rows that have both terms."""

    currency: str
    projects: int
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
    # The terms of the ratios, where they were summed up for this answer.
    ac_measured: Decimal | None = None
    ev_planned: Decimal | None = None
    pv_planned: Decimal | None = None
    bac_forecast: Decimal | None = None
    eac_forecast: Decimal | None = None


TERMS = ("ac_measured", "ev_planned", "pv_planned", "bac_forecast", "eac_forecast")


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
            ac_measured=ExactSum("performance__ac", filter=both),
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
    return sorted(found, key=lambda total: (-total.projects, total.currency))


def _totals(row: Mapping[str, Any]) -> Totals:
    vac = minus(row["bac_forecast"], row["eac_forecast"])
    return Totals(
        currency=row["currency"],
        projects=row["count"],
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
        cv=minus(row["ev_both"], row["ac_measured"]),
        vac=vac,
        vac_percent=None if vac is None or not row["bac_forecast"] else vac / row["bac_forecast"] * 100,
        cpi=over(row["ev_both"], row["ac_measured"]),
        spi=over(row["ev_planned"], row["pv_planned"]),
        ev=row["ev_both"],
        **{key: row[key] for key in TERMS},
    )


def minus(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a - b


def over(a: Decimal | None, b: Decimal | None) -> Decimal | None:
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


def days_of(actor: Actor, scope: Mapping[str, Any], today: date, months: int = 12) -> dict[str, list[dict[str, Any]]]:
    """Roll-ups of a scope by currency at the last month ends and now, oldest first: one query.

    Nothing for those who do not see the whole organisation's money: their sums are taken live, over what they see.
    """
    if not actor.everywhere("money.view"):
        return {}
    since = today - timedelta(days=31 * (months + 1))
    found: dict[str, dict[tuple[int, int], dict[str, Any]]] = {}
    history = RollUpDay.objects.filter(organisation=actor.organisation, day__gt=since, **scope).order_by("day")
    for row in history.values():
        found.setdefault(row["currency"], {})[row["day"].year, row["day"].month] = {**row}
    return {currency: list(by_month.values())[-months:] for currency, by_month in found.items()}


def totals_of(days: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Totals]:
    """The newest roll-up of each currency in the form of `totals`: no query."""
    found = [_rolled(history[-1]) for history in days.values() if history and history[-1]["projects_counted"]]
    return sorted(found, key=lambda total: (-total.projects, total.currency))


def _rolled(row: Mapping[str, Any]) -> Totals:
    figures = {key: None if text is None else Decimal(text) for key, text in row["figures"].items()}
    return Totals(
        currency=row["currency"],
        projects=row["projects_counted"],
        bac=row["bac"],
        ac=row["ac"],
        eac=row["eac"],
        without_eac=row["without_eac"],
        measured=row["projects_measured"],
        red=row["red"],
        amber=row["amber"],
        green=row["green"],
        too_green=row["declared_too_green"],
        overdue=row["overdue"],
        attention=row["attention"],
        computed_at=row["computed_at"],
        **{key: figures.get(key) for key in ("cv", "vac", "vac_percent", "cpi", "spi", "ev")},
    )


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
    """Submitted budgets and changes the actor may decide, then the gravest findings nobody has taken. Four queries."""
    found: list[Decision] = []
    count = 0
    if actor.allows("budget.approve"):
        mine = projects_for(actor, "budget.approve").values("pk")
        waiting = Budget.objects.filter(project__in=mine, state=Budget.State.SUBMITTED).exclude(proposed_by=actor.user)
        waiting = waiting.filter(change_request__isnull=True)  # the others are decided with their change request
        for budget in (
            waiting.select_related("project").annotate(total=Sum("lines__amount")).order_by("created_at")[:limit]
        ):
            amount = f"{budget.total or 0:,.0f} {budget.project.currency}"
            sub = f"{budget.project.code}, {budget.project.name}"
            found.append(
                Decision("budget", budget.created_at.date(), str(budget), sub, amount, budget.project.code, budget.pk)
            )
        count += len(found)
    if actor.allows("change.decide"):
        mine = projects_for(actor, "change.decide").values("pk")
        asked = ChangeRequest.objects.filter(project__in=mine, state=ChangeRequest.State.SUBMITTED)
        asked = asked.exclude(proposed_by=actor.user).select_related("project").order_by("submitted_at")
        open_requests = list(asked[:limit])
        for request in open_requests:
            project = request.project
            sub = f"{project.code}, {project.name}"
            effect = f"{request.cost_effect:+,.0f} {project.currency}"
            day = (request.submitted_at or request.created_at).date()
            found.append(Decision("change", day, f"{request}: {request.title}", sub, effect, project.code, request.pk))
        count += len(open_requests)
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


class Place(NamedTuple):
    """A portfolio or programme to narrow the list to."""

    pk: int
    code: str
    name: str


def structure(actor: Actor) -> tuple[list[Place], list[Place]]:
    """Portfolios and programmes, by name; those of projects the actor sees, where they do not see all. One query."""
    places = Portfolio.objects.filter(organisation=actor.organisation).order_by("name", "programmes__name")
    if not actor.everywhere("portfolio.view"):
        places = places.filter(pk__in=portfolio_rows(actor).order_by().values("portfolio_id"))
    fields = ("pk", "code", "name", "programmes__pk", "programmes__code", "programmes__name")
    portfolios: dict[int, Place] = {}
    programmes: dict[int, Place] = {}
    for pk, code, name, *programme in places.values_list(*fields):
        portfolios[pk] = Place(pk, code, name)
        if programme[0] is not None:
            programmes[programme[0]] = Place(*programme)
    return list(portfolios.values()), sorted(programmes.values(), key=lambda place: place.name)
