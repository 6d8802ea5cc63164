"""Orders and the invoices that settle them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pmo.kit.errors import ApplicationError
from projects.models import CostEntry, ProjectPerformance
from projects.selectors.commitments import open_amount, open_commitments
from projects.selectors.ledger import COMMITTED, Slice, by_category, by_month
from projects.services.costs import Posting, cost_entry_post, cost_entry_reverse
from tests.conftest import Cast


def post(
    cast: Cast, amount: str, day: date = date(2026, 3, 4), role: str = "pmo_analyst", **values: object
) -> CostEntry:
    assert cast.project is not None
    posting = Posting(cast.project.pk, Decimal(amount), day, **values)  # type: ignore[arg-type]
    return cost_entry_post(actor=cast.actor(role), posting=posting).entry


@pytest.fixture
def order(alder: Cast) -> CostEntry:
    return post(alder, "1000.00", kind="commitment", vendor_name="Brack Ltd", reference="PO 7")


def test_an_invoice_takes_its_amount_out_of_what_is_open(alder: Cast, order: CostEntry, settle) -> None:  # type: ignore[no-untyped-def]
    post(alder, "400.25", settles_id=order.pk, vendor_name="Brack Ltd")
    assert open_amount(order.pk) == Decimal("599.75")
    settle()
    row = ProjectPerformance.objects.get(project=alder.project)
    assert (row.ac, row.committed) == (Decimal("400.25"), Decimal("599.75"))


def test_what_is_committed_is_what_was_open_on_the_day(alder: Cast, order: CostEntry) -> None:
    post(alder, "400.00", date(2026, 5, 1), settles_id=order.pk)
    assert alder.project is not None
    before, after = (Slice(alder.project.pk, COMMITTED, day) for day in (date(2026, 4, 30), date(2026, 5, 1)))
    assert [sum(share.amount for share in by_category(part)) for part in (before, after)] == [1000, 600]
    assert [amount for _month, _n, amount in by_month(after)] == [-400, 1000]


def test_an_order_is_settled_to_its_last_penny_and_no_further(alder: Cast, order: CostEntry) -> None:
    post(alder, "600.00", settles_id=order.pk)
    with pytest.raises(ApplicationError, match="Of PO 7 only 400.00 GBP is open") as refused:
        post(alder, "400.01", settles_id=order.pk)
    assert (refused.value.field, refused.value.status) == ("amount", 409)
    post(alder, "400.00", settles_id=order.pk)
    assert open_amount(order.pk) == 0
    assert open_commitments(order.project_id) == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"vendor_name": "Other Ltd"}, "another vendor"),
        ({"kind": "commitment"}, "settled by an actual cost"),
        ({"day": date(2026, 3, 3)}, "not older"),
        ({"amount": "-1.00"}, "cannot open more"),
    ],
)
def test_what_does_not_fit_the_order_is_refused(alder: Cast, order: CostEntry, values: dict, sentence: str) -> None:  # type: ignore[type-arg]
    values = dict(values)
    amount, day = values.pop("amount", "5.00"), values.pop("day", date(2026, 3, 4))
    with pytest.raises(ApplicationError, match=sentence):
        post(alder, amount, day, settles_id=order.pk, **values)


def test_only_a_commitment_of_the_same_project_is_settled(alder: Cast, birch: Cast, order: CostEntry) -> None:
    foreign = post(birch, "9.00", kind="commitment")
    cost = post(alder, "3.00")
    with pytest.raises(ApplicationError, match="not a commitment of this project"):
        post(alder, "1.00", settles_id=foreign.pk)
    with pytest.raises(ApplicationError, match="Only a commitment"):
        post(alder, "1.00", settles_id=cost.pk)


def test_reversing_the_invoice_opens_the_order_again(alder: Cast, order: CostEntry) -> None:
    invoice = post(alder, "600.00", settles_id=order.pk)
    cost_entry_reverse(actor=alder.actor("pmo_director"), entry_id=invoice.pk, reason="Wrong")
    assert open_amount(order.pk) == 1000


def test_reversing_an_order_takes_back_only_what_is_open(alder: Cast, order: CostEntry, settle) -> None:  # type: ignore[no-untyped-def]
    post(alder, "600.00", settles_id=order.pk)
    back = cost_entry_reverse(actor=alder.actor("pmo_director"), entry_id=order.pk, reason="Cancelled")
    assert back.amount == Decimal("-400.00")
    settle()
    assert ProjectPerformance.objects.get(project=alder.project).committed == 0
    with pytest.raises(ApplicationError, match="reversed already"):
        cost_entry_reverse(actor=alder.actor("pmo_director"), entry_id=order.pk, reason="Again")
