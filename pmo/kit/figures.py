"""Numbers, dates and ages as people read them: grouped digits, a true minus sign, rounding half-even only here.

Every function takes None and answers None, so that the caller decides how "undefined" looks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from urllib.parse import urlencode

from django.utils.dates import MONTHS_3
from django.utils.translation import get_language, gettext, ngettext

from pmo.kit.money import minor_units
from pmo.kit.money import symbol as currency_symbol

MINUS = "\u2212"
SIGNS = f"+{MINUS}"
NO_BREAK_SPACE = "\u00a0"
Number = Decimal | int | float

_SCALES = {"": Decimal(1), "k": Decimal(1000), "m": Decimal(1_000_000), "bn": Decimal(1_000_000_000)}
_SCALE_PLACES = {"k": 0, "m": 1, "bn": 1}
_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(10))


@lru_cache(maxsize=1024)
def _translated(message: str, language: str | None) -> str:
    return gettext(message)


def _(message: str) -> str:
    """gettext that looks a sentence up once a language: a page asks for the same few words hundreds of times."""
    return _translated(message, get_language())


translate = _


@lru_cache(maxsize=32)
def _month(month: int, language: str | None) -> str:
    return str(MONTHS_3[month]).capitalize()


def _decimal(value: Number) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def number(value: Number | None, places: int = 0, *, sign: bool = False) -> str | None:
    """Grouped digits with a fixed number of decimals; `sign` writes + before a positive one. None stays None."""
    if value is None:
        return None
    rounded = _decimal(value)
    if not rounded.is_finite():
        return None
    rounded = rounded.quantize(_STEPS[places], ROUND_HALF_EVEN)
    if rounded < 0:
        return f"{MINUS}{-rounded:,f}"
    if sign and rounded > 0:
        return f"+{rounded:,f}"
    return f"{abs(rounded):,f}"


def money(
    value: Number | None,
    currency: str = "",
    *,
    scale: str = "",
    places: int | None = None,
    symbol: bool = False,
    sign: bool = False,
) -> str | None:
    """An amount in its currency's decimals, or in thousands (k), millions (m) or billions (bn).

    The unit belongs in the column head, so neither sign nor scale letter is written unless `symbol` is true: then
    "£117.3m". None stays None.
    """
    if value is None:
        return None
    if places is None:
        places = _SCALE_PLACES[scale] if scale else minor_units(currency)
    text = number(_decimal(value) / _SCALES[scale] if scale else value, places, sign=sign)
    if text is None or not symbol:
        return text
    mark = text[0] if text[0] in SIGNS else ""
    unit = currency_symbol(currency)
    space = NO_BREAK_SPACE if unit.isalpha() else ""
    return f"{mark}{unit}{space}{text[len(mark) :]}{scale}"


def percent(value: Number | None, places: int = 1, *, sign: bool = False) -> str | None:
    """A percentage already in points (19.4, not 0.194), without the % sign. None stays None."""
    return number(value, places, sign=sign)


def ratio(value: Number | None) -> str | None:
    """An index such as CPI with two decimals. None stays None."""
    return number(value, 2)


def day(value: date | datetime | None, *, year: bool = True) -> str | None:
    """A date as "31 Oct 2026", or "31 Oct" without the year. None stays None."""
    if value is None:
        return None
    month = _month(value.month, get_language())
    return f"{value.day} {month} {value.year}" if year else f"{value.day} {month}"


def moment(value: datetime | None) -> str | None:
    """A moment as "12 Nov 2026 09:12" in the zone it carries. None stays None."""
    if value is None:
        return None
    return f"{day(value)} {value.hour:02d}:{value.minute:02d}"


def age(value: date | datetime, now: datetime) -> str:
    """How long ago, in the largest sensible unit: "now", "4 min", "3 h", "15 d", "in 3 d".

    A plain date is compared by day, so that a figure dated today reads "today" and not a count of hours.
    """
    if not isinstance(value, datetime):
        passed = (now.date() - value).days
        return _("today") if passed == 0 else days(passed)
    elapsed = now - value
    if abs(elapsed) < timedelta(minutes=1):
        return _("now")
    ahead = elapsed < timedelta(0)
    minutes = int(abs(elapsed).total_seconds() // 60)
    if minutes < 60:
        text = _("%(count)d min") % {"count": minutes}
    elif minutes < 48 * 60:
        text = _("%(count)d h") % {"count": minutes // 60}
    else:
        return days(-(minutes // 1440) if ahead else minutes // 1440)
    return _("in %(span)s") % {"span": text} if ahead else text


def days(count: int) -> str:
    """A number of days: "15 d", or "in 3 d" when negative."""
    text = ngettext("%(count)d d", "%(count)d d", abs(count)) % {"count": abs(count)}
    return _("in %(span)s") % {"span": text} if count < 0 else text


def query_string(params: Mapping[str, Sequence[str]]) -> str:
    """A query string, percent-encoded; the characters that keep a shared address readable stay as they are."""
    return urlencode(params, doseq=True, safe=":,-/")
