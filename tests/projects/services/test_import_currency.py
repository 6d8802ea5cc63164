"""A finance file in several currencies: converted at the rate of its day, refused without one, once however often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile

from pmo.services.rates import rate_record
from projects.models import CostEntry, ImportBatch, ImportRow, UnmatchedCost
from projects.services.import_run import import_run
from projects.services.imports import import_create, import_undo
from projects.services.matching import unmatched_match
from tests.conftest import Cast

COSTS = (
    "project,amount,currency,date,invoice\n"
    "ALDER-1,100.01,EUR,2026-03-31,R-1\n"
    "ALDER-1,50.00,GBP,2026-03-31,R-2\n"
    "ALDER-1,10.00,USD,2026-03-31,R-3\n"
)
MAPPING = {
    "project": "project", "amount": "amount", "currency": "currency", "incurred_on": "date", "reference": "invoice"
}  # fmt: skip
Send = Callable[..., ImportBatch]


@pytest.fixture
def send(alder: Cast) -> Send:
    def run(text: str = COSTS, *, options: dict[str, Any] | None = None, mode: str = "apply") -> ImportBatch:
        columns = text.splitlines()[0].split(",")
        batch = import_create(
            actor=alder.actor("pmo_analyst"), file=ContentFile(text.encode()), file_name="costs.csv",
            target="cost-entries", mapping={key: {"column": name} for key, name in MAPPING.items() if name in columns},
            options=options or {}, mode=mode,
        )  # fmt: skip
        import_run(batch.pk)
        batch.refresh_from_db()
        return batch

    return run


def rate(cast: Cast, base: str, value: str, on: date = date(2026, 1, 1)) -> None:
    rate_record(actor=cast.actor("pmo_analyst"), base=base, quote="GBP", rate=Decimal(value), valid_on=on)


def test_each_row_is_converted_and_keeps_what_the_file_said(alder: Cast, send: Send):
    rate(alder, "EUR", "0.85")
    rate(alder, "USD", "0.75")
    batch = send()
    assert (batch.created, batch.rejected) == (3, 0)
    kept = CostEntry.objects.order_by("reference").values_list(
        "amount", "currency", "entry_amount", "entry_currency", "rate"
    )
    assert list(kept) == [
        (Decimal("85.01"), "GBP", Decimal("100.01"), "EUR", Decimal("0.85")),
        (Decimal("50.00"), "GBP", None, "", None),
        (Decimal("7.50"), "GBP", Decimal("10.00"), "USD", Decimal("0.75")),
    ]
    told = ImportRow.objects.get(batch=batch, line=2).message
    assert "100.01 EUR = 85.01 GBP" in told


def test_a_row_without_a_rate_is_rejected_with_pair_and_day(alder: Cast, send: Send):
    rate(alder, "EUR", "0.85")
    batch = send()
    assert (batch.created, batch.rejected) == (2, 1)
    row = ImportRow.objects.get(batch=batch, outcome="rejected")
    assert row.line == 4
    assert "no exchange rate from USD to GBP is known on 2026-03-31" in row.message


def test_the_same_file_is_unchanged_though_a_rate_was_corrected(alder: Cast, send: Send):
    rate(alder, "EUR", "0.85")
    rate(alder, "USD", "0.75")
    send()
    rate(alder, "EUR", "0.86")
    batch = send()
    assert (batch.created, batch.unchanged, batch.rejected) == (0, 3, 0)
    assert CostEntry.objects.count() == 3


def test_another_amount_under_the_same_number_is_refused(alder: Cast, send: Send):
    rate(alder, "EUR", "0.85")
    named = {"source": "finance"}
    head, row = "project,amount,currency,date,id\n", "ALDER-1,{},EUR,2026-03-31,F-1\n"
    MAPPING_ID = {**MAPPING, "external_id": "id"}

    def sent(amount: str) -> ImportBatch:
        batch = import_create(
            actor=alder.actor("pmo_analyst"), file=ContentFile((head + row.format(amount)).encode()),
            file_name="costs.csv", target="cost-entries", options=named, mode="apply",
            mapping={key: {"column": name} for key, name in MAPPING_ID.items() if name in head},
        )  # fmt: skip
        import_run(batch.pk)
        batch.refresh_from_db()
        return batch

    assert sent("100.00").created == 1
    assert sent("100.00").unchanged == 1
    assert sent("100.02").rejected == 1


def test_taking_the_import_back_leaves_nothing_in_either_currency(alder: Cast, send: Send):
    rate(alder, "EUR", "0.85")
    rate(alder, "USD", "0.75")
    batch = send()
    rate(alder, "EUR", "0.95")
    import_undo(actor=alder.actor("pmo_analyst"), batch_id=batch.pk)
    import_run(batch.pk)
    for field in ("amount", "entry_amount"):
        values = [value for value in CostEntry.objects.values_list(field, flat=True) if value is not None]
        assert sum(values, Decimal(0)) == 0, field


def test_a_line_of_the_match_queue_is_converted_when_it_is_matched(alder: Cast, send: Send):
    rate(alder, "EUR", "0.85")
    send("project,amount,currency,date\nHarbour,200.00,EUR,2026-03-31\n", options={"unmatched": "queue"})
    row = UnmatchedCost.objects.get()
    assert alder.project is not None
    unmatched_match(actor=alder.actor("pmo_analyst"), unmatched_id=row.pk, project_id=alder.project.pk)
    entry = CostEntry.objects.get()
    assert (entry.amount, entry.entry_amount, entry.entry_currency) == (170, 200, "EUR")


def test_a_line_that_names_no_currency_is_in_that_of_its_project(alder: Cast, send: Send):
    assert alder.project is not None
    alder.project.currency = "EUR"
    alder.project.save()
    send("project,amount,date\nHarbour,200.00,2026-03-31\n", options={"unmatched": "queue"})
    unmatched_match(
        actor=alder.actor("pmo_analyst"), unmatched_id=UnmatchedCost.objects.get().pk, project_id=alder.project.pk
    )
    entry = CostEntry.objects.get()
    assert (entry.amount, entry.currency, entry.entry_currency) == (200, "EUR", "")
