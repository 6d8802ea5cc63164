"""What is owed and what was given up, for the people who run the installation."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from pmo.models import OutboxMark


class Owed(NamedTuple):
    """Marks of one kind: those still to be paid, those given up, and the subjects that the open ones name."""

    kind: str
    open: int
    dead: int
    subjects: int


def owed(organisation_id: int | None = None) -> list[Owed]:
    """By kind, what one organisation (None: every one) is owed. Kinds without a mark are left out."""
    marks = OutboxMark.objects.all()
    if organisation_id is not None:
        marks = marks.filter(organisation_id=organisation_id)
    alive = Q(dead_at__isnull=True)
    rows = marks.values_list("kind").annotate(
        open=Count("id", filter=alive),
        dead=Count("id", filter=~alive),
        subjects=Count("subject_id", filter=alive, distinct=True),
    )
    return [Owed(*row) for row in rows.order_by("kind")]


def dead_letters(organisation_id: int | None = None) -> QuerySet[OutboxMark]:
    """Marks given up after their last attempt, oldest first."""
    dead = OutboxMark.objects.filter(dead_at__isnull=False).select_related("organisation")
    return (dead if organisation_id is None else dead.filter(organisation_id=organisation_id)).order_by("id")
