"""Reading the ledger: rows that may be seen, and sums over them that add up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, Count, DecimalField, F, Q, QuerySet, When

from pmo.kit.sums import ExactSum, Month
from pmo.selectors.actors import Actor
from projects.models import Category, CostEntry, Project, Vendor
from projects.selectors.projects import projects_for

ACTUAL = (CostEntry.Kind.ACTUAL, CostEntry.Kind.ACCRUAL)
COMMITTED = (CostEntry.Kind.COMMITMENT,)


class Share(NamedTuple):
    """A part of the ledger: its name, how many entries it has, what they come to."""

    key: str
    name: str
    entries: int
    amount: Decimal


class Slice(NamedTuple):
    """The entries behind a figure: `kinds` up to `as_of`, as known at `known_at` (None: now)."""

    project_id: int
    kinds: Sequence[str]
    as_of: date
    known_at: datetime | None = None


def entries_for(actor: Actor, project: Project) -> QuerySet[CostEntry]:
    """The ledger of one project, for those who may see its money."""
    mine = CostEntry.objects.filter(project=project, project__in=projects_for(actor, "money.view"))
    return mine.select_related("vendor", "project_phase", "recorded_by", "reverses", "reversed_by", "settles")


def entries_of(part: Slice) -> QuerySet[CostEntry]:
    """The entries of a slice. The caller has checked who may see them.

    Behind what is committed stand the commitments and the costs that settle them, which count against it.
    """
    kinds = Q(kind__in=part.kinds)
    if tuple(part.kinds) == COMMITTED:
        kinds |= Q(settles__isnull=False)
    rows = CostEntry.objects.filter(kinds, project_id=part.project_id, incurred_on__lte=part.as_of)
    return rows if part.known_at is None else rows.filter(recorded_at__lte=part.known_at)


def by_category(part: Slice) -> list[Share]:
    """Sums by category, the largest first: one query."""
    rows = entries_of(part).order_by().values_list("category").annotate(n=Count("id"), total=_sum(part))
    names = dict(Category.choices)
    shares = [Share(key, str(names.get(key, key)), count, total) for key, count, total in rows]
    return sorted(shares, key=lambda share: (-share.amount, share.name))


def by_month(part: Slice) -> list[tuple[date, int, Decimal]]:
    """(first of the month, entries, sum), the newest first: one query."""
    rows = entries_of(part).order_by().values_list(Month("incurred_on")).annotate(n=Count("id"), total=_sum(part))
    return sorted(rows, reverse=True)


def _sum(part: Slice) -> ExactSum:
    if tuple(part.kinds) != COMMITTED:
        return ExactSum("amount")
    counted = Case(When(kind=CostEntry.Kind.COMMITMENT, then=F("amount")), default=-F("amount"))
    return ExactSum(counted, output_field=DecimalField(max_digits=30, decimal_places=2))


def latest(part: Slice, limit: int = 5) -> list[CostEntry]:
    """The newest entries with vendor and who recorded them: one query."""
    return list(
        entries_of(part).select_related("vendor", "recorded_by", "reverses").order_by("-incurred_on", "-id")[:limit]
    )


def counts(project: Project) -> dict[str, int]:
    """How many entries the project has, by kind: one query."""
    rows = CostEntry.objects.filter(project=project).order_by().values_list("kind").annotate(n=Count("id"))
    return dict(rows)


def vendor_names(actor: Actor, limit: int = 500) -> list[str]:
    """Names to offer when a cost is posted: those used in projects whose money the actor may see."""
    seen = CostEntry.objects.filter(project__in=projects_for(actor, "money.view"))
    names = Vendor.objects.filter(Q(organisation=actor.organisation), pk__in=seen.values("vendor_id"))
    return list(names.order_by("name").values_list("name", flat=True)[:limit])
