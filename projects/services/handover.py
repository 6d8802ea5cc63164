"""Somebody leaves: all that they answer for goes to another, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, NotFound
from pmo.models import Person, Policy
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from projects.models import GateApproval, Project, ProjectMember, Responsibility
from projects.selectors.ownership import Load, load_of
from projects.services.lifecycle_marks import requirements_changed
from projects.services.performance import performance_owed

STRENGTH: Final = "ICRA"  # the weakest first
# Sent inside the transaction: organisation_id, from_person, to_person, user. The floor above hands over what it keeps.
person_handed_over = Signal()


@transaction.atomic
def person_handover(*, actor: Actor, from_id: int, to_id: int) -> int:
    """Give every letter, role, open activity, deliverable, condition and seat of one person in live projects to
    another. Where both have a letter for one thing, the stronger stays. Answers how many things moved.

    Raises ApplicationError where both are the same, or there is nothing to hand over.
    """
    actor.require("responsibility.handover")
    if from_id == to_id:
        raise ApplicationError(_("Choose somebody else to take over."), field="to", code="same")
    giver, taker = _person(actor, from_id), _person(actor, to_id)
    load = load_of(actor, giver, "responsibility.handover")
    policies = Policy.objects.filter(organisation=actor.organisation, owner=giver, withdrawn_at__isnull=True)
    owned = list(policies.values_list("name", flat=True))
    if not load.count and not owned:
        raise ApplicationError(
            _("%s answers for nothing that is still open.") % giver.name, field="from", code="nothing_to_do"
        )
    touched = _projects(load)
    list(Project.objects.select_for_update(of=("self",)).filter(pk__in=touched).order_by("pk").values_list("pk"))
    _letters(load.letters, taker)
    for role, project in load.roles:
        Project.objects.filter(pk=project.pk, **{role: giver}).update(**{role: taker}, version=F("version") + 1)
    _members(load.memberships, taker)
    for row in load.activities:
        type(row).objects.filter(pk=row.pk).update(assigned_to=taker, version=F("version") + 1)
    for deliverable in load.deliverables:
        type(deliverable).objects.filter(pk=deliverable.pk).update(owner=taker, version=F("version") + 1)
    for condition in load.conditions:
        type(condition).objects.filter(pk=condition.pk).update(owner=taker)
    _seats(load.approvals, taker)
    policies.update(owner=taker)
    person_handed_over.send(
        sender=Person, organisation_id=actor.organisation.pk, from_person=giver, to_person=taker, user=actor.user
    )
    _log(actor, load, giver, taker, owned)
    performance_owed(actor.organisation.pk, touched)
    requirements_changed(actor.organisation.pk, touched)
    return load.count + len(owned)


def _person(actor: Actor, pk: int) -> Person:
    person = Person.objects.filter(organisation=actor.organisation, pk=pk).first()
    if person is None:
        raise NotFound(_("There is no such person here."))
    return person


def _projects(load: Load) -> list[int]:
    rows: Sequence[Any] = [
        *load.letters, *load.memberships, *load.activities, *load.deliverables, *load.conditions,
    ]  # fmt: skip
    found = {row.project_id for row in rows} | {project.pk for _role, project in load.roles}
    return sorted(found | {seat.review.project_id for seat in load.approvals})


def _letters(letters: Sequence[Responsibility], taker: Person) -> None:
    mine = {
        (row.project_id, row.subject): row
        for row in Responsibility.objects.filter(
            person=taker, project__in=[row.project_id for row in letters]
        )
    }  # fmt: skip
    for row in letters:
        other = mine.get((row.project_id, row.subject))
        if other is None:
            Responsibility.objects.filter(pk=row.pk).update(person=taker)
            continue
        Responsibility.objects.filter(pk=row.pk).delete()
        if STRENGTH.index(row.letter) > STRENGTH.index(other.letter):
            Responsibility.objects.filter(pk=other.pk).update(letter=row.letter)


def _members(memberships: Sequence[ProjectMember], taker: Person) -> None:
    there = set(
        ProjectMember.objects.filter(
            person=taker, project__in=[row.project_id for row in memberships]
        ).values_list("project_id", "kind")
    )  # fmt: skip
    for row in memberships:
        mine = ProjectMember.objects.filter(pk=row.pk)
        if (row.project_id, row.kind) in there:
            mine.delete()
        else:
            mine.update(person=taker)


def _seats(seats: Sequence[GateApproval], taker: Person) -> None:
    """A seat where the other sits already is not given twice: it stays with who leaves, to be revoked."""
    there = set(
        GateApproval.objects.filter(
            approver=taker, review__in=[seat.review_id for seat in seats]
        ).values_list("review_id", flat=True)
    )  # fmt: skip
    for seat in seats:
        if seat.review_id not in there:
            GateApproval.objects.filter(pk=seat.pk, verdict="").update(approver=taker)


def _log(actor: Actor, load: Load, giver: Person, taker: Person, owned: Sequence[str]) -> None:
    """One event for the person, and one for each project, so that its own history tells of it."""
    moved: dict[int, list[str]] = {}
    for letter in load.letters:
        moved.setdefault(letter.project_id, []).append(f"{letter.letter} {letter.subject}")
    for role, project in load.roles:
        moved.setdefault(project.pk, []).append(role)
    rows: Sequence[Any] = [*load.memberships, *load.activities, *load.deliverables, *load.conditions]
    for row in rows:
        moved.setdefault(row.project_id, []).append(f"{row._meta.model_name} {row.pk}")
    for seat in load.approvals:
        moved.setdefault(seat.review.project_id, []).append(f"approval {seat.pk}")
    label = f"{giver.name} → {taker.name}"
    audit_record(
        actor=actor, action="responsibility.handover", object_type="person", object_id=giver.pk, label=label,
        before={"person": giver.name}, after={"person": taker.name, "things": load.count, "policies": list(owned)},
    )  # fmt: skip
    for project_id, things in sorted(moved.items()):
        audit_record(
            actor=actor, action="responsibility.handover", object_type="project", object_id=project_id, label=label,
            project_id=project_id, before={"person": giver.name}, after={"person": taker.name, "things": things},
        )  # fmt: skip
