"""Who has an interest in a project, and what is due to be told: within the actor's reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Prefetch, Q, QuerySet

from pmo.selectors.actors import Actor
from projects.analysis.communication import BACK, SOON, due_dates, states_of
from projects.models import Communication, CommunicationAudience, CommunicationPlanItem, Stakeholder
from projects.selectors.rows import of_projects

SCALE: Final = (1, 2, 3, 4, 5)
SYMBOLS: Final = {"unknown": "?", "against": "−", "neutral": "○", "supports": "+", "leads": "★"}


def stakeholders_for(actor: Actor, action: str) -> QuerySet[Stakeholder]:
    """Stakeholders that were not removed."""
    rows = Stakeholder.objects.filter(removed_at__isnull=True).select_related("project", "person")
    return of_projects(rows, actor, action)


def plan_items_for(actor: Actor, action: str) -> QuerySet[CommunicationPlanItem]:
    """Items of communication plans, running or stopped, with whom they are for."""
    audience = CommunicationAudience.objects.filter(stakeholder__removed_at__isnull=True).select_related("stakeholder")
    rows = CommunicationPlanItem.objects.select_related("project", "responsible").prefetch_related(
        Prefetch("audiences", queryset=audience.order_by("stakeholder__name"))
    )
    return of_projects(rows, actor, action)


@dataclass(frozen=True, slots=True)
class DueShown:
    """One dated message: the item, its day, its state, and what was written when it was marked."""

    item: CommunicationPlanItem
    day: date
    state: str
    done: Communication | None

    @property
    def key(self) -> str:
        return f"{self.item.pk}:{self.day.isoformat()}"


def due_shown(
    items: QuerySet[CommunicationPlanItem], today: date, *, first: date | None = None, last: date | None = None
) -> list[DueShown]:
    """The dates of `items` from BACK ago to SOON ahead (unless told), by day. Three queries, whatever their number."""
    first, last = first or today - BACK, last or today + SOON
    live = items.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first), stopped_at__isnull=True, starts_on__lte=last)
    rows = {item.pk: item for item in live}
    marked = Communication.objects.filter(item__in=live.values("pk"), due__gte=first, due__lte=last)
    done = {(row.item_id, row.due): row for row in marked.select_related("done_by")}
    states = {key: row.state for key, row in done.items()}
    found = [
        DueShown(item, each.day, each.state, done.get((item.pk, each.day)))
        for item in rows.values()
        for each in states_of(
            item.pk, due_dates(item.cadence, item.starts_on, item.ends_on, first, last), states, today
        )
    ]
    return sorted(found, key=lambda each: (each.day, each.item.pk))


@dataclass(frozen=True, slots=True)
class Cell:
    """One square of the grid: who stands there, each with the symbol of their stance."""

    interest: int
    influence: int
    people: tuple[tuple[str, Stakeholder], ...]
    advice: str


def grid_of(rows: Iterable[Stakeholder]) -> list[tuple[int, list[Cell]]]:
    """Influence from the highest down, interest from the lowest up. `advice` is a key of the four quarters."""
    held: dict[tuple[int, int], list[tuple[str, Stakeholder]]] = {}
    for row in rows:
        held.setdefault((row.interest, row.influence), []).append((SYMBOLS[row.stance], row))
    return [
        (influence, [Cell(x, influence, tuple(held.get((x, influence), ())), quarter(x, influence)) for x in SCALE])
        for influence in reversed(SCALE)
    ]


def quarter(interest: int, influence: int) -> str:
    """close, satisfied, informed or watched: what the place in the grid asks for. The middle counts as high."""
    if influence >= 3:
        return "close" if interest >= 3 else "satisfied"
    return "informed" if interest >= 3 else "watched"
