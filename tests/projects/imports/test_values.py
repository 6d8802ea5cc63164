from datetime import date
from decimal import Decimal

import pytest

from projects.imports import dates, values
from projects.imports.targets import HEALTHS, STATUSES
from projects.imports.values import ValueProblem


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1250000", "1250000"),
        ("£3,330", "3330"),
        ("$1,234.50", "1234.50"),
        ("USD 12.5", "12.5"),
        ("12.5 EUR", "12.5"),
        ("R$ 75", "75"),
        ("(1,234.50)", "-1234.50"),
        ("-£5", "-5"),
        ("£-5", "-5"),
        ("17-", "-17"),
        ("1 234 567.89", "1234567.89"),
        ("1\u00a0234", "1234"),
        ("1'234.5", "1234.5"),
        ("12,34,567", "1234567"),
        (".5", "0.5"),
        ("7.", "7"),
        (Decimal("0.3"), "0.3"),
    ],
)
def test_an_amount_is_read_exactly(cell, expected):
    assert values.number(cell, decimal_comma=False) == Decimal(expected)


@pytest.mark.parametrize(
    ("cell", "expected"), [("1.234,56", "1234.56"), ("R$ 1.000.000,00", "1000000"), ("12,5", "12.5"), ("7", "7")]
)
def test_an_amount_with_decimal_comma_is_read_exactly(cell, expected):
    assert values.number(cell, decimal_comma=True) == Decimal(expected)


@pytest.mark.parametrize(
    "cell", ["PNS", "1_000", "１２３", "1,5", "1.2.3", "NaN", "Infinity", "--5", "12 or 13", "0x10", "9" * 61]
)
def test_what_is_no_amount_is_refused(cell):
    with pytest.raises(ValueProblem, match="is not an amount"):
        values.number(cell, decimal_comma=False)


def test_a_number_in_exponent_notation_is_refused_because_its_digits_are_lost():
    with pytest.raises(ValueProblem, match="exponent"):
        values.number("2.58E+09", decimal_comma=False)


def test_a_decimal_comma_is_never_guessed_but_hinted_at():
    with pytest.raises(ValueProblem, match="comma is the decimal sign"):
        values.number("1.234,56", decimal_comma=False)


def test_millions_are_scaled_without_a_rounding_error():
    amount, remark = values.money("6.402001", scale=Decimal(1_000_000), negate=False, decimal_comma=False)
    assert (amount, remark) == (Decimal("6402001.00"), "")


def test_more_than_cents_are_rounded_half_to_even_and_said():
    assert values.money("0.125", scale=Decimal(1), negate=False, decimal_comma=False) == (
        Decimal("0.12"),
        "was rounded to the cent",
    )


def test_negate_turns_the_sign_and_never_makes_a_negative_zero():
    assert values.money("-5", scale=Decimal(1), negate=True, decimal_comma=False)[0] == Decimal(5)
    assert str(values.money("0", scale=Decimal(1), negate=True, decimal_comma=False)[0]) == "0.00"


def test_an_amount_that_no_budget_can_have_is_refused():
    with pytest.raises(ValueProblem, match="too large"):
        values.money("9" * 13, scale=Decimal(1), negate=False, decimal_comma=False)


@pytest.mark.parametrize(
    ("cell", "scale", "expected"), [("45 %", 1, "45"), ("45.5", 1, "45.5"), ("0.455", 100, "45.5")]
)
def test_percentages_are_points_from_0_to_100(cell, scale, expected):
    assert values.percent(cell, scale=Decimal(scale), decimal_comma=False) == Decimal(expected)


def test_a_percentage_over_100_is_refused():
    with pytest.raises(ValueProblem, match="between 0 and 100"):
        values.percent("104", scale=Decimal(1), decimal_comma=False)


def test_common_words_and_own_values_mean_choices():
    assert values.choice("In-Progress", STATUSES, {}) == "active"
    assert values.choice("ON HOLD", STATUSES, {}) == "on_hold"
    assert values.choice("PNS", STATUSES, {"pns": "proposed"}) == "proposed"
    assert values.choice("Amber/Red", HEALTHS, {}) == "amber"
    assert values.choice("purple", HEALTHS, {}) is None


@pytest.mark.parametrize(
    ("cell", "order", "expected"),
    [
        ("2011-09-25T00:00:00Z", "YMD", date(2011, 9, 25)),
        ("2035-06-30 00:00:00", "YMD", date(2035, 6, 30)),
        ("5/1/2014 0:00", "MDY", date(2014, 5, 1)),
        ("5/1/2014 0:00", "DMY", date(2014, 1, 5)),
        ("31.12.2024", "DMY", date(2024, 12, 31)),
        ("20240229", "YMD", date(2024, 2, 29)),
        ("31 Dec 2030", "DMY", date(2030, 12, 31)),
        ("Dec 31, 2030", "DMY", date(2030, 12, 31)),
        ("1st March 2024", "DMY", date(2024, 3, 1)),
        ("24-Sep-23", "DMY", date(2023, 9, 24)),
        (date(2024, 5, 6), "DMY", date(2024, 5, 6)),
    ],
)
def test_dates_are_read_as_people_write_them(cell, order, expected):
    assert dates.parse(cell, order=order) == expected


def test_a_month_means_its_first_day_for_a_start_and_its_last_for_a_finish():
    assert dates.parse("June 2026", order="DMY", edge="start") == date(2026, 6, 1)
    assert dates.parse("June 2026", order="DMY", edge="finish") == date(2026, 6, 30)


def test_day_and_month_are_exchanged_only_where_the_day_could_be_a_month():
    assert dates.parse("2011-10-03", order="YMD", swap=True) == date(2011, 3, 10)
    assert dates.parse("2011-09-25", order="YMD", swap=True) == date(2011, 9, 25)


@pytest.mark.parametrize("cell", ["PNS", "31/02/2024", "1899-12-31", "2024", "45292", "Exempt under Section 43"])
def test_what_is_no_date_is_refused(cell):
    with pytest.raises(ValueProblem):
        dates.parse(cell, order="DMY")


def test_the_order_of_a_column_is_the_one_that_fits_all_of_it():
    assert dates.column_order(["3/4/2024", "13/4/2024"]) == "DMY"
    assert dates.column_order(["3/4/2024", "4/13/2024"]) == "MDY"
    assert dates.column_order(["3/4/2024", "5/6/2024"]) == ""
    assert dates.column_order(["13/4/2024", "4/13/2024"]) is None
