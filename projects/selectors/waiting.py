"""What waits for one person: gate reviews, deliverables, waivers, tailoring, budgets and change requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from pmo.models import Person
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from projects.analysis.gate_decisions import Standing, standing
from projects.models import (
    Budget,
    ChangeRequest,
    GateApproval,
    GateDelegation,
    GateReview,
    ProjectDeliverable,
    TailoringChange,
    Waiver,
)
from projects.selectors.approvers import delegations_on
from projects.selectors.rows import of_projects

SOON = timedelta(days=30)


@dataclass(frozen=True)
class GateWaiting:
    """A review that waits for the person; `instead_of`: whose seat it is, where it is not their own."""

    review: GateReview
    seat: GateApproval
    instead_of: Person | None
    standing: Standing


def seats_waiting(actor: Actor, day: date) -> QuerySet[GateApproval]:
    """The open seats in which the person may speak now: their own, or delegated to them."""
    person = Person.objects.filter(organisation=actor.organisation, user=actor.user)
    given = delegations_on(actor.organisation.pk, day).filter(delegate__in=person, approver=OuterRef("approver"))
    rows = GateApproval.objects.filter(
        organisation=actor.organisation, verdict="", revoked_at__isnull=True, review__state=GateReview.State.SUBMITTED
    ).exclude(review__submitted_by=actor.user)
    delegated = Exists(given.filter(Q(review__isnull=True) | Q(review=OuterRef("review"))))
    mine = rows.filter(Q(approver__in=person) | delegated)
    first = (
        GateApproval.objects.filter(review=OuterRef("review"), verdict="", revoked_at__isnull=True)
        .order_by("order")
        .values("order")[:1]
    )
    spoken = GateApproval.objects.filter(given_by=actor.user).values("review_id")
    mine = mine.exclude(review__in=spoken).annotate(first=Subquery(first))
    mine = mine.filter(Q(review__gate__in_order=False) | Q(order=F("first")))
    reach = of_projects(GateReview.objects.all(), actor, "gate.decide")
    return mine.filter(review__in=reach.values("pk"))


def gates_waiting(actor: Actor) -> list[GateWaiting]:
    """The reviews in which the person is asked now. Two queries."""
    rows = seats_waiting(actor, today_in(actor.organisation)).select_related(
        "review__gate__project_phase", "review__project", "review__submitted_by", "approver"
    )
    found: dict[int, GateWaiting] = {}
    for seat in rows.order_by("review__submitted_at", "order"):
        own = seat.approver.user_id == actor.user.pk
        if own or seat.review_id not in found:
            found[seat.review_id] = GateWaiting(
                seat.review, seat, None if own else seat.approver, standing(seat.review.criteria)
            )
    return list(found.values())


def deliverables_waiting(actor: Actor) -> QuerySet[ProjectDeliverable]:
    """Handed in by somebody else, for the person to accept."""
    rows = ProjectDeliverable.objects.filter(state=ProjectDeliverable.State.SUBMITTED, applies=True)
    rows = rows.exclude(submitted_by=actor.user).select_related("project", "project_phase", "submitted_by")
    return of_projects(rows, actor, "deliverable.decide").order_by("submitted_at")


def waivers_waiting(actor: Actor) -> QuerySet[Waiver]:
    """Asked for by somebody else, for the person to decide on."""
    rows = Waiver.objects.filter(state=Waiver.State.ASKED).exclude(asked_by=actor.user)
    rows = rows.select_related("project", "activity", "deliverable", "gate", "policy", "asked_by")
    return of_projects(rows, actor, "waiver.decide").order_by("asked_at")


def tailoring_waiting(actor: Actor) -> QuerySet[TailoringChange]:
    """Changes of tier that nobody has accepted or waived."""
    rows = TailoringChange.objects.filter(state=TailoringChange.State.PROPOSED, batch="").select_related("project")
    return of_projects(rows, actor, "tailoring.edit").order_by("proposed_at")


def budgets_waiting(actor: Actor) -> QuerySet[Budget]:
    """Budgets proposed by somebody else that the person may approve; those of change requests come with these."""
    rows = Budget.objects.filter(state=Budget.State.SUBMITTED).exclude(proposed_by=actor.user)
    rows = rows.filter(change_request__isnull=True)
    return of_projects(rows.select_related("project", "proposed_by"), actor, "budget.approve").order_by("pk")


def changes_waiting(actor: Actor) -> QuerySet[ChangeRequest]:
    """Change requests proposed by somebody else that the person may decide on."""
    rows = ChangeRequest.objects.filter(state=ChangeRequest.State.SUBMITTED).exclude(proposed_by=actor.user)
    return of_projects(rows.select_related("project", "proposed_by"), actor, "change.decide").order_by("submitted_at")


def waivers_ending(actor: Actor, day: date) -> QuerySet[Waiver]:
    """Granted waivers that end within 30 days, or ended and the thing is still asked for; soonest first."""
    rows = Waiver.objects.filter(state=Waiver.State.GRANTED, expires_on__lte=day + SOON, expires_on__gte=day - SOON)
    rows = rows.select_related("project", "activity", "deliverable", "gate", "policy", "decided_by")
    return of_projects(rows, actor, "compliance.view").order_by("expires_on")


def waiting_count(actor: Actor) -> int:
    """How many things wait: one query."""
    if actor.is_token:
        return 0
    day = today_in(actor.organisation)
    first = seats_waiting(actor, day).order_by().values("review_id").distinct()
    rest = (deliverables_waiting, waivers_waiting, tailoring_waiting, budgets_waiting, changes_waiting)
    return first.union(*(each(actor).order_by().values("pk") for each in rest), all=True).count()


def delegations_of(actor: Actor) -> QuerySet[GateDelegation]:
    """Whom the person lets speak for them, now or later."""
    return GateDelegation.objects.filter(
        organisation=actor.organisation, approver__user=actor.user, ended_at__isnull=True,
        ends_on__gte=today_in(actor.organisation),
    ).select_related("delegate", "review__gate", "review__project")  # fmt: skip
