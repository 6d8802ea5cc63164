"""The ledger: posted once, corrected by reversal, never by change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from pmo.kit.errors import ApplicationError, Forbidden, NotFound
from pmo.models import AuditEvent, OutboxMark
from projects.models import CostEntry, ProjectPerformance
from projects.services.costs import Posting, cost_entries_post, cost_entry_post, cost_entry_reverse
from tests.conftest import Cast


def posting(cast: Cast, amount: str = "1250.40", **values: object) -> Posting:
    assert cast.project is not None
    return Posting(cast.project.pk, Decimal(amount), date(2026, 3, 4), **values)  # type: ignore[arg-type]


def test_a_posting_writes_the_entry_the_mark_and_the_audit_event_together(alder: Cast) -> None:
    before = OutboxMark.objects.count()
    posted = cost_entry_post(actor=alder.actor("project_manager"), posting=posting(alder, vendor_name=" Brack  Ltd "))
    assert posted.created
    entry = CostEntry.objects.get()
    assert (entry.amount, entry.currency, entry.vendor.name) == (Decimal("1250.40"), "GBP", "Brack Ltd")
    assert OutboxMark.objects.count() == before + 1
    assert AuditEvent.objects.filter(action="cost.post", object_id=str(entry.pk)).exists()


def test_a_failing_posting_leaves_nothing_behind(alder: Cast) -> None:
    before = (OutboxMark.objects.count(), AuditEvent.objects.count())
    with pytest.raises(ApplicationError, match="more than two decimals"):
        cost_entries_post(actor=alder.actor("pmo_analyst"), postings=[posting(alder), posting(alder, "0.001")])
    assert CostEntry.objects.count() == 0
    assert (OutboxMark.objects.count(), AuditEvent.objects.count()) == before


@pytest.mark.parametrize("amount", ["0", "NaN", "Infinity", "1000000000000"])
def test_amounts_that_no_ledger_can_hold_are_refused(alder: Cast, amount: str) -> None:
    with pytest.raises(ApplicationError) as refused:
        cost_entry_post(actor=alder.actor("pmo_analyst"), posting=posting(alder, amount))
    assert refused.value.field == "amount"


def test_the_same_external_entry_posted_twice_is_one_entry(alder: Cast) -> None:
    actor = alder.actor("pmo_analyst")
    first = cost_entry_post(actor=actor, posting=posting(alder, source="fin", external_id="4711"))
    again = cost_entry_post(actor=actor, posting=posting(alder, source="fin", external_id="4711"))
    assert (first.created, again.created, again.entry.pk) == (True, False, first.entry.pk)
    with pytest.raises(ApplicationError, match="another amount"):
        cost_entry_post(actor=actor, posting=posting(alder, "9", source="fin", external_id="4711"))


def test_a_reversal_takes_the_amount_back_once(alder: Cast) -> None:
    entry = cost_entry_post(actor=alder.actor("pmo_analyst"), posting=posting(alder)).entry
    reversal = cost_entry_reverse(actor=alder.actor("budget_owner"), entry_id=entry.pk, reason="Wrong project")
    assert (reversal.amount, reversal.reverses_id) == (Decimal("-1250.40"), entry.pk)
    with pytest.raises(ApplicationError, match="reversed already"):
        cost_entry_reverse(actor=alder.actor("budget_owner"), entry_id=entry.pk, reason="Again")
    with pytest.raises(ApplicationError, match="itself a reversal"):
        cost_entry_reverse(actor=alder.actor("pmo_director"), entry_id=reversal.pk, reason="Back")


def test_nobody_reverses_what_they_posted_themselves(alder: Cast) -> None:
    entry = cost_entry_post(actor=alder.actor("budget_owner"), posting=posting(alder)).entry
    with pytest.raises(Forbidden, match="somebody else"):
        cost_entry_reverse(actor=alder.actor("budget_owner"), entry_id=entry.pk, reason="Mine")


def test_the_database_itself_refuses_to_change_or_delete_a_ledger_row(alder: Cast) -> None:
    entry = cost_entry_post(actor=alder.actor("pmo_analyst"), posting=posting(alder)).entry
    for attempt in (
        lambda: CostEntry.objects.filter(pk=entry.pk).update(amount=1),
        lambda: CostEntry.objects.filter(pk=entry.pk)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            attempt()


def test_a_foreign_project_is_not_found_and_a_forbidden_one_is_refused(alder: Cast, birch: Cast) -> None:
    assert birch.project is not None
    with pytest.raises(NotFound):
        cost_entry_post(
            actor=alder.actor("pmo_director"), posting=Posting(birch.project.pk, Decimal(1), date(2026, 1, 1))
        )
    with pytest.raises(Forbidden):
        cost_entry_post(actor=alder.actor("team_member"), posting=posting(alder))


def test_a_row_cannot_point_into_another_organisation_whoever_writes_it(
    alder: Cast, birch: Cast, transactional_db: None
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CostEntry.objects.create(
            organisation=birch.organisation,
            project=alder.project,
            amount=1,
            currency="GBP",
            incurred_on=date(2026, 1, 1),
        )
    assert CostEntry.objects.count() == 0


def test_another_currency_than_the_projects_is_refused_by_name(alder: Cast) -> None:
    with pytest.raises(ApplicationError, match="no exchange rate from USD to GBP"):
        cost_entry_post(actor=alder.actor("pmo_analyst"), posting=posting(alder, currency="USD"))


def test_figures_follow_a_posting_to_the_cent(
    alder: Cast, approved_budget: Callable[..., object], settle: Callable[[], int]
) -> None:
    approved_budget(alder)
    cost_entry_post(actor=alder.actor("pmo_analyst"), posting=posting(alder, "90000.01"))
    settle()
    row = ProjectPerformance.objects.get(project=alder.project)
    assert (row.ac, row.bac, row.pv) == (Decimal("90000.01"), Decimal(1_200_000), Decimal(1_000_000))
    assert row.ev is None
    assert "No progress" in row.undefined["ev"]
    assert OutboxMark.objects.filter(kind="performance").count() == 0
