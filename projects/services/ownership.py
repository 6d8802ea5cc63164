"""Saying who answers for what: letters of one project, in one go or one by one, and the defaults of its standard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, NotFound
from pmo.models import Person
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from projects.models import Project, ProjectDeliverable, ProjectGate, Responsibility
from projects.selectors.ownership import Subject, letters_of, responsibilities_for, seen_of, subjects_of
from projects.selectors.projects import project_get
from projects.services.lifecycle_marks import requirements_changed

Letters = Mapping[tuple[str, int], str]
Letter = Responsibility.Letter
FIELDS: Final = {"phase": "project_phase_id", "deliverable": "deliverable_id", "gate": "gate_id"}
LONGEST: Final = 5_000


@transaction.atomic
def responsibilities_set(*, actor: Actor, project_id: int, letters: Letters, seen: str) -> int:
    """Set the letters given ("" takes one away); what is not given stays. Answers how many changed.

    `seen`: `Matrix.seen` as the caller saw it. Raises ApplicationError where somebody changed the letters since, for a
    subject or person that is not there, and where two people would be accountable for one thing.
    """
    project = _locked(project_get(actor, action="responsibility.edit", pk=project_id))
    before = letters_of(project)
    if seen != seen_of(before):
        raise ApplicationError(
            _("Somebody changed who answers for this project meanwhile. Look at it again, then change it."),
            code="stale_version", status=409,
        )  # fmt: skip
    after = dict(before)
    for place, letter in letters.items():
        if letter and letter not in Letter.values:
            raise ApplicationError(
                _("“%s” is none of R, A, C, I.") % letter[:20], field="letter", code="unknown_choice"
            )
        after[place] = letter
    return _write(actor, project, before, {place: letter for place, letter in after.items() if letter})


@transaction.atomic
def responsibility_create(
    *, actor: Actor, project_id: int, subject: str, person_id: int, letter: str
) -> Responsibility:
    """One letter more. Raises ApplicationError (409) where the person has one there, or somebody is accountable."""
    project = _locked(project_get(actor, action="responsibility.edit", pk=project_id))
    before = letters_of(project)
    if (subject, person_id) in before:
        raise ApplicationError(
            _("This person has the letter %s there already; change that one.") % before[subject, person_id],
            field="person", code="taken", status=409,
        )  # fmt: skip
    _write(actor, project, before, {**before, (subject, person_id): letter})
    return responsibilities_for(actor, "responsibility.view").get(project=project, subject=subject, person=person_id)


@transaction.atomic
def responsibility_update(*, actor: Actor, responsibility_id: int, letter: str) -> Responsibility:
    """Another letter for the same person and thing."""
    row = _row(actor, responsibility_id)
    project = _locked(row.project)
    before = letters_of(project)
    _write(actor, project, before, {**before, (row.subject, row.person_id): letter})
    return _row(actor, responsibility_id)


@transaction.atomic
def responsibility_delete(*, actor: Actor, responsibility_id: int) -> None:
    """Take a letter away."""
    row = _row(actor, responsibility_id)
    project = _locked(row.project)
    before = letters_of(project)
    _write(actor, project, before, {key: x for key, x in before.items() if key != (row.subject, row.person_id)})


@transaction.atomic
def responsibilities_default(*, actor: Actor, project_id: int) -> int:
    """Fill in, where nobody has a letter yet, what follows from the people named and from the standard's responsible
    roles: sponsor accountable, project manager responsible, budget owner consulted for the project; the first approver
    accountable for a gate; whoever has the responsible role responsible for a deliverable. Answers how many."""
    project = _locked(project_get(actor, action="responsibility.edit", pk=project_id))
    before = letters_of(project)
    held = {subject for subject, _person in before}
    people = {
        "sponsor": project.sponsor_id, "project_manager": project.project_manager_id,
        "budget_owner": project.budget_owner_id,
    }  # fmt: skip
    roles = _roles_of(project)
    after = dict(before)
    for subject in subjects_of(project):
        if subject.key not in held:
            for letter, person in _defaults(subject, people, roles.get(subject.key, "")):
                after.setdefault((subject.key, person), letter)
    return _write(actor, project, before, after)


def _defaults(subject: Subject, people: Mapping[str, int | None], role: str) -> list[tuple[str, int]]:
    sponsor, manager, owner = people["sponsor"], people["project_manager"], people["budget_owner"]
    named = people.get(role)
    wanted = {
        "project": ((Letter.ACCOUNTABLE, sponsor), (Letter.RESPONSIBLE, manager), (Letter.CONSULTED, owner)),
        "phase": ((Letter.ACCOUNTABLE, manager or sponsor), (Letter.INFORMED, sponsor)),
        "deliverable": (
            (Letter.ACCOUNTABLE, manager or sponsor), (Letter.RESPONSIBLE, named), (Letter.INFORMED, sponsor),
        ),
        "gate": ((Letter.ACCOUNTABLE, named or sponsor), (Letter.RESPONSIBLE, manager), (Letter.CONSULTED, owner)),
    }[subject.kind]  # fmt: skip
    found: dict[int, str] = {}
    for letter, person in wanted:
        if person is not None and person not in found:
            found[person] = letter
    return [(letter, person) for person, letter in found.items()]


def _roles_of(project: Project) -> dict[str, str]:
    """The role of the standard that answers for each deliverable and gate."""
    found: dict[str, str] = {}
    deliverables = ProjectDeliverable.objects.filter(project=project, deliverable__isnull=False)
    for pk, role in deliverables.values_list("pk", "deliverable__responsible_role"):
        found[f"deliverable:{pk}"] = role
    gates = ProjectGate.objects.filter(project=project, gate__isnull=False)
    for pk, approvers in gates.values_list("pk", "gate__approver_roles"):
        found[f"gate:{pk}"] = approvers[0] if approvers else ""
    return found


def _locked(project: Project) -> Project:
    """One at a time: whoever is second sees what the first wrote."""
    Project.objects.select_for_update(of=("self",)).filter(pk=project.pk).values_list("pk").get()
    return project


def _row(actor: Actor, pk: int) -> Responsibility:
    row = responsibilities_for(actor, "responsibility.edit").filter(pk=pk).first()
    if row is None:
        raise NotFound(_("There is no such responsibility here."))
    return row


def _write(actor: Actor, project: Project, before: Letters, after: Letters) -> int:
    changed = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
    if not changed:
        return 0
    subjects = {subject.key: subject for subject in subjects_of(project)}
    known = _people(project, {person for _subject, person in changed})
    _checked(changed, after, subjects, known)
    for subject, person in changed:
        Responsibility.objects.filter(project=project, subject=subject, person=person).exclude(
            letter=after.get((subject, person), "")
        ).update(letter=Letter.INFORMED)  # so that no two are accountable on the way
    for subject, person in sorted(changed):
        letter = after.get((subject, person), "")
        rows = Responsibility.objects.filter(project=project, subject=subject, person=person)
        if not letter:
            rows.delete()
        elif not rows.update(letter=letter):
            _insert(project, subjects[subject], person, letter)
    audit_record(
        actor=actor, action="responsibility.set", object_type="project", object_id=project.pk,
        label=f"{project.code} {project.name}", project_id=project.pk,
        before=_told(changed, before, subjects, known), after=_told(changed, after, subjects, known),
    )  # fmt: skip
    requirements_changed(project.organisation_id, [project.pk])
    return len(changed)


def _people(project: Project, ids: set[int]) -> dict[int, str]:
    rows = Person.objects.filter(organisation=project.organisation_id, pk__in=ids)
    return dict(rows.values_list("pk", "name"))


def _checked(
    changed: set[tuple[str, int]], after: Letters, subjects: Mapping[str, Subject], known: Mapping[int, str]
) -> None:
    for subject, person in changed:
        if (subject, person) in after and subject not in subjects:
            raise ApplicationError(
                _("“%s” is nothing of this project that somebody can answer for.") % subject[:40],
                field="subject", code="unknown_choice",
            )  # fmt: skip
        if (subject, person) in after and person not in known:
            raise ApplicationError(_("There is no such person here."), field="person", code="unknown_choice")
    holders: dict[str, list[int]] = {}
    for (subject, person), letter in after.items():
        if letter == Letter.ACCOUNTABLE:
            holders.setdefault(subject, []).append(person)
    for subject, people in holders.items():
        if len(people) > 1 and subject in {place for place, _person in changed}:
            raise ApplicationError(
                _("Exactly one person can be accountable for “%s”, not %d.")
                % (subjects[subject].name if subject in subjects else subject, len(people)),
                field="letter", code="two_accountable", status=409,
            )  # fmt: skip


def _insert(project: Project, subject: Subject, person: int, letter: str) -> None:
    links: dict[str, Any] = {FIELDS[subject.kind]: subject.pk} if subject.kind in FIELDS else {}
    try:
        with transaction.atomic():
            Responsibility.objects.create(
                organisation_id=project.organisation_id, project=project, subject=subject.key, person_id=person,
                letter=letter, **links,
            )  # fmt: skip
    except IntegrityError as error:
        raise ApplicationError(
            _("Somebody changed who answers for this project meanwhile. Look at it again, then change it."),
            code="stale_version", status=409,
        ) from error  # fmt: skip


def _told(
    changed: set[tuple[str, int]], letters: Letters, subjects: Mapping[str, Subject], known: Mapping[int, str]
) -> dict[str, str]:
    """For the log: “Gate 1, Ida Frame”: “A”."""
    return {
        f"{subjects[subject].name if subject in subjects else subject}, {known.get(person, person)}": letters.get(
            (subject, person), ""
        )
        for subject, person in sorted(changed)[:LONGEST]
    }
