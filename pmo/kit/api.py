"""The kit of the REST API under one name."""

from __future__ import annotations

from pmo.kit.api_errors import problem, problem_handler
from pmo.kit.api_fields import (
    DayField,
    IdField,
    MoneyField,
    MonthField,
    PercentField,
    QuantityField,
    RatioField,
    ReferenceField,
    TextField,
    WholeField,
    decimal_text,
)
from pmo.kit.api_guards import AskerThrottle, DeclaredAction, declared_action
from pmo.kit.api_parsers import StrictJSONParser
from pmo.kit.api_writes import etag, if_match, in_transaction, is_dry_run, require_version

__all__ = [
    "AskerThrottle",
    "DayField",
    "DeclaredAction",
    "IdField",
    "MoneyField",
    "MonthField",
    "PercentField",
    "QuantityField",
    "RatioField",
    "ReferenceField",
    "StrictJSONParser",
    "TextField",
    "WholeField",
    "declared_action",
    "decimal_text",
    "etag",
    "if_match",
    "in_transaction",
    "is_dry_run",
    "problem",
    "problem_handler",
    "require_version",
]
