"""JSON that a careless or hostile client sends is refused in a sentence, never with a stack trace."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from rest_framework.exceptions import ParseError

from pmo.kit.api_parsers import StrictJSONParser, nesting, parse_json


def test_a_number_with_a_fraction_is_exact():
    assert parse_json('{"a": 0.1}') == {"a": Decimal("0.1")}


def test_brackets_in_texts_do_not_count_as_nesting():
    assert nesting(r'{"a": "[[[[\"[[", "b": [1, {"c": []}]}') == 4


def test_sixty_four_levels_are_read_and_sixty_five_refused():
    assert parse_json("[" * 64 + "]" * 64)
    with pytest.raises(ParseError, match="deeper than 64"):
        parse_json("[" * 65 + "]" * 65)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[" * 100_000, "deeper than 64"),
        ('{"a":' * 100_000, "deeper than 64"),
        ('{"a": NaN}', "NaN is not a number"),
        ("[-Infinity]", "-Infinity is not a number"),
        ('{"a": 1, "a": 2}', "same key"),
        ('{"a": "\\u0000"}', "cannot be stored"),
        ('{"\\u0000": 1}', "cannot be stored"),
        ('{"a": ["\\ud800"]}', "cannot be stored"),
        ("[" + "9" * 5000 + "]", "too long"),
        ('{"a": }', "line 1, column 7"),
        ("]][[", "line 1"),
        ('"unfinished', "line 1"),
    ],
)
def test_what_cannot_be_taken_is_said(text, says):
    with pytest.raises(ParseError, match=says):
        parse_json(text)


def test_a_body_that_is_not_utf_8_is_refused_and_an_empty_one_is_an_empty_object():
    with pytest.raises(ParseError, match="UTF-8"):
        StrictJSONParser().parse(io.BytesIO(b'{"a": "\xff"}'))
    assert StrictJSONParser().parse(io.BytesIO(b"  ")) == {}
    assert StrictJSONParser().parse(io.BytesIO(b"\xef\xbb\xbf[1]")) == [1]
