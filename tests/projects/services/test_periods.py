"""Closing a month: nothing is posted to it any more, by any way, and the refusal says which month takes it."""

from __future__ import annotations

import threading
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connections

from pmo.kit.errors import ApplicationError, Forbidden
from pmo.models import AccountingPeriod, AuditEvent
from pmo.services.periods import period_close, period_reopen
from projects.models import CostEntry
from projects.services.accruals import accruals_owe
from projects.services.costs import Posting, cost_entry_post, cost_entry_reverse
from tests.conftest import Cast, make_cast

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def post(cast: Cast, day: date = date(2026, 3, 4), **values: object) -> CostEntry:
    assert cast.project is not None
    posting = Posting(cast.project.pk, Decimal("10.00"), day, **values)  # type: ignore[arg-type]
    return cost_entry_post(actor=cast.actor("pmo_analyst"), posting=posting).entry


def close(cast: Cast, month: date = MARCH, version: int = 0) -> AccountingPeriod:
    return period_close(actor=cast.actor("pmo_director"), month=month, version=version)


def test_a_posting_to_a_closed_month_is_refused_and_told_where_to_go(alder: Cast) -> None:
    close(alder)
    close(alder, APRIL)
    with pytest.raises(ApplicationError) as refused:
        post(alder)
    assert refused.value.message == "March 2026 is closed; post it to May 2026."
    assert (refused.value.status, refused.value.extra["open_month"]) == (409, "2026-05-01")
    assert not CostEntry.objects.exists()
    assert post(alder, date(2026, 5, 1)).pk


def test_an_entry_posted_before_the_month_closed_is_found_again(alder: Cast) -> None:
    first = post(alder, source="fin", external_id="1")
    close(alder)
    assert post(alder, source="fin", external_id="1").pk == first.pk


def test_a_reversal_of_an_entry_in_a_closed_month_goes_to_an_open_one(alder: Cast) -> None:
    entry = post(alder)
    close(alder)
    director = alder.actor("pmo_director")
    with pytest.raises(ApplicationError, match="March 2026 is closed; post it to April 2026"):
        cost_entry_reverse(actor=director, entry_id=entry.pk, reason="Wrong")
    back = cost_entry_reverse(actor=director, entry_id=entry.pk, reason="Wrong", incurred_on=date(2026, 4, 2))
    assert back.incurred_on == date(2026, 4, 2)


def test_a_month_reopens_with_a_reason_and_both_are_in_the_log(alder: Cast) -> None:
    period = close(alder)
    director = alder.actor("pmo_director")
    with pytest.raises(ApplicationError, match="Say why"):
        period_reopen(actor=director, month=MARCH, version=period.version, reason=" ")
    again = period_reopen(actor=director, month=MARCH, version=period.version, reason="Late invoice")
    assert (again.state, again.version, again.reason) == ("open", 2, "Late invoice")
    assert post(alder).pk
    said = AuditEvent.objects.filter(object_type="accounting_period").order_by("id")
    assert [event.action for event in said] == ["period.close", "period.reopen"]


def test_whoever_saw_an_older_state_is_refused(alder: Cast) -> None:
    close(alder)
    with pytest.raises(ApplicationError, match="changed meanwhile"):
        close(alder)
    with pytest.raises(ApplicationError, match="closed already"):
        close(alder, version=1)


@pytest.mark.parametrize("role", ["administrator", "pmo_analyst", "project_manager", "budget_owner", "auditor"])
def test_only_the_director_closes(alder: Cast, role: str) -> None:
    with pytest.raises(Forbidden):
        period_close(actor=alder.actor(role), month=MARCH, version=0)


def test_a_month_begins_by_the_organisations_own_clock(alder: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    alder.organisation.timezone = "Pacific/Auckland"
    alder.organisation.save()
    evening = datetime(2026, 3, 31, 13, 0, tzinfo=ZoneInfo("UTC"))  # already 1 April in Auckland
    monkeypatch.setattr("pmo.selectors.clock.timezone.now", lambda: evening)
    assert close(alder, APRIL).month == APRIL
    with pytest.raises(ApplicationError, match="May 2026 has not begun"):
        close(alder, date(2026, 5, 1))


def test_accruals_reverse_once_on_their_day_whatever_runs_how_often(alder: Cast, settle, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    accrual = post(alder, kind="accrual", reverse_on=date(2026, 4, 1))
    later = post(alder, kind="accrual", reverse_on=date(2199, 4, 1))
    for _ in range(3):
        accruals_owe(alder.organisation)
        settle()
    back = CostEntry.objects.get(reverses=accrual)
    assert (back.amount, back.incurred_on, back.kind) == (Decimal("-10.00"), date(2026, 4, 1), "accrual")
    assert not CostEntry.objects.filter(reverses=later).exists()
    assert CostEntry.objects.count() == 3


def test_an_accrual_whose_month_is_closed_reverses_in_the_next_open_one(alder: Cast, settle) -> None:  # type: ignore[no-untyped-def]
    accrual = post(alder, kind="accrual", reverse_on=date(2026, 4, 9))
    close(alder, APRIL)
    accruals_owe(alder.organisation)
    settle()
    assert CostEntry.objects.get(reverses=accrual).incurred_on == date(2026, 5, 1)


def test_only_an_accrual_reverses_itself_and_only_later(alder: Cast) -> None:
    with pytest.raises(ApplicationError, match="Only an accrual"):
        post(alder, reverse_on=date(2026, 4, 1))
    with pytest.raises(ApplicationError, match="after its own date"):
        post(alder, kind="accrual", reverse_on=date(2026, 3, 4))


@pytest.mark.django_db(transaction=True)
def test_closing_and_posting_at_once_leave_no_entry_behind_the_closing(transactional_db: None) -> None:
    if connections["default"].is_in_memory_db() if connections["default"].vendor == "sqlite" else False:
        pytest.skip("threads cannot share a database in memory")
    cast = make_cast("alder", "Alder")
    start = threading.Barrier(9)
    refused: list[str] = []
    broken: list[BaseException] = []

    def poster() -> None:
        try:
            start.wait()
            for _ in range(5):
                try:
                    post(cast)
                except ApplicationError as error:
                    refused.append(error.message)
        except BaseException as error:
            broken.append(error)
        finally:
            connections.close_all()

    def closer() -> None:
        try:
            start.wait()
            close(cast)
        except BaseException as error:
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=poster) for _ in range(8)] + [threading.Thread(target=closer)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not broken
    assert set(refused) <= {"March 2026 is closed; post it to April 2026."}
    assert CostEntry.objects.count() + len(refused) == 40
    with pytest.raises(ApplicationError):
        post(cast)
