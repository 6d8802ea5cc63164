"""Typed query parameters: text from a URL becomes a value or a plain refusal. Nothing untyped reaches a filter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError

ValueKind = Literal["text", "choice", "id", "int", "decimal", "bool", "date", "month", "datetime"]

MAX_TEXT: Final = 200
MAX_LIST: Final = 100
MAX_SHOWN: Final = 60

_ID = re.compile(r"[0-9]{1,18}", re.ASCII)
_INT = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]{1,16}(\.[0-9]{1,6})?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)


def shown(raw: str) -> str:
    """The value as a refusal may quote it: short, and without control characters."""
    clean = "".join(character if character.isprintable() else "�" for character in raw)
    return clean if len(clean) <= MAX_SHOWN else clean[:MAX_SHOWN] + "…"


def refuse(field: str, message: str, *, code: str = "invalid") -> ApplicationError:
    """The refusal of one parameter, naming it."""
    return ApplicationError(message, field=field, code=code)


def parse_text(field: str, raw: str) -> str:
    """Text of at most 200 characters without control characters; surrounding blanks dropped."""
    if len(raw) > MAX_TEXT:
        raise refuse(field, _("%(field)s is longer than %(limit)d characters.") % {"field": field, "limit": MAX_TEXT})
    if "\x00" in raw or not raw.isprintable():
        raise refuse(field, _("%(field)s holds a character that cannot be read.") % {"field": field})
    return raw.strip()


def _parse_id(field: str, raw: str) -> int:
    if not _ID.fullmatch(raw):
        raise refuse(field, _("%(field)s: “%(value)s” is not an id.") % {"field": field, "value": shown(raw)})
    return int(raw)


def _parse_int(field: str, raw: str) -> int:
    if not _INT.fullmatch(raw):
        raise refuse(field, _("%(field)s: “%(value)s” is not a whole number.") % {"field": field, "value": shown(raw)})
    return int(raw)


def _parse_decimal(field: str, raw: str) -> Decimal:
    if not _DECIMAL.fullmatch(raw):
        raise refuse(
            field,
            _("%(field)s: “%(value)s” is not a number such as 1250.50.") % {"field": field, "value": shown(raw)},
        )
    return Decimal(raw)


def _parse_bool(field: str, raw: str) -> bool:
    if raw not in ("true", "false"):
        raise refuse(
            field, _("%(field)s: “%(value)s” is neither true nor false.") % {"field": field, "value": shown(raw)}
        )
    return raw == "true"


def _parse_date(field: str, raw: str) -> date:
    try:
        if _DATE.fullmatch(raw):
            return date.fromisoformat(raw)
    except ValueError:
        pass  # 2026-02-30 has the right shape and no such day: the same refusal
    raise refuse(
        field, _("%(field)s: “%(value)s” is not a date such as 2026-03-31.") % {"field": field, "value": shown(raw)}
    )


def _parse_month(field: str, raw: str) -> date:
    try:
        if _MONTH.fullmatch(raw):
            return date.fromisoformat(f"{raw}-01")
    except ValueError:
        pass
    raise refuse(
        field, _("%(field)s: “%(value)s” is not a month such as 2026-03.") % {"field": field, "value": shown(raw)}
    )


def _parse_datetime(field: str, raw: str) -> datetime:
    # A "+" that nobody escaped arrives as a blank: 2026-03-31T10:00:00 02:00.
    text = re.sub(r" (\d{2}:?\d{2})$", r"+\1", raw)
    try:
        value = parse_datetime(text) if text.isascii() and len(text) <= 40 else None
        if value is not None and value.tzinfo is not None:
            return value.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise refuse(
        field,
        _("%(field)s: “%(value)s” is not an instant with its zone, such as 2026-03-31T10:00:00Z.")
        % {"field": field, "value": shown(raw)},
    )


_PARSERS: Final[Mapping[str, Callable[[str, str], Any]]] = {
    "text": parse_text,
    "id": _parse_id,
    "int": _parse_int,
    "decimal": _parse_decimal,
    "bool": _parse_bool,
    "date": _parse_date,
    "month": _parse_month,
    "datetime": _parse_datetime,
}


def parse_value(field: str, raw: str, kind: ValueKind, choices: Mapping[str, Any] | None = None) -> Any:
    """One typed value. Raises ApplicationError naming `field` and quoting the value; never returns another type.

    `id`, `int` -> int; `decimal` -> Decimal; `bool` -> bool; `date`, `month` -> date (first of the month);
    `datetime` -> aware datetime in UTC; `choice` -> the key of `choices`; `text` -> str.
    """
    if kind == "choice":
        known = choices or {}
        if raw not in known:
            raise refuse(
                field,
                _("%(field)s: “%(value)s” is not one of %(choices)s.")
                % {"field": field, "value": shown(raw), "choices": ", ".join(list(known)[:20])},
            )
        return raw
    return _PARSERS[kind](field, raw)


def parse_values(field: str, raw: str, kind: ValueKind, choices: Mapping[str, Any] | None = None) -> tuple[Any, ...]:
    """Several values separated by commas, at most 100."""
    parts = [part.strip() for part in raw.split(",") if part.strip()]
    if not parts:
        raise refuse(field, _("%(field)s names no value.") % {"field": field})
    if len(parts) > MAX_LIST:
        raise refuse(field, _("%(field)s names more than %(limit)d values.") % {"field": field, "limit": MAX_LIST})
    return tuple(parse_value(field, part, kind, choices) for part in parts)


def parse_positive(field: str, raw: str, *, at_most: int) -> int:
    """A whole number from 1 to `at_most`."""
    if not _ID.fullmatch(raw) or not 1 <= int(raw) <= at_most:
        raise refuse(
            field,
            _("%(field)s: “%(value)s” is not a whole number from 1 to %(limit)d.")
            % {"field": field, "value": shown(raw), "limit": at_most},
        )
    return int(raw)


def parse_choice(params: Mapping[str, Any], field: str, allowed: Sequence[str], default: str) -> str:
    """The choice in `params`, or the default where none is made. A value that is none of `allowed` is refused."""
    given = str(params.get(field) or default)
    if given not in allowed:
        raise refuse(
            field,
            _("“%(value)s” is not one of %(choices)s.") % {"value": shown(given), "choices": ", ".join(allowed)},
            code="unknown_choice",
        )
    return given


def only_known(given: Mapping[str, Any], known: frozenset[str]) -> None:
    """Raise for the first parameter that is not in `known`: a misspelt filter must not silently show everything."""
    for name in given:
        if name not in known:
            raise refuse(
                shown(name),
                _("There is no parameter “%(name)s” here.") % {"name": shown(name)},
                code="unknown_parameter",
            )


def merge_saved(stored: str, params: QueryDict) -> dict[str, str]:
    """A saved view's query string with what the URL says on top of it; the URL wins."""
    return {**single_values(QueryDict(stored)), **single_values(params)}


def single_values(params: QueryDict | Mapping[str, str]) -> dict[str, str]:
    """One text per parameter; a multiple choice (`key__in` given repeatedly) is joined by commas."""
    if not isinstance(params, QueryDict):
        return dict(params)
    values: dict[str, str] = {}
    for name, given in params.lists():
        filled = [value for value in given if value != ""]
        if len(filled) > 1 and not (name.endswith("__in") or name == "columns"):
            raise refuse(shown(name), _("%(name)s is given more than once.") % {"name": shown(name)})
        values[name] = ",".join(filled)
    return values


def split_keys(raw: str) -> tuple[str, ...]:
    """Column keys separated by commas, each once, in the order given."""
    return tuple(dict.fromkeys(part.strip() for part in raw.split(",") if part.strip()))
