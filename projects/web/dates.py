"""The date that a page shows its figures as at: the organisation's, or the one in the address."""

from __future__ import annotations

from datetime import date

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
