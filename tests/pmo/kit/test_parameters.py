"""Query parameters are typed or refused in a plain sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.http import QueryDict

from pmo.kit.errors import ApplicationError
from pmo.kit.parameters import merge_saved, only_known, parse_positive, parse_value, parse_values, single_values


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("text", "  bridge ", "bridge"),
        ("id", "17", 17),
        ("int", "-3", -3),
        ("decimal", "-1250.50", Decimal("-1250.50")),
        ("bool", "true", True),
        ("date", "2026-03-31", date(2026, 3, 31)),
        ("month", "2026-03", date(2026, 3, 1)),
        ("datetime", "2026-03-31T10:00:00Z", datetime(2026, 3, 31, 10, tzinfo=UTC)),
        ("datetime", "2026-03-31T10:00:00 02:00", datetime(2026, 3, 31, 8, tzinfo=UTC)),
        ("choice", "red", "red"),
    ],
)
def test_a_value_of_its_kind_is_typed(kind, raw, value):
    assert parse_value("field", raw, kind, {"red": "Red"}) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("id", "1_000"),
        ("id", "１２"),
        ("id", "-1"),
        ("id", "9" * 19),
        ("int", "1.0"),
        ("int", "９"),
        ("decimal", "1_000"),
        ("decimal", "１２３"),
        ("decimal", "1e9"),
        ("decimal", "NaN"),
        ("decimal", "Infinity"),
        ("decimal", "1,000.00"),
        ("decimal", "9" * 17),
        ("bool", "1"),
        ("bool", "True"),
        ("date", "31.03.2026"),
        ("date", "2026-02-30"),
        ("date", "20260331"),
        ("date", "２０２６-03-31"),
        ("month", "2026-13"),
        ("month", "2026-03-01"),
        ("datetime", "2026-03-31T10:00:00"),
        ("datetime", "2026-03-31"),
        ("datetime", "0001-01-01T00:00:00+14:00"),
        ("choice", "purple"),
        ("text", "a\x00b"),
        ("text", "a\nb"),
        ("text", "x" * 201),
    ],
)
def test_anything_else_is_refused_naming_the_field(kind, raw):
    with pytest.raises(ApplicationError) as refusal:
        parse_value("budget__gte", raw, kind, {"red": "Red"})
    assert refusal.value.field == "budget__gte"
    assert refusal.value.message.startswith("budget__gte")
    assert refusal.value.message.endswith(".")
    assert "\x00" not in refusal.value.message
    assert len(refusal.value.message) < 300


def test_a_list_of_values_is_split_at_commas_and_bounded():
    assert parse_values("id__in", "1, 2,3", "id") == (1, 2, 3)
    with pytest.raises(ApplicationError, match="more than 100"):
        parse_values("id__in", ",".join(["1"] * 101), "id")
    with pytest.raises(ApplicationError, match="names no value"):
        parse_values("id__in", ",", "id")


@pytest.mark.parametrize("raw", ["0", "-1", "201", "x", "１", "1e2", ""])
def test_a_page_size_is_a_whole_number_within_its_limit(raw):
    with pytest.raises(ApplicationError, match="whole number from 1 to 200"):
        parse_positive("page_size", raw, at_most=200)


def test_an_unknown_parameter_is_named():
    with pytest.raises(ApplicationError) as refusal:
        only_known({"helth": "red"}, frozenset({"health"}))
    assert refusal.value.code == "unknown_parameter"
    assert "helth" in refusal.value.message


def test_a_multiple_choice_is_joined_and_a_doubled_parameter_refused():
    assert single_values(QueryDict("health__in=red&health__in=amber&search=")) == {
        "health__in": "red,amber",
        "search": "",
    }
    with pytest.raises(ApplicationError, match="more than once"):
        single_values(QueryDict("page=1&page=2"))


def test_the_url_wins_over_the_saved_view():
    assert merge_saved("health=red&ordering=name", QueryDict("health=amber")) == {"health": "amber", "ordering": "name"}
