"""Serializer fields of the REST contract: ids and money as strings, months as YYYY-MM, references by scoped id."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from pmo.kit.listing_parts import read_path
from pmo.kit.money import money_string

AMOUNT: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?", re.ASCII)
_ID = re.compile(r"[0-9]{1,18}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)
_MONEY_SCHEMA: Final = {"type": "string", "pattern": r"^-?[0-9]{1,12}(\.[0-9]{1,2})?$", "examples": ["1250000.00"]}


@extend_schema_field({"type": "string", "pattern": "^[0-9]{1,18}$", "readOnly": True})
class IdField(serializers.Field[Any, Any, Any, Any]):
    """The primary key, shown as an opaque string."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("source", "pk")
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        return str(value)


@extend_schema_field(_MONEY_SCHEMA)
class MoneyField(serializers.Field[Any, Any, Any, Any]):
    """An amount: in and out a string of digits. JSON numbers are refused, for they are floats on the way.

    `currency` is the path from the row to its currency, whose decimals the answer has.
    """

    default_error_messages = {
        "number": _("Write the amount as text in quotation marks, such as “1250000.00”: JSON numbers lose cents."),
        "amount": _("“{value}” is not an amount such as 1250000.00: digits, at most two decimals, no separators."),
        "negative": _("The amount may not be negative."),
        "zero": _("The amount may not be zero."),
    }

    def __init__(self, *, currency: str = "currency", positive: bool = False, nonzero: bool = False, **kwargs: Any):
        self.currency = currency
        self.positive = positive
        self.nonzero = nonzero
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, int | float | Decimal) and not isinstance(data, bool):
            self.fail("number")
        if not isinstance(data, str) or not AMOUNT.fullmatch(data):
            self.fail("amount", value=str(data)[:40])
        amount = Decimal(data)
        if self.positive and amount < 0:
            self.fail("negative")
        if self.nonzero and amount == 0:
            self.fail("zero")
        return amount

    def get_attribute(self, instance: Any) -> Any:
        value = super().get_attribute(instance)
        return None if value is None else (value, read_path(instance, self.currency))

    def to_representation(self, value: Any) -> str:
        amount, currency = value
        return money_string(amount, currency or "")


@extend_schema_field({"type": "string", "examples": ["0.9134"]})
class RatioField(serializers.Field[Any, Any, Any, Any]):
    """A computed ratio or percentage: plain digits as text, at most `places` decimals; read only."""

    def __init__(self, *, places: int = 6, **kwargs: Any) -> None:
        self.places = places
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        return decimal_text(value, self.places)


def decimal_text(value: Decimal, places: int = 6) -> str:
    """Plain digits, no exponent, no trailing zeros: Decimal('0.91340') -> '0.9134'."""
    text = format(round(value, places), "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


@extend_schema_field({"type": "string", "pattern": "^[0-9]{1,3}([.][0-9]{1,4})?$", "examples": ["62.5"]})
class PercentField(serializers.Field[Any, Any, Any, Any]):
    """A percentage from 0 to 100 as text or whole number."""

    default_error_messages = {"percent": _("“{value}” is not a percentage from 0 to 100, such as 62.5.")}
    _SHAPE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?", re.ASCII)

    def to_internal_value(self, data: Any) -> Decimal:
        text = str(data) if isinstance(data, int | Decimal) and not isinstance(data, bool) else data
        if not isinstance(text, str) or not self._SHAPE.fullmatch(text) or Decimal(text) > 100:
            self.fail("percent", value=str(data)[:40])
        return Decimal(text)

    def to_representation(self, value: Any) -> str:
        return decimal_text(value, 4)


@extend_schema_field({"type": "string", "pattern": "^[0-9]{1,12}([.][0-9]{1,2})?$", "examples": ["400", "2.5"]})
class QuantityField(serializers.Field[Any, Any, Any, Any]):
    """A number of units or a weight, not negative: text or a whole number, at most two decimals."""

    default_error_messages = {"quantity": _("“{value}” is not a number such as 400 or 2.5, with at most two decimals.")}
    _SHAPE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?", re.ASCII)

    def to_internal_value(self, data: Any) -> Decimal:
        text = str(data) if isinstance(data, int | Decimal) and not isinstance(data, bool) else data
        if not isinstance(text, str) or not self._SHAPE.fullmatch(text):
            self.fail("quantity", value=str(data)[:40])
        return Decimal(text)

    def to_representation(self, value: Any) -> str:
        return decimal_text(value, 2)


class TextField(serializers.CharField):
    """Text, and nothing that merely could be written as text."""

    default_error_messages = {"text": _("This must be text in quotation marks.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("text")
        return str(super().to_internal_value(data))


class WholeField(serializers.IntegerField):
    """A whole number in JSON: neither text nor 1.0."""

    default_error_messages = {"whole": _("This must be a whole number without quotation marks.")}

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("whole")
        return data


class DayField(serializers.DateField):
    """A date, `YYYY-MM-DD` in ASCII digits."""

    default_error_messages = {"day": _("“{value}” is not a date such as 2026-03-31.")}

    def to_internal_value(self, value: Any) -> date:
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass  # 2026-02-30 has the right shape and is no day: the same refusal
        self.fail("day", value=str(value)[:40])


@extend_schema_field({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$", "examples": ["2026-03"]})
class MonthField(serializers.Field[Any, Any, Any, Any]):
    """A period: `YYYY-MM` outside, the first of the month inside."""

    default_error_messages = {"month": _("“{value}” is not a month such as 2026-03.")}

    def to_internal_value(self, data: Any) -> date:
        try:
            if isinstance(data, str) and _MONTH.fullmatch(data):
                return date.fromisoformat(f"{data}-01")
        except ValueError:
            pass  # month 13 has the right shape and is no month: the same refusal
        self.fail("month", value=str(data)[:40])

    def to_representation(self, value: Any) -> str:
        return f"{value:%Y-%m}"


@extend_schema_field({"type": "string", "pattern": "^[0-9]{1,18}$"})
class ReferenceField(serializers.RelatedField[Any, Any, Any]):
    """The id of another object, which must be one the caller may use: `scope` maps the caller to those rows.

    A foreign id and one that never existed get the same sentence.
    """

    default_error_messages = {
        "missing": _("There is no such object with the id “{value}”."),
        "text": _("An id is text in quotation marks."),
    }

    def __init__(self, scope: Callable[[Any], QuerySet[Any, Model]] | None = None, **kwargs: Any) -> None:
        self.scope = scope
        if scope is None:
            kwargs["read_only"] = True
        super().__init__(**kwargs)

    def get_queryset(self) -> Any:
        return self.scope(self.context["request"].auth) if self.scope else None

    def use_pk_only_optimization(self) -> bool:
        return True

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("text")
        if not _ID.fullmatch(data):
            self.fail("missing", value=data[:40])
        seen: dict[tuple[int, str], Any] = self.context.setdefault("references", {})
        if (id(self.scope), data) not in seen:  # a bulk request names the same few rows again and again
            seen[id(self.scope), data] = self.get_queryset().filter(pk=int(data)).first()
        found = seen[id(self.scope), data]
        if found is None:  # foreign and never existed: one sentence for both
            self.fail("missing", value=data[:40])
        return found

    def to_representation(self, value: Any) -> str:
        return str(value.pk)

    def get_choices(self, cutoff: int | None = None) -> Mapping[str, Any]:
        """None: a list of choices would read a whole table."""
        return {}
