"""Which estimate at completion was right: finished projects looked back on, by type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from pmo.kit.sums import ExactSum
from pmo.selectors.actors import Actor
from pmo.selectors.clock import status_date_of
from projects.analysis.facts import RemainingAmount
from projects.analysis.scoreboard import DatedEstimate, Score, TypeScore, by_type, score
from projects.models import Forecast, ForecastLine, Project
from projects.selectors.facts import performance_facts
from projects.selectors.projects import projects_for

LIMIT: Final = 1_000  # the projects finished last
TYPES: Final = ("portfolio", "programme", "tier", "tag")


class Finished(NamedTuple):
    """A finished project with its type (several where types are tags) and how its estimates fared."""

    pk: int
    code: str
    name: str
    currency: str
    finished_on: date | None
    kinds: tuple[str, ...]
    score: Score


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """`whole` and `types`: a row a checkpoint. `compared` projects have checkpoints, `silent` ones a reason why not."""

    whole: tuple[TypeScore, ...]
    types: tuple[TypeScore, ...]
    compared: tuple[Finished, ...]
    silent: tuple[Finished, ...]
    finished: int


def scoreboard(actor: Actor, *, by: str = "portfolio", portfolio: str = "") -> Scoreboard:
    """Of the finished projects whose money the actor may see, the LIMIT finished last. At most thirteen queries."""
    day = status_date_of(actor.organisation)
    over = Q(status="closed") | Q(actual_finish__lte=day)
    rows = projects_for(actor, "money.view").filter(over, archived_at__isnull=True)
    rows = rows.filter(portfolio__code=portfolio) if portfolio else rows
    finished = rows.count()
    told = _told(rows, by)
    ids = [row[0] for row in told]
    estimates = _estimates(ids)
    loaded = performance_facts(ids, as_of=day, organisation_id=actor.organisation.pk)
    found = [Finished(*row, score(loaded[row[0]].facts, day, estimates[row[0]])) for row in told]
    compared = tuple(one for one in found if any(point.on is not None for point in one.score.checkpoints))
    return Scoreboard(
        whole=by_type([("", one.score) for one in compared]),
        types=by_type([(kind, one.score) for one in compared for kind in one.kinds]),
        compared=compared,
        silent=tuple(one for one in found if one not in compared),
        finished=finished,
    )


def why_silent(one: Finished) -> str:
    """Why a finished project tells nothing."""
    return one.score.reason or next((point.reason or "" for point in one.score.checkpoints), "")


def _told(rows: QuerySet[Project], by: str) -> list[tuple[int, str, str, str, date | None, tuple[str, ...]]]:
    fields = ("pk", "code", "name", "currency", "actual_finish", "portfolio__name", "programme__name", "tier", "tags")
    ordered = rows.order_by(F("actual_finish").desc(nulls_last=True), "code")
    return [
        (pk, code, name, currency, on, _kinds(by, portfolio, programme, tier, tags))
        for pk, code, name, currency, on, portfolio, programme, tier, tags in ordered.values_list(*fields)[:LIMIT]
    ]


def _kinds(by: str, portfolio: str, programme: str | None, tier: int | None, tags: Sequence[str]) -> tuple[str, ...]:
    if by == "programme":
        return (programme or _("No programme"),)
    if by == "tier":
        return (_("Tier %d") % tier if tier else _("No tier"),)
    if by == "tag":
        return tuple(str(tag) for tag in tags) or (_("No tag"),)
    return (portfolio,)


def _estimates(ids: Iterable[int]) -> dict[int, list[DatedEstimate]]:
    """What people forecast of each project, oldest first. A forecast by month is both: a sum reported, and a rest."""
    given = Forecast.objects.filter(project__in=list(ids)).order_by("status_date", "id")
    rows = list(given.values_list("project_id", "id", "kind", "status_date", "eac"))
    by_month = [pk for _project, pk, kind, _on, _eac in rows if kind == Forecast.Kind.ETC]
    remaining: dict[int, list[RemainingAmount]] = defaultdict(list)
    if by_month:
        lines = ForecastLine.objects.filter(forecast__in=by_month).order_by("forecast_id", "period")
        for pk, period, total in lines.values_list("forecast_id", "period").annotate(total=ExactSum("amount")):
            remaining[pk].append(RemainingAmount(period, total))
    found: dict[int, list[DatedEstimate]] = defaultdict(list)
    for project, pk, kind, on, eac in rows:
        found[project].append(DatedEstimate(on, "reported", eac))
        if kind == Forecast.Kind.ETC:
            rest = tuple(remaining[pk])
            found[project].append(DatedEstimate(on, "bottom_up", sum((r.amount for r in rest), Decimal(0)), rest))
    return found
