"""An invoice settles an order: never another project's or vendor's, and never more than is still open of it."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from projects.models import CostEntry
from projects.selectors.commitments import open_amount

# By how much an invoice may exceed what is open of its order. Nothing: what goes beyond an order is no part of it and
# is posted as a cost of its own, so that what is shown as committed is exact.
TOLERANCE = Decimal("0.00")


def settlement_check(entry: CostEntry, commitment_id: int) -> CostEntry:
    """The commitment that `entry` settles, locked. Raises ApplicationError on `settles`, naming what is open."""
    found = CostEntry.objects.select_for_update(of=("self",)).select_related("vendor")
    order = found.filter(project_id=entry.project_id, pk=commitment_id).first()
    if order is None:
        raise _refusal(_("“%s” is not a commitment of this project.") % commitment_id, "does_not_exist")
    if order.kind != CostEntry.Kind.COMMITMENT or order.reverses_id is not None:
        raise _refusal(_("Only a commitment can be settled."), "not_a_commitment")
    if entry.kind == CostEntry.Kind.COMMITMENT:
        raise _refusal(_("A commitment is settled by an actual cost or an accrual."), "not_a_cost")
    if entry.vendor_id and order.vendor_id and entry.vendor_id != order.vendor_id:
        raise _refusal(_("The order is with %s; this cost is of another vendor.") % order.vendor, "other_vendor")
    if entry.incurred_on < order.incurred_on:
        raise _refusal(_("The order is of %s; a cost that settles it is not older.") % order.incurred_on, "too_early")
    left = open_amount(order.pk)
    if entry.amount > left + TOLERANCE:
        said = {"order": order.reference or f"#{order.pk}", "open": f"{left:,.2f} {order.currency}"}
        raise ApplicationError(
            _("Of %(order)s only %(open)s is open; post what goes beyond it as a cost of its own.") % said,
            field="amount",
            code="over_settled",
            status=409,
            extra={"open_amount": format(left, "f")},
        )
    settled = order.amount - left
    if entry.amount < 0 and settled + entry.amount < 0:
        raise _refusal(_("A credit cannot open more of the order than was ordered."), "over_opened")
    return order


def _refusal(sentence: str, code: str) -> ApplicationError:
    return ApplicationError(sentence, field="settles", code=code)
