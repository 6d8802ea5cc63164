"""The two moments that are compared: ends of days by the organisation's clock, each as known by then."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.kit.parameters import parse_value, refuse
from pmo.models import Organisation
from pmo.selectors.clock import status_date_of
from projects.analysis.changes import Moment
from projects.analysis.periods import month_index, month_last

DAYS: Final = 30
YEARS: Final = (1970, 2200)


def moment_of(organisation: Organisation, at: date | datetime) -> Moment:
    """A day stands for its end by the organisation's clock: as at the day, as known by midnight.

    An instant is as at its day, as known then.
    """
    zone = ZoneInfo(organisation.timezone)
    if isinstance(at, datetime):
        return Moment(at.astimezone(zone).date(), at)
    return Moment(at, datetime.combine(at, time.max, tzinfo=zone))


def moments_of(
    organisation: Organisation, first: date | datetime | None, second: date | datetime | None
) -> tuple[Moment, Moment]:
    """The two moments; by default from DAYS days ago up to now. Raises ApplicationError where they run backwards."""
    now = status_date_of(organisation)
    until = Moment(now, None) if second is None or second == now else moment_of(organisation, second)
    since = moment_of(organisation, first or until.as_of - timedelta(days=DAYS))
    backwards = since.as_of > until.as_of
    if until.known_at is not None and since.known_at is not None:
        backwards = backwards or since.known_at >= until.known_at
    elif not isinstance(first, datetime):
        backwards = since.as_of >= until.as_of
    if backwards:
        raise ApplicationError(
            _("%(first)s is not before %(second)s; the first moment has to lie before the second.")
            % {"first": (first or since.as_of).isoformat(), "second": (second or until.as_of).isoformat()},
            field="from",
            code="wrong_order",
        )
    return since, until


def moment_asked(organisation: Organisation, name: str, raw: str) -> date | datetime | None:
    """A day or an instant with its zone, as an address has it. Raises ApplicationError for anything else."""
    if not raw:
        return None
    asked: date | datetime = parse_value(name, raw, "datetime" if "T" in raw else "date")
    if not YEARS[0] <= asked.year < YEARS[1]:
        raise refuse(name, _("%s is not a date anybody means.") % asked.isoformat(), code="out_of_range")
    return asked


def presets(organisation: Organisation, until: date) -> list[tuple[str, date]]:
    """(key, day) of the first moments people ask for: a week, DAYS days, the end of the last month, quarter and fiscal
    year before `until`.
    """
    month = month_index(until)
    year = month - (month - organisation.fiscal_year_start_month + 1) % 12
    days = {
        "week": until - timedelta(days=7),
        "days": until - timedelta(days=DAYS),
        "month": month_last(month - 1),
        "quarter": month_last(month - month % 3 - 1),
        "year": month_last(year - 1),
    }
    return list(days.items())
