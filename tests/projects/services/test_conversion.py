"""Costs in another currency: converted at the rate of their day, kept, reversed at that rate, refused without one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pmo.kit.errors import ApplicationError, Forbidden
from pmo.models import ExchangeRate
from pmo.services.rates import rate_record, rates_paste
from projects.models import CostEntry
from projects.services.costs import Posting, cost_entry_post, cost_entry_reverse
from tests.conftest import Cast

DAY = date(2026, 3, 31)


def _post(cast: Cast, amount: str, currency: str, on: date = DAY, **more: str) -> CostEntry:
    assert cast.project is not None
    posting = Posting(cast.project.pk, Decimal(amount), on, currency=currency, **more)
    return cost_entry_post(actor=cast.actor("pmo_analyst"), posting=posting).entry


def _rate(cast: Cast, base: str, quote: str, rate: str, on: date) -> ExchangeRate:
    return rate_record(actor=cast.actor("pmo_analyst"), base=base, quote=quote, rate=Decimal(rate), valid_on=on)


def test_a_cost_in_euro_is_kept_with_the_rate_of_its_day(alder: Cast) -> None:
    _rate(alder, "EUR", "GBP", "0.80", date(2026, 1, 1))
    _rate(alder, "EUR", "GBP", "0.85", date(2026, 3, 1))
    _rate(alder, "EUR", "GBP", "0.90", date(2026, 4, 1))
    entry = _post(alder, "100.01", "EUR")
    assert (entry.amount, entry.currency) == (Decimal("85.01"), "GBP")
    assert (entry.entry_amount, entry.entry_currency, entry.rate) == (Decimal("100.01"), "EUR", Decimal("0.85"))


def test_a_later_correction_of_the_rate_changes_no_entry(alder: Cast) -> None:
    _rate(alder, "EUR", "GBP", "0.85", date(2026, 3, 1))
    before = _post(alder, "100", "EUR")
    _rate(alder, "EUR", "GBP", "0.86", date(2026, 3, 1))
    before.refresh_from_db()
    assert (before.amount, _post(alder, "100", "EUR").amount) == (Decimal("85.00"), Decimal("86.00"))


def test_without_a_rate_the_pair_and_the_day_are_named(alder: Cast) -> None:
    _rate(alder, "EUR", "GBP", "0.85", date(2026, 4, 1))
    with pytest.raises(ApplicationError, match=r"from EUR to GBP is known on 2026-03-31") as refused:
        _post(alder, "100", "EUR")
    assert (refused.value.field, refused.value.code) == ("currency", "no_rate")
    assert not CostEntry.objects.exists()


def test_a_reversal_takes_the_rate_of_what_it_reverses(alder: Cast) -> None:
    _rate(alder, "USD", "GBP", "0.75", date(2026, 1, 1))
    entry = _post(alder, "10.00", "USD")
    _rate(alder, "USD", "GBP", "0.50", date(2026, 1, 1))
    back = cost_entry_reverse(actor=alder.actor("pmo_director"), entry_id=entry.pk, reason="Twice.")
    assert (back.amount, back.entry_amount, back.rate) == (Decimal("-7.50"), Decimal("-10.00"), Decimal("0.75"))


def test_the_same_document_is_the_same_entry_whatever_the_rate_is_now(alder: Cast) -> None:
    _rate(alder, "USD", "GBP", "0.75", date(2026, 1, 1))
    first = _post(alder, "10.00", "USD", source="sap", external_id="7")
    _rate(alder, "USD", "GBP", "0.80", date(2026, 1, 1))
    assert _post(alder, "10.00", "USD", source="sap", external_id="7").pk == first.pk


def test_a_pasted_table_is_taken_whole_or_not_at_all(alder: Cast) -> None:
    actor = alder.actor("pmo_director")
    text = "base;quote;rate;date\nEUR;GBP;0.85;2026-03-31\nUSD;GBP;0.75;2026-03-31\n"
    assert len(rates_paste(actor=actor, text=text).new) == 2
    assert rates_paste(actor=actor, text=text) == ([], 2)
    with pytest.raises(ApplicationError, match="Line 2: “x” is not a number"):
        rates_paste(actor=actor, text="EUR,GBP,0.85,2026-04-30\nUSD,GBP,x,2026-04-30")
    assert ExchangeRate.objects.count() == 2


def test_only_the_office_records_rates(alder: Cast) -> None:
    with pytest.raises(Forbidden):
        rate_record(actor=alder.actor("project_manager"), base="EUR", quote="GBP", rate=Decimal("0.85"), valid_on=DAY)


def test_a_rate_of_nothing_is_refused(alder: Cast) -> None:
    for given in ("0", "-1", "NaN"):
        with pytest.raises(ApplicationError):
            _rate(alder, "EUR", "GBP", given, DAY)


def test_the_page_lists_rates_and_takes_a_pasted_line(alder: Cast) -> None:
    client = alder.client("pmo_analyst")
    assert client.post("/o/alder/settings/rates/", {"text": "EUR,GBP,0.8512,2026-03-31"}).status_code == 302
    page = client.get("/o/alder/settings/rates/").content.decode()
    assert "0.8512" in page and "31 Mar 2026" in page
    wrong = client.post("/o/alder/settings/rates/", {"text": "EUR,GBP"})
    assert wrong.status_code == 422 and "Line 1" in wrong.content.decode()
