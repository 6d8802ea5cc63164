"""Who is asked at a gate, who may speak in whose seat, and whether a seat still stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pmo.models import Membership, Person, Role
from pmo.selectors.actors import Actor
from projects.analysis.gate_decisions import Seat, StandIn, asked_now, stands_in
from projects.models import GateApproval, GateDelegation, GateReview, Project, ProjectGate

OF_PROJECT = ("sponsor", "project_manager", "budget_owner")


def role_word(role: str) -> str:
    """A role of a gate in words."""
    if role == "sponsor":
        return _("sponsor")
    return str(Role(role).label) if role in Role.values else role


@dataclass(frozen=True)
class Asked:
    """A role that a gate asks, and the person who has it for this project; None: it is vacant."""

    role: str
    person: Person | None

    @property
    def word(self) -> str:
        return role_word(self.role)


def approvers_of(gate: ProjectGate) -> list[Asked]:
    """The approvers in the order of the standard. A gate without roles asks the sponsor."""
    roles = list(gate.gate.approver_roles) if gate.gate is not None else []
    asked: list[Asked] = []
    seen: set[int] = set()
    for role in roles or ["sponsor"]:
        person = holder_of(gate.project, role)
        if person is None or person.pk not in seen:
            asked.append(Asked(role, person))
        if person is not None:
            seen.add(person.pk)
    return asked


def holder_of(project: Project, role: str) -> Person | None:
    """Who has the role for this project: named in the project, over its portfolio, or first in the office."""
    return holders_of(project, role).first()


def holders_of(project: Project, role: str) -> QuerySet[Person]:
    """All who have the role for this project."""
    people = Person.objects.filter(organisation_id=project.organisation_id).order_by("pk")
    if role in OF_PROJECT:
        return people.filter(pk=getattr(project, f"{role}_id") or 0)
    held = Membership.objects.filter(organisation_id=project.organisation_id, role=role).values("user_id")
    people = people.filter(user_id__in=held)
    if role == "portfolio_manager":
        over = apps.get_model("portfolio", "PortfolioAssignment").objects.filter(portfolio_id=project.portfolio_id)
        people = people.filter(pk__in=over.values("person_id"))
    return people


def seat_stands(seat: GateApproval, project: Project) -> bool:
    """Is the approver still who the seat was given to: the role not lost, the account not closed, not revoked?"""
    if seat.revoked_at is not None:
        return False
    here = Membership.objects.filter(
        organisation_id=project.organisation_id, user=seat.approver.user_id, user__is_active=True
    )
    if seat.approver.user_id is None or not here.exists():
        return False
    return not seat.role or holders_of(project, seat.role).filter(pk=seat.approver_id).exists()


def seats_of(review: GateReview) -> list[Seat]:
    """The seats as the pure rules see them."""
    rows = review.approvals.order_by("order", "pk")
    return [Seat(row.pk, row.order, row.verdict, row.revoked_at is not None) for row in rows]


def delegations_on(organisation_id: int, day: date) -> QuerySet[GateDelegation]:
    """The delegations that run on that day."""
    return GateDelegation.objects.filter(
        organisation_id=organisation_id, ended_at__isnull=True, starts_on__lte=day, ends_on__gte=day
    )


def seat_for(
    actor: Actor, review: GateReview, person: Person | None, day: date
) -> tuple[GateApproval | None, Person | None]:
    """The seat in which the person may speak now, and for whom where it is not their own; (None, None) without one."""
    if person is None or review.state != GateReview.State.SUBMITTED:
        return None, None
    rows = {row.pk: row for row in review.approvals.select_related("approver").order_by("order", "pk")}
    still = [rows[seat.id] for seat in asked_now(seats_of(review), in_order=review.gate.in_order)]
    if any(row.given_by_id == actor.user.pk for row in rows.values()):
        return None, None
    own = next((row for row in still if row.approver_id == person.pk), None)
    if own is not None:
        return own, None
    given = [stand_in(each) for each in delegations_on(review.organisation_id, day).filter(delegate=person)]
    for row in still:
        if stands_in(given, approver=row.approver_id, person=person.pk, review=review.pk, day=day):
            return row, row.approver
    return None, None


def stand_in(row: GateDelegation) -> StandIn:
    return StandIn(
        row.approver_id, row.delegate_id, row.starts_on, row.ends_on, row.review_id, row.ended_at is not None
    )


def names_of(roles: Sequence[Asked]) -> list[str]:
    """The vacant roles among them, in words."""
    return [each.word.lower() for each in roles if each.person is None]
