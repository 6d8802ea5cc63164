"""Fields of the REST contract: amounts, percentages, months and references."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from rest_framework import serializers

from pmo.kit.api import IdField, MoneyField, MonthField, PercentField, RatioField, decimal_text


@dataclass
class Row:
    pk: int = 17
    amount: Decimal | None = Decimal("1250000")
    currency: str = "GBP"
    cpi: Decimal | None = Decimal("0.913400")
    percent: Decimal = Decimal("62.50")
    period: date = date(2026, 3, 1)


class Shape(serializers.Serializer):
    id = IdField()
    amount = MoneyField(allow_null=True)
    cpi = RatioField()
    percent = PercentField()
    period = MonthField()


GOOD = {"amount": "1250000.00", "percent": "62.5", "period": "2026-03"}


def test_the_answer_holds_texts_with_the_decimals_of_the_currency():
    assert Shape(Row()).data == {
        "id": "17",
        "amount": "1250000.00",
        "cpi": "0.9134",
        "percent": "62.5",
        "period": "2026-03",
    }
    assert Shape(Row(currency="JPY")).data["amount"] == "1250000"
    assert Shape(Row(amount=None, cpi=None)).data["amount"] is None


def test_an_amount_given_as_text_is_an_exact_decimal():
    shape = Shape(data=GOOD)
    assert shape.is_valid(), shape.errors
    assert shape.validated_data["amount"] == Decimal("1250000.00")
    assert shape.validated_data["period"] == date(2026, 3, 1)


@pytest.mark.parametrize(
    "amount",
    [
        "1_000",
        "１２３",
        "1,000",
        "1e6",
        "NaN",
        "",
        " 1",
        "1 ",
        "0.001",
        "1234567890123",
        "+1",
        ".5",
        "1.",
        [],
        {},
        True,
    ],
)
def test_an_amount_in_any_other_spelling_is_refused_with_an_example(amount):
    shape = Shape(data={**GOOD, "amount": amount})
    assert not shape.is_valid()
    assert "1250000.00" in shape.errors["amount"][0]


@pytest.mark.parametrize("amount", [1, 0.1, Decimal("0.1"), 10**30])
def test_a_json_number_is_refused_as_an_amount_because_it_loses_cents(amount):
    shape = Shape(data={**GOOD, "amount": amount})
    assert not shape.is_valid()
    assert "quotation marks" in shape.errors["amount"][0]


@pytest.mark.parametrize("percent", ["101", "-1", "1_0", "５０", "a", None, True, [], "100.00001", 1e400])
def test_a_percentage_lies_between_0_and_100(percent):
    assert not Shape(data={**GOOD, "percent": percent}).is_valid()


@pytest.mark.parametrize("period", ["2026-13", "2026-3", "2026-03-01", 202603, None, "２０２６-03"])
def test_a_month_is_written_year_first(period):
    assert not Shape(data={**GOOD, "period": period}).is_valid()


def test_a_decimal_is_written_without_exponent_or_idle_zeros():
    assert decimal_text(Decimal("1E+3")) == "1000"
    assert decimal_text(Decimal("0.000")) == "0"
    assert decimal_text(Decimal("-1.50")) == "-1.5"
    assert decimal_text(Decimal("100")) == "100"
