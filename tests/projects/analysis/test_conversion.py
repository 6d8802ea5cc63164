from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.analysis.conversion import (
    MissingRate,
    Money,
    Rate,
    convert,
    converted_sum,
    missing_pairs,
    rates_of,
)

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
RATES = rates_of([Rate("EUR", "GBP", Decimal("0.85"), MARCH), Rate("GBP", "USD", Decimal("1.25"), JANUARY)], "GBP")
few = settings(max_examples=50, deadline=None, database=None, derandomize=True)


@pytest.mark.parametrize(
    ("amount", "base", "quote", "value", "says"),
    [
        ("100", "EUR", "GBP", "85", "1 EUR = 0.85 GBP (1 March 2026)"),
        ("85", "GBP", "EUR", "100", "1 EUR = 0.85 GBP (1 March 2026)"),
        (
            "100",
            "EUR",
            "USD",
            "106.25",
            "1 EUR = 0.85 GBP (1 March 2026); 1 GBP = 1.25 USD (1 January 2026); through GBP",
        ),
        ("7", "EUR", "EUR", "7", ""),
    ],
)
def test_amounts_are_converted_and_it_is_said_how(amount: str, base: str, quote: str, value: str, says: str) -> None:
    done = convert(Decimal(amount), base, quote, MARCH, RATES)
    assert (done.value, done.says) == (Decimal(value), says)


def test_a_pair_without_a_rate_is_named_with_its_day() -> None:
    with pytest.raises(MissingRate, match="from EUR to USD is known on 28 February 2026") as missing:
        convert(Decimal(1), "EUR", "USD", MARCH - timedelta(days=1), RATES)
    assert (missing.value.base, missing.value.quote, missing.value.on) == ("EUR", "USD", date(2026, 2, 28))


def test_without_a_pivot_nothing_goes_through_a_third_currency() -> None:
    rates = rates_of([Rate("EUR", "GBP", Decimal("0.85"), MARCH), Rate("GBP", "USD", Decimal("1.25"), JANUARY)])
    with pytest.raises(MissingRate):
        convert(Decimal(1), "EUR", "USD", MARCH, rates)


def test_the_latest_rate_valid_on_the_day_counts_in_whatever_order_they_came() -> None:
    rates = rates_of(
        [
            Rate("EUR", "GBP", Decimal(3), date(2026, 3, 3)),
            Rate("EUR", "GBP", Decimal(1), date(2026, 3, 1)),
            Rate("EUR", "GBP", Decimal(2), date(2026, 3, 2)),
        ]
    )
    worth = [convert(Decimal(10), "EUR", "GBP", date(2026, 3, day), rates).value for day in (1, 2, 3, 30)]
    assert worth == [10, 20, 30, 30]


def test_of_two_rates_for_one_day_the_one_recorded_last_counts() -> None:
    rates = rates_of([Rate("EUR", "GBP", Decimal(9), MARCH), Rate("EUR", "GBP", Decimal(2), MARCH)])
    assert convert(Decimal(1), "EUR", "GBP", MARCH, rates).value == 2


def test_a_newer_inverse_beats_an_older_direct_rate_but_not_one_of_the_same_day() -> None:
    old = Rate("EUR", "GBP", Decimal("0.8"), JANUARY)
    rates = rates_of([old, Rate("GBP", "EUR", Decimal("1.6"), MARCH)])
    assert convert(Decimal(16), "EUR", "GBP", MARCH, rates).value == 10
    rates = rates_of([old, Rate("GBP", "EUR", Decimal("1.6"), JANUARY)])
    assert convert(Decimal(10), "EUR", "GBP", MARCH, rates).value == 8


def test_an_inverse_divides_and_is_not_rounded_on_the_way() -> None:
    rates = rates_of([Rate("GBP", "EUR", Decimal(3), MARCH)])
    assert convert(Decimal(999_999_999_999), "EUR", "GBP", MARCH, rates).value == 333_333_333_333


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="EUR/GBP"):
        rates_of([Rate("EUR", "GBP", Decimal(0), MARCH)])


def test_a_sum_leaves_no_amount_out_for_want_of_a_rate() -> None:
    amounts = [Money(Decimal(10), "GBP", MARCH), Money(Decimal(5), "CHF", MARCH), Money(Decimal(5), "SEK", MARCH)]
    with pytest.raises(MissingRate, match="from CHF to GBP"):
        converted_sum(amounts, "GBP", RATES)
    assert [missing.base for missing in missing_pairs([*amounts, *amounts], "GBP", RATES)] == ["CHF", "SEK"]


def test_each_amount_of_a_sum_is_converted_at_the_rate_of_its_day() -> None:
    rates = rates_of([Rate("EUR", "GBP", Decimal("0.8"), JANUARY), Rate("EUR", "GBP", Decimal("0.9"), MARCH)])
    found = converted_sum([Money(Decimal(100), "EUR", JANUARY), Money(Decimal(100), "EUR", MARCH)], "GBP", rates)
    assert (found.whole, found.parts) == (170, (80, 90))


def test_cents_left_over_go_to_the_largest_remainders() -> None:
    rates = rates_of([Rate("GBP", "EUR", Decimal(3), MARCH)])
    found = converted_sum([Money(Decimal(100), "EUR", MARCH)] * 3, "GBP", rates)
    assert found.whole == 100
    assert sorted(found.parts) == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]


@few
@given(
    st.lists(
        st.builds(
            Money,
            st.decimals(-1_000_000_000, 1_000_000_000, places=2),
            st.sampled_from(["EUR", "GBP", "USD"]),
            st.dates(MARCH, date(2026, 12, 31)),
        ),
        max_size=12,
    ),
    st.sampled_from(["EUR", "GBP", "USD", "JPY"]),
    st.lists(st.decimals("0.00000001", 1000, places=8), min_size=3, max_size=3),
)
def test_converted_parts_add_up_to_the_converted_whole(amounts: list[Money], quote: str, worth: list[Decimal]) -> None:
    pairs = (("EUR", "GBP"), ("GBP", "USD"), ("JPY", "GBP"))
    rates = rates_of([Rate(*pair, rate, MARCH) for pair, rate in zip(pairs, worth, strict=True)], "GBP")
    found = converted_sum(amounts, quote, rates)
    assert sum(found.parts, Decimal(0)) == found.whole
    unit = Decimal(1) if quote == "JPY" else Decimal("0.01")
    for part, one in zip(found.parts, found.conversions, strict=True):
        assert abs(part - one.value) <= unit
