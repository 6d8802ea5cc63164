from decimal import Decimal

import pytest

from portfolio.analysis.health import assess

GOOD = {"cpi": Decimal("1.02"), "spi": Decimal("0.98"), "vac_percent": Decimal("2")}


def test_all_within_tolerance_is_green_with_three_reasons():
    health = assess(**GOOD)
    assert health.colour == "green"
    assert [reason.text for reason in health.reasons] == [
        "CPI 1.02; within tolerance",
        "SPI 0.98; within tolerance",
        "Forecast 2.0 % under budget; within tolerance",
    ]


@pytest.mark.parametrize(
    ("metric", "red", "edge_of_red", "edge_of_amber"),
    [("cpi", "0.899", "0.90", "0.95"), ("spi", "0.849", "0.85", "0.95"), ("vac_percent", "-10.01", "-10", "-5")],
)
def test_a_figure_on_a_line_is_not_beyond_it(metric, red, edge_of_red, edge_of_amber):
    colours = [assess(**{**GOOD, metric: Decimal(value)}).colour for value in (red, edge_of_red, edge_of_amber)]
    assert colours == ["red", "amber", "green"]


def test_the_worst_reason_comes_first():
    health = assess(cpi=Decimal("0.94"), spi=Decimal("0.80"), vac_percent=Decimal("-12"))
    assert [(reason.metric, reason.colour) for reason in health.reasons] == [
        ("spi", "red"),
        ("vac_percent", "red"),
        ("cpi", "amber"),
    ]
    assert health.reasons[0].text == "SPI 0.80; red below 0.85"
    assert health.reasons[1].text == "Forecast 12.0 % over budget; red more than 10.0 % over"


def test_one_defined_figure_is_enough():
    assert assess(cpi=None, spi=None, vac_percent=Decimal("-6")).colour == "amber"


def test_where_nothing_is_measurable_there_is_no_colour_and_it_says_why():
    health = assess(cpi=None, spi=None, vac_percent=None)
    assert health.colour == "none"
    assert [reason.text for reason in health.reasons] == [
        "Nothing to judge by: no CPI, no SPI and no forecast can be computed yet."
    ]
