"""Exchange rates: each dated and kept; of one pair and day the last recorded counts."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.models import ExchangeRate
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from pmo.services.outbox import owe

CODE: Final = re.compile(r"[A-Z]{3}", re.ASCII)
LARGEST, PLACES = Decimal("9999999999"), 8
EARLIEST, LATEST = date(1970, 1, 1), date(2200, 1, 1)
MOST_LINES: Final = 2_000
KIND: Final = "rates"  # owed when a rate was recorded: whoever converts amounts does it again


class Line(NamedTuple):
    """One line of a table of rates."""

    base: str
    quote: str
    rate: Decimal
    valid_on: date


class Recorded(NamedTuple):
    """What became of a table: the rates that are new, and how many were known as they stand."""

    new: list[ExchangeRate]
    unchanged: int


@transaction.atomic
def rate_record(
    *, actor: Actor, base: str, quote: str, rate: Decimal, valid_on: date, source: str = ""
) -> ExchangeRate:
    """Record that one unit of `base` is `rate` units of `quote` from `valid_on` on. Raises Forbidden or
    ApplicationError naming the field."""
    actor.require("rate.edit")
    base, quote = base.strip().upper(), quote.strip().upper()
    for field, code in (("base", base), ("quote", quote)):
        if not CODE.fullmatch(code):
            raise ApplicationError(
                _("“%s” is no currency: three letters, such as EUR.") % code[:20], field=field, code="unknown_choice"
            )
    if base == quote:
        raise ApplicationError(_("A rate is between two different currencies."), field="quote", code="same_currency")
    if not rate.is_finite() or not 0 < rate <= LARGEST:
        raise ApplicationError(_("%s is no rate: it must be above zero.") % rate, field="rate", code="out_of_range")
    if rate != round(rate, PLACES):
        raise ApplicationError(_("%s has more than eight decimals.") % rate, field="rate", code="too_precise")
    if not EARLIEST <= valid_on < LATEST:
        raise ApplicationError(
            _("%s is not a date anybody means.") % valid_on.isoformat(), field="valid_on", code="out_of_range"
        )
    kept = ExchangeRate.objects.create(
        organisation=actor.organisation, base=base, quote=quote, rate=rate, valid_on=valid_on,
        source=source.strip()[:60], recorded_by=actor.user,
    )  # fmt: skip
    audit_record(
        actor=actor, action="rate.record", object_type="exchange_rate", object_id=kept.pk,
        label=f"{base}/{quote} {valid_on.isoformat()}", after={"rate": rate, "valid_on": valid_on},
    )  # fmt: skip
    owe(KIND, actor.organisation.pk, [0])
    return kept


@transaction.atomic
def rates_paste(*, actor: Actor, text: str, source: str = "paste") -> Recorded:
    """Record the rates of a table: base, quote, rate, date (YYYY-MM-DD), separated by comma, semicolon or tab; a first
    line of names is passed over. All or none: an ApplicationError names the line at fault. A rate that is known as it
    stands is left alone, so that the same table twice is the same as once.
    """
    actor.require("rate.edit")
    known = _known(actor)
    lines = [line for line in text.replace("\ufeff", "").splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise ApplicationError(_("At most %d lines are taken at once.") % MOST_LINES, field="text", code="too_many")
    separator = next((sign for sign in ("\t", ";") if lines and sign in lines[0]), ",")
    recorded: list[ExchangeRate] = []
    unchanged = 0
    for number, cells in enumerate(csv.reader(lines, delimiter=separator), start=1):
        if number == 1 and len(cells) >= 4 and cells[0].strip().lower() == "base":
            continue
        try:
            line = _of_line(cells)
            if known.get((line.base, line.quote, line.valid_on)) == line.rate:
                unchanged += 1
                continue
            recorded.append(rate_record(actor=actor, source=source, **line._asdict()))
            known[line.base, line.quote, line.valid_on] = line.rate
        except ApplicationError as error:
            raise ApplicationError(
                _("Line %(number)d: %(message)s") % {"number": number, "message": error.message},
                field="text", code=error.code,
            ) from error  # fmt: skip
    if not recorded and not unchanged:
        raise ApplicationError(_("There is no rate in it."), field="text", code="empty")
    return Recorded(recorded, unchanged)


def rates_preview(*, actor: Actor, text: str) -> Recorded:
    """What `rates_paste` would do, and nothing done. Raises what it raises."""
    with transaction.atomic():
        found = rates_paste(actor=actor, text=text)
        transaction.set_rollback(True)
    return found


def _known(actor: Actor) -> dict[tuple[str, str, date], Decimal]:
    """The rate that counts of each pair and day: the last recorded."""
    rows = ExchangeRate.objects.filter(organisation=actor.organisation).order_by("id")
    return {
        (base, quote, day): rate for base, quote, day, rate in rows.values_list("base", "quote", "valid_on", "rate")
    }


def _of_line(cells: Sequence[str]) -> Line:
    if len(cells) < 4:
        raise ApplicationError(_("Four values are needed: base, quote, rate, date."), code="invalid")
    base, quote, rate, day = (cell.strip() for cell in cells[:4])
    try:
        amount = Decimal(rate)
    except InvalidOperation:
        raise ApplicationError(_("“%s” is not a number with a point.") % rate[:40], code="invalid") from None
    try:
        valid_on = date.fromisoformat(day)
    except ValueError:
        raise ApplicationError(_("“%s” is not a date such as 2026-03-31.") % day[:40], code="invalid") from None
    return Line(base.upper(), quote.upper(), amount, valid_on)
