"""The organisation's exchange rates, arranged for converting."""

from __future__ import annotations

from pmo.models import ExchangeRate, Organisation
from projects.analysis.conversion import Rate, Rates, rates_of


def rates_between(organisation: Organisation, base: str, quote: str) -> Rates:
    """The rates that can lead from one currency to the other, by way of the organisation's own: one query."""
    wanted = {base, quote, organisation.currency}
    rows = ExchangeRate.objects.filter(organisation=organisation, base__in=wanted, quote__in=wanted).order_by("id")
    return rates_of(
        (Rate(*row) for row in rows.values_list("base", "quote", "rate", "valid_on")), organisation.currency
    )
