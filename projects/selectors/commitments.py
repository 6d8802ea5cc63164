"""What of a commitment is still open: its amount, less what invoices settled of it, less what was taken back."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from django.db.models import Q

from pmo.kit.sums import ExactSum
from projects.models import CostEntry

NOTHING = Decimal(0)


def open_amounts(commitment_ids: Collection[int]) -> dict[int, Decimal]:
    """By commitment, in its currency: one query. Reversals of commitments are no commitments of their own."""
    ids = set(commitment_ids)
    if not ids:
        return {}
    own = Q(pk__in=ids) | Q(reverses_id__in=ids)
    left: dict[int, Decimal] = dict.fromkeys(ids, NOTHING)
    rows = CostEntry.objects.filter(own | Q(settles_id__in=ids)).order_by()
    for pk, reverses, settles, amount in rows.values_list("pk", "reverses_id", "settles_id").annotate(
        total=ExactSum("amount")
    ):
        if settles in left:
            left[settles] -= amount
        elif pk in left:
            left[pk] += amount
        elif reverses in left:
            left[reverses] += amount
    return left


def open_amount(commitment_id: int) -> Decimal:
    """Of one commitment."""
    return open_amounts([commitment_id])[commitment_id]


def with_open_amounts(entries: Collection[CostEntry]) -> None:
    """Set `open_amount` on each entry: an amount for commitments, None for all others. One query at most."""
    orders = [entry.pk for entry in entries if entry.kind == CostEntry.Kind.COMMITMENT and entry.reverses_id is None]
    left = open_amounts(orders)
    for entry in entries:
        entry.open_amount = left.get(entry.pk)  # type: ignore[attr-defined]


def open_commitments(project_id: int) -> list[CostEntry]:
    """The commitments of a project of which something is open, the newest first, with `open_amount`: two queries."""
    orders = list(
        CostEntry.objects.filter(
            project_id=project_id, kind=CostEntry.Kind.COMMITMENT, reverses__isnull=True, amount__gt=0
        )
        .select_related("vendor")
        .order_by("-incurred_on", "-id")[:500]
    )
    with_open_amounts(orders)
    return [order for order in orders if getattr(order, "open_amount", None)]
