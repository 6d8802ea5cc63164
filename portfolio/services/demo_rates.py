"""Exchange rates of the demo: one a month, for the projects that are kept in another currency."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final

from pmo.models import ExchangeRate, Organisation

MONTHS: Final = 48
# Steps of the path that the rate takes, in ten-thousandths, again and again.
PATH: Final = (0, 31, -18, 44, 12, -57, -9, 26, 63, -35, 8, -22)


def rates_write(organisation: Organisation, base: str, first: Decimal, today: date) -> None:
    """Record what one unit of `base` is worth in the organisation's currency, month by month, up to `today`."""
    year, month = divmod(today.year * 12 + today.month - 1 - MONTHS, 12)
    rate = first
    rows = []
    for step in range(MONTHS + 1):
        valid_on = date(year + (month + step) // 12, (month + step) % 12 + 1, 1)
        rate += Decimal(PATH[step % len(PATH)]).scaleb(-4)
        rows.append(
            ExchangeRate(
                organisation=organisation,
                base=base,
                quote=organisation.currency,
                rate=rate,
                valid_on=valid_on,
                source="demo",
                recorded_at=datetime.combine(valid_on, time(8), tzinfo=UTC),
            )  # fmt: skip
        )
    ExchangeRate.objects.bulk_create(rows)
