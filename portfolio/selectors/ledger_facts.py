"""What the rules about the ledger look at: summed up by the database, a fixed number of queries each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, F, Min, Q, QuerySet

from pmo.kit.among import among
from pmo.kit.sums import ExactSum
from pmo.models import Organisation
from portfolio.analysis.facts import LIVE, Invoice, PortfolioSpend
from projects.models import Category, CostEntry, Project

BACK: Final = timedelta(days=366)  # how far back like invoices are looked for
MOST: Final = 5_000  # of them, the newest
APART: Final = 500  # vendors that are asked for each with its own amounts
ByProject = dict[int, dict[str, Any]]


def _ledger(organisation: Organisation, day: date, projects: Collection[int] | None) -> QuerySet[CostEntry]:
    return CostEntry.objects.filter(among(projects), organisation=organisation, incurred_on__lte=day).order_by()


def spend_apart(organisation: Organisation, day: date, projects: Collection[int] | None) -> ByProject:
    """By project, the actual cost booked to contingency, and that dated before its start or after its finish. One
    query."""
    outside = Q(incurred_on__lt=F("project__start")) | Q(incurred_on__gt=F("project__finish"))
    contingency = Q(category=Category.CONTINGENCY)
    rows = _ledger(organisation, day, projects).exclude(kind=CostEntry.Kind.COMMITMENT).filter(outside | contingency)
    sums = rows.values_list("project_id").annotate(
        reserve=ExactSum("amount", filter=contingency), stray=ExactSum("amount", filter=outside)
    )
    none = Decimal(0)
    return {
        project: {"contingency_spent": reserve or none, "spend_outside": stray or none}
        for project, reserve, stray in sums
    }


def open_accruals(organisation: Organisation, day: date, projects: Collection[int] | None) -> ByProject:
    """By project, the accruals that are not reversed though no later day is set for it, and the oldest. One query."""
    rows = _ledger(organisation, day, projects).filter(
        Q(reverse_on__isnull=True) | Q(reverse_on__lt=day),
        kind=CostEntry.Kind.ACCRUAL,
        reverses__isnull=True,
        reversed_by__isnull=True,
    )
    sums = rows.values_list("project_id").annotate(total=ExactSum("amount"), oldest=Min("incurred_on"))
    return {project: {"accruals_open": total, "oldest_accrual_on": oldest} for project, total, oldest in sums}


def portfolio_spend(organisation: Organisation) -> tuple[PortfolioSpend, ...]:
    """What the live projects of each portfolio cost so far, by currency. One query."""
    live = Project.objects.filter(organisation=organisation, archived_at__isnull=True, status__in=LIVE).order_by()
    sums = live.values_list("portfolio_id", "portfolio__name", "currency").annotate(total=ExactSum("performance__ac"))
    return tuple(PortfolioSpend(*row) for row in sums if row[3] is not None)


def _of_groups(groups: Collection[tuple[int, Decimal]]) -> Q:
    """Rows of these vendors and amounts; where the vendors are few, each with its own amounts, which an index answers.
    Otherwise some rows of other pairs too: SQLite takes a thousand alternatives at most."""
    by_vendor: dict[int, list[Decimal]] = {}
    for vendor, amount in sorted(groups):
        by_vendor.setdefault(vendor, []).append(amount)
    if len(by_vendor) > APART:
        return Q(vendor_id__in=list(by_vendor), amount__in=sorted({amount for _, amount in groups})[:900])
    return Q(*(Q(vendor_id=vendor, amount__in=amounts) for vendor, amounts in by_vendor.items()), _connector=Q.OR)


def like_invoices(organisation: Organisation, day: date, vendors: Collection[int] | None = None) -> tuple[Invoice, ...]:
    """Actual costs of the last year that have a like of the same vendor, amount and currency. Two queries.

    The database looks for the same vendor and amount; the currency, a text that seldom differs, is compared here.
    """
    rows = CostEntry.objects.filter(
        organisation=organisation,
        kind=CostEntry.Kind.ACTUAL,
        vendor__isnull=False,
        amount__gt=0,
        incurred_on__lte=day,
        incurred_on__gt=day - BACK,
    )
    if vendors is not None:
        rows = rows.filter(vendor_id__in=vendors)
    alike = rows.order_by().values_list("vendor_id", "amount").annotate(n=Count("*")).filter(n__gt=1)
    groups: set[tuple[int, Decimal]] = {(vendor, amount) for vendor, amount, _n in alike[:MOST]}
    if not groups:
        return ()
    found = rows.filter(_of_groups(groups), reversed_by__isnull=True, reverses__isnull=True)
    listed = found.order_by("-incurred_on", "-id").values_list(
        "id", "vendor_id", "vendor__name", "project_id", "amount", "currency", "reference", "incurred_on"
    )
    kept = [Invoice(*row) for row in listed[:MOST]]
    alike_in = Counter((one.vendor_id, one.amount, one.currency) for one in kept)
    likes = (one for one in kept if alike_in[one.vendor_id, one.amount, one.currency] > 1)
    return tuple(sorted((one for one in likes if (one.vendor_id, one.amount) in groups), key=lambda one: one.id))
