"""Vendors with what they were paid and what is still ordered of them, in the projects whose money one may see."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, Max, OuterRef, Q, QuerySet, Subquery, Sum

from pmo.kit.sums import ExactSum
from pmo.selectors.actors import Actor
from projects.models import CostEntry, Vendor
from projects.selectors.projects import projects_for
from projects.selectors.rows import of_projects, vendors_for

NOTHING = Decimal(0)
COMMITMENT = Q(kind=CostEntry.Kind.COMMITMENT)
_MONEY: DecimalField[Any, Any] = DecimalField(max_digits=30, decimal_places=2)


def vendors_spent(actor: Actor) -> QuerySet[Vendor]:
    """The vendors, with what a list sorts by; `vendor_sums` fills in the amounts that it shows, to the cent."""
    seen = CostEntry.objects.filter(vendor_id=OuterRef("pk"), project__in=projects_for(actor, "money.view")).order_by()

    def value(measure: Any) -> Any:
        return Subquery(seen.values("vendor_id").annotate(x=measure).values("x"))

    own = Q(currency=actor.organisation.currency)
    return vendors_for(actor, "money.view").annotate(
        by_spend=value(Sum("amount", filter=own & ~COMMITMENT, output_field=_MONEY)),
        project_count=value(Count("project_id", distinct=True)),
        last_on=value(Max("incurred_on", filter=~COMMITMENT)),
    )


def vendor_sums(actor: Actor, vendors: Sequence[Vendor]) -> None:
    """Set `spend` and `committed` (in the organisation's currency), and `others` (a sentence of the other currencies):
    one query. Currencies are never added up."""
    entries = of_projects(CostEntry.objects.filter(vendor__in=[vendor.pk for vendor in vendors]), actor, "money.view")
    rows = (
        entries.order_by()
        .values_list("vendor_id", "currency")
        .annotate(
            spend=ExactSum("amount", filter=~COMMITMENT),
            ordered=ExactSum("amount", filter=COMMITMENT),
            settled=ExactSum("amount", filter=Q(settles__isnull=False)),
        )
    )
    found: dict[int, dict[str, tuple[Decimal, Decimal]]] = {}
    for vendor, currency, spend, ordered, settled in rows:
        committed = (ordered or NOTHING) - (settled or NOTHING)
        found.setdefault(vendor, {})[currency] = (spend or NOTHING, committed)
    office = actor.organisation.currency
    for vendor in vendors:
        sums: Any = found.get(vendor.pk, {})
        row: Any = vendor
        row.currency = office
        row.spend, row.committed = sums.get(office, (None, None))
        others = [f"{code} {paid:,.2f}" for code, (paid, _ordered) in sorted(sums.items()) if code != office]
        row.others = ", ".join(others) or None
