from datetime import date
from decimal import Decimal

import pytest

from portfolio.analysis.wording import day, days, index, listed, money, percent


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("2332000", "GBP", "£2,332k"),
        ("-14200000", "EUR", "−€14.2m"),
        ("950", "USD", "$950"),
        ("123456.70", "CHF", "CHF 123k"),
        ("-0.2", "GBP", "£0"),
    ],
)
def test_money_is_short(amount, currency, text):
    assert money(Decimal(amount), currency) == text


def test_a_rounded_nothing_has_no_minus():
    assert percent(Decimal("-0.04")) == "0.0 %"


def test_other_figures():
    assert (percent(Decimal("-12.25")), index(Decimal("0.845")), day(date(2026, 10, 1))) == (
        "−12.2 %",
        "0.84",
        "1 Oct 2026",
    )
    assert (days(1), days(1200)) == ("1 day", "1,200 days")


def test_lists_read_as_sentences():
    assert listed([]) == ""
    assert listed(["A"]) == "A"
    assert listed(["A", "B"]) == "A and B"
    assert listed(["A", "B", "C"]) == "A, B and C"
    assert listed(list("ABCDEF")) == "A, B, C and 3 others"
