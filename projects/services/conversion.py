"""An amount in another currency than the project's: converted at the rate of its day, and the rate kept with it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.kit.money import round_money
from projects.analysis.conversion import MissingRate, Rates, convert
from projects.models import CostEntry, Project
from projects.selectors.rates import rates_between


class Entered(NamedTuple):
    """`amount` in the project's currency; the others as entered, empty where that is the same currency."""

    amount: Decimal
    entry_amount: Decimal | None
    entry_currency: str
    rate: Decimal | None


def entered(project: Project, amount: Decimal, currency: str, on: date, rates: Rates | None = None) -> Entered:
    """The amount in the project's currency. Raises ApplicationError naming the pair and the day without a rate.

    `rates`: the organisation's, where many amounts are converted; None looks them up.
    """
    if not currency or currency == project.currency:
        return Entered(amount, None, "", None)
    try:
        known = rates or rates_between(project.organisation, currency, project.currency)
        found = convert(amount, currency, project.currency, on, known)
    except MissingRate as error:
        raise ApplicationError(
            _("%(project)s is kept in %(own)s, and no exchange rate from %(other)s to %(own)s is known on %(day)s.")
            % {"project": project.code, "own": error.quote, "other": error.base, "day": on.isoformat()},
            field="currency", code="no_rate", extra={"base": error.base, "quote": error.quote, "on": on.isoformat()},
        ) from error  # fmt: skip
    rate = round(found.rate, 8)
    value = round_money(found.value, project.currency)
    if not value or not rate:
        raise ApplicationError(_("That is nothing in %s, rounded.") % project.currency, field="amount", code="zero")
    return Entered(value, amount, currency, rate)


def entered_back(entry: CostEntry, amount: Decimal) -> dict[str, Any]:
    """The conversion of a reversal of the whole: the same rate, whatever it is today. Empty for a part."""
    if entry.entry_amount is None or amount != -entry.amount:
        return {}
    return {"entry_amount": -entry.entry_amount, "entry_currency": entry.entry_currency, "rate": entry.rate}
