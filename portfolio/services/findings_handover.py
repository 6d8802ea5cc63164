"""Findings of somebody who leaves."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from pmo.models import Person
from portfolio.models import Finding, FindingEvent


def findings_handed_over(organisation_id: int, giver: Person, taker: Person) -> int:
    """Give every unresolved finding that one person owns to another, with a line of history each. Answers how many."""
    mine = Finding.objects.filter(organisation_id=organisation_id, owner=giver).exclude(status=Finding.Status.RESOLVED)
    ids = list(mine.order_by("id").values_list("id", flat=True))
    mine.update(owner=taker, version=F("version") + 1)
    at, text = timezone.now(), f"{giver.name} → {taker.name}"
    FindingEvent.objects.bulk_create(
        [FindingEvent(organisation_id=organisation_id, finding_id=pk, at=at, kind="assigned", text=text) for pk in ids],
        batch_size=500,
    )
    return len(ids)
