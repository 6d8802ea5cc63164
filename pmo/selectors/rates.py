"""What currencies are worth in an organisation, by day."""

from __future__ import annotations

from django.db.models import QuerySet

from pmo.models import ExchangeRate
from pmo.selectors.actors import Actor


def rates_for(actor: Actor, action: str) -> QuerySet[ExchangeRate]:
    """The organisation's rates, or none."""
    mine = ExchangeRate.objects.filter(organisation=actor.organisation).select_related("recorded_by")
    return mine if actor.allows(action) else mine.none()
