"""Which day it is in an organisation."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from pmo.models import Organisation


def today_in(organisation: Organisation) -> date:
    """Today by the organisation's own time zone: days and month ends are local."""
    return timezone.now().astimezone(ZoneInfo(organisation.timezone)).date()


def status_date_of(organisation: Organisation) -> date:
    """The date that figures are shown as at: the organisation's fixed one, or its today."""
    return organisation.status_date or today_in(organisation)
