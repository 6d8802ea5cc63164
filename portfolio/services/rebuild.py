"""All derived figures anew, from the rows: the figures of projects, then what the portfolio makes of them."""

from __future__ import annotations

from django.db import transaction

from portfolio.services.standings import standings_refresh
from projects.services.performance import performance_rebuild


@transaction.atomic
def organisation_rebuild(organisation_id: int) -> int:
    """Recompute figures, standings, findings and roll-ups of an organisation. Answers how many projects."""
    done = performance_rebuild(organisation_id)
    standings_refresh(organisation_id)
    return done
