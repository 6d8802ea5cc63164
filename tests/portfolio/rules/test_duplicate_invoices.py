from datetime import date, timedelta
from decimal import Decimal

from portfolio.analysis.facts import Invoice
from tests.portfolio.factories import facts, figures, found

DAY = date(2026, 9, 1)


def invoice(id: int, project: int = 1, reference: str = "", after: int = 0, amount: int = 5_000) -> Invoice:
    day = DAY + timedelta(days=after)
    return Invoice(id, 7, "Brackwell Systems", project, Decimal(amount), "GBP", reference, day)


def look(*invoices: Invoice, **tolerance: str):
    return found("duplicate-invoices", facts(figures(1), figures(2), invoices=invoices), **tolerance)


def test_the_same_reference_twice_is_found_however_far_apart():
    [finding] = look(invoice(11, reference="I-1"), invoice(12, reference="I-1", after=90))
    assert finding.title == "2 costs of £5,000 by Brackwell Systems look alike"
    assert finding.detail == "Invoice “I-1” of 1 Sep 2026 stands 2 times in P-001."
    assert (finding.subject, finding.severity) == ("vendor:7:entry:11", "medium")


def test_across_projects_it_is_more_severe():
    [finding] = look(invoice(11, reference="I-1"), invoice(12, project=2, reference="I-1"))
    assert (finding.project_ids, finding.severity) == ((1, 2), "high")


def test_different_references_are_different_invoices_on_the_same_day():
    assert look(invoice(11, reference="I-1"), invoice(12, reference="I-2")) == []


def test_without_a_reference_days_at_the_tolerance_are_found_and_one_more_is_not():
    assert len(look(invoice(11), invoice(12, after=3))) == 1
    assert look(invoice(11), invoice(12, after=4)) == []


def test_an_amount_exactly_at_the_tolerance_is_left_alone():
    assert look(invoice(11, amount=100), invoice(12, amount=100)) == []
    assert len(look(invoice(11, amount=101), invoice(12, amount=101))) == 1


def test_three_alike_are_one_finding():
    [finding] = look(invoice(11), invoice(12), invoice(13, after=2))
    assert len(finding.evidence) == 3
