from decimal import Decimal

from portfolio.analysis.facts import PortfolioSpend, VendorSpend
from tests.portfolio.factories import facts, figures, found

THREE = (figures(1), figures(2), figures(3))


def paid(*amounts: int):
    return tuple(VendorSpend(7, "Brackwell Systems", n, Decimal(amount)) for n, amount in enumerate(amounts, 1))


def look(spend, total: int = 1_000_000, projects=THREE, currency: str = "GBP"):
    return facts(*projects, spend=spend, portfolio_spend=(PortfolioSpend(1, "Capital", currency, Decimal(total)),))


def test_a_vendor_with_half_of_the_spend_is_found():
    [finding] = found("vendor-concentration", look(paid(300_000, 100_000, 100_000)))
    assert finding.title == "50 % of the spend of Capital went to Brackwell Systems"
    assert finding.detail == "£500k of £1,000k, in 3 projects."
    assert (finding.subject, finding.project_ids, finding.severity) == ("vendor:7:1:GBP", (1, 2, 3), "medium")


def test_a_vendor_with_little_is_not_found():
    assert found("vendor-concentration", look(paid(1_000, 1_000, 1_000))) == []


def test_exactly_at_the_tolerance_is_not_found_and_a_pound_more_is():
    assert found("vendor-concentration", look(paid(200_000, 100_000, 100_000))) == []
    assert len(found("vendor-concentration", look(paid(200_001, 100_000, 100_000)))) == 1


def test_beyond_sixty_percent_it_is_high():
    assert found("vendor-concentration", look(paid(400_000, 100_000, 100_001)))[0].severity == "high"


def test_two_projects_are_too_few():
    assert found("vendor-concentration", look(paid(400_000, 400_000))) == []


def test_another_currency_is_another_spend():
    assert found("vendor-concentration", look(paid(300_000, 100_000, 100_000), currency="EUR")) == []
