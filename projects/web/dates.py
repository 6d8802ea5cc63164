"""The date that a page shows its figures as at: the organisation's, or the one in the address."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlencode

from pmo.kit.parameters import parse_value
from pmo.selectors.clock import status_date_of
from pmo.web.pages import OfficeRequest
from projects.services.costs import date_checked


def date_asked(request: OfficeRequest) -> tuple[date, bool]:
    """(the date, whether it is another than the organisation's). Raises ApplicationError for what is no date."""
    usual = status_date_of(request.actor.organisation)
    raw = request.GET.get("as_of", "")
    if not raw:
        return usual, False
    asked: date = date_checked(parse_value("as_of", raw, "date"), field="as_of")
    return asked, asked != usual


def known_at_asked(request: OfficeRequest) -> datetime | None:
    """The moment up to which what was recorded counts; None for all of it. Raises ApplicationError for no moment."""
    raw = request.GET.get("known_at", "")
    known_at: datetime | None = parse_value("known_at", raw, "datetime") if raw else None
    return known_at


def moment_query(request: OfficeRequest) -> str:
    """`?as_of=…&known_at=…` as asked, for links to pages of the same moment; empty for the current one."""
    asked = {name: request.GET[name] for name in ("as_of", "known_at") if request.GET.get(name)}
    return f"?{urlencode(asked)}" if asked else ""
