"""Exact sums and months in SQL, on both databases.

SQLite keeps a decimal as a binary float; adding a million of them drifts. Here the sum is made of whole hundredths,
64-bit integers, and comes back as the exact Decimal. PostgreSQL's numeric is exact by itself.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, CharField, Count, DateField, DecimalField, Func


class ExactSum(Aggregate):
    """SUM of a column with at most two decimals, exact to the hundredth. Empty sets give None."""

    function = "SUM"
    name = "ExactSum"
    output_field = DecimalField(max_digits=30, decimal_places=2)
    allow_distinct = False

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "SUM(CAST(ROUND((%(expressions)s) * 100) AS INTEGER))%(filter)s"
        if self.filter is not None:
            inner = self.copy()
            condition, inner.filter = inner.filter, None
            condition_sql, condition_params = compiler.compile(getattr(condition, "condition", condition))
            sql, params = compiler.compile(inner.get_source_expressions()[0])
            return (
                f"SUM(CASE WHEN {condition_sql} THEN CAST(ROUND(({sql}) * 100) AS INTEGER) END)",
                (*condition_params, *params),
            )
        return super().as_sql(compiler, connection, template=template.replace("%(filter)s", ""), **context)

    def convert_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        if value is None:
            return None
        if connection.vendor == "sqlite":
            return Decimal(int(value)).scaleb(-2)
        return Decimal(value)

    def get_db_converters(self, connection: Any) -> list[Any]:
        return [self.convert_value] if connection.vendor == "sqlite" else []  # numeric comes as a Decimal already


class Tally(Count):
    """COUNT without a call into Python for each row: the drivers give a whole number already."""

    def get_db_converters(self, connection: Any) -> list[Any]:
        return []


class Month(Func):
    """The first day of a date's month, without a call into Python for each row."""

    output_field = DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, template="substr(%(expressions)s, 1, 7) || '-01'", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """By way of a timestamp without a time zone, which needs no look at the zone's rules for each row."""
        template = "date_trunc('month', (%(expressions)s)::timestamp)::date"
        return super().as_sql(compiler, connection, template=template, **context)


class AsText(Func):
    """A value as text, for identifiers in JSON."""

    function = "CAST"
    template = "CAST(%(expressions)s AS varchar)"
    output_field = CharField()
