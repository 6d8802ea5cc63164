"""Which months take postings. A month without a row is open."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.formats import date_format

from pmo.models import AccountingPeriod


def month_of(day: date) -> date:
    """The first of the day's month."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """The first of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_name(month: date) -> str:
    """'October 2026', in the reader's language."""
    return date_format(month, "F Y")


def closed_months(organisation_id: int) -> frozenset[date]:
    """The months that take no postings: one query."""
    closed = AccountingPeriod.objects.filter(organisation_id=organisation_id, state=AccountingPeriod.State.CLOSED)
    return frozenset(closed.values_list("month", flat=True))


def first_open_month(month: date, closed: Collection[date]) -> date:
    """`month` itself, or the first one after it that is not closed."""
    while month in closed:
        month = month_after(month)
    return month
