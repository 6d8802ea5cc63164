"""JSON as it may come in: UTF-8, at most 64 deep, no duplicate keys, no NaN, nothing a database would choke on."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any, Final, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

MAX_DEPTH: Final = 64
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_NOT_BRACKET = re.compile(r"[^\[\]{}]+")


def nesting(text: str) -> int:
    """How deep arrays and objects of a JSON text are nested, without building them (and without recursion)."""
    depth = deepest = 0
    for bracket in _NOT_BRACKET.sub("", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _no_constant(name: str) -> NoReturn:
    raise ParseError(_("%(name)s is not a number that JSON knows.") % {"name": name})


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ParseError(_("The same key stands twice in one object."))
    return found


def _check_strings(data: Any) -> None:
    """Refuse what neither database can store: the NUL character and halves of surrogate pairs."""
    stack = [data]
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
                raise ParseError(_("A text holds a character that cannot be stored."))
        elif isinstance(value, Mapping):
            stack.extend(value.keys())
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)


def parse_json(text: str) -> Any:
    """The value of a JSON text; numbers with a fraction become Decimal. Raises ParseError with a plain sentence."""
    if nesting(text) > MAX_DEPTH:
        raise ParseError(_("The JSON is nested deeper than %(depth)d levels.") % {"depth": MAX_DEPTH})
    try:
        data = json.loads(text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_unique_keys)
    except json.JSONDecodeError as exc:
        message = _("The JSON cannot be read at line %(line)d, column %(column)d: %(reason)s.")
        raise ParseError(message % {"line": exc.lineno, "column": exc.colno, "reason": exc.msg}) from exc
    except ValueError as exc:  # an integer of more than 4,300 digits
        raise ParseError(_("The JSON holds a number that is too long.")) from exc
    _check_strings(data)
    return data


class StrictJSONParser(JSONParser):
    """The only parser of the API; uploads name theirs."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The body as JSON; an empty body is an empty object."""
        try:
            text = stream.read().decode("utf-8-sig")
        except UnicodeDecodeError as exc:
            raise ParseError(_("The body is not UTF-8.")) from exc
        return parse_json(text) if text.strip() else {}
