from decimal import Decimal

from portfolio.analysis.facts import VendorSpend
from tests.portfolio.factories import facts, figures, found


def paid(project_id: int, amount: int = 100_000, vendor_id: int = 7) -> VendorSpend:
    return VendorSpend(vendor_id, "Brackwell Systems", project_id, Decimal(amount))


def over(id: int, **changes):
    return figures(id, **({"ev": 500_000, "ac": 600_000} | changes))


def test_a_vendor_paid_in_three_overrunning_projects_is_found():
    [finding] = found("vendor-overruns", facts(over(1), over(2), over(3), spend=(paid(1), paid(2), paid(3))))
    assert finding.title == "Brackwell Systems is paid in 3 projects that overrun"
    assert finding.detail == (
        "3 of the 3 measured projects it works in overrun: P-001, P-002 and P-003. It was paid £300k there."
    )
    assert (finding.subject, finding.project_ids, finding.severity) == ("vendor:7:GBP", (1, 2, 3), "critical")


def test_two_overrunning_projects_are_not_enough():
    assert found("vendor-overruns", facts(over(1), over(2), figures(3), spend=(paid(1), paid(2), paid(3)))) == []


def test_three_of_four_is_found_without_being_critical():
    four = facts(over(1), over(2), over(3), figures(4), spend=tuple(paid(n) for n in (1, 2, 3, 4)))
    assert found("vendor-overruns", four)[0].severity == "high"


def test_exactly_the_tolerated_share_of_its_projects_is_not_found():
    six = [over(1), over(2), over(3), figures(4), figures(5), figures(6)]
    assert found("vendor-overruns", facts(*six, spend=tuple(paid(n) for n in range(1, 7)))) == []
    assert len(found("vendor-overruns", facts(*six, spend=tuple(paid(n) for n in range(1, 6))))) == 1


def test_spend_exactly_at_the_tolerance_is_not_material_and_a_pound_more_is():
    three = over(1), over(2), over(3)
    assert found("vendor-overruns", facts(*three, spend=(paid(1), paid(2), paid(3, 60_000)))) == []
    assert len(found("vendor-overruns", facts(*three, spend=(paid(1), paid(2), paid(3, 60_001))))) == 1


def test_an_overrun_exactly_at_the_tolerance_is_none():
    edge = over(3, ac=550_000)
    assert found("vendor-overruns", facts(over(1), over(2), edge, spend=(paid(1), paid(2), paid(3)))) == []


def test_projects_in_different_currencies_are_never_added():
    mixed = facts(over(1), over(2), over(3, currency="EUR"), spend=(paid(1), paid(2), paid(3)))
    assert found("vendor-overruns", mixed) == []


def test_without_earned_value_the_forecast_counts():
    registers = [figures(n, ev=None, eac=1_200_000, ac=300_000) for n in (1, 2, 3)]
    assert len(found("vendor-overruns", facts(*registers, spend=(paid(1), paid(2), paid(3))))) == 1
