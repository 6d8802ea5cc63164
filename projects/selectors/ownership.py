"""Who answers for what: the matrix of one project, and everything one person answers for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import QuerySet

from pmo.models import Person
from pmo.selectors.actors import Actor
from projects.models import (
    GateApproval,
    GateCondition,
    GateReview,
    Project,
    ProjectActivity,
    ProjectDeliverable,
    ProjectGate,
    ProjectMember,
    ProjectPhase,
    ProjectStatus,
    Responsibility,
)
from projects.selectors.projects import projects_for
from projects.selectors.rows import of_projects

LIVE: Final = (ProjectStatus.ACTIVE, ProjectStatus.ON_HOLD, ProjectStatus.PROPOSED)
ROLES: Final = ("project_manager", "sponsor", "budget_owner")


@dataclass(frozen=True, slots=True)
class Subject:
    """What somebody may answer for: the project, or one of its phases, deliverables or gates."""

    key: str  # as kept in Responsibility.subject
    kind: str
    pk: int
    name: str
    phase: str
    phase_order: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """The letters of one project. `letters`: (subject, person) -> letter. `seen`: changes whenever a letter does."""

    subjects: tuple[Subject, ...]
    people: tuple[Person, ...]
    letters: Mapping[tuple[str, int], str]
    seen: str

    def accountable(self, subject: str) -> int | None:
        """Who is accountable for it, or None."""
        return next((p for (s, p), letter in self.letters.items() if s == subject and letter == "A"), None)

    @property
    def vacant(self) -> list[Subject]:
        """What nobody is accountable for."""
        held = {subject for (subject, _person), letter in self.letters.items() if letter == "A"}
        return [subject for subject in self.subjects if subject.key not in held]


def responsibilities_for(actor: Actor, action: str) -> QuerySet[Responsibility]:
    """The letters of the projects within reach."""
    rows = Responsibility.objects.select_related("project", "person", "project_phase", "deliverable", "gate")
    return of_projects(rows, actor, action)


def subjects_of(project: Project) -> list[Subject]:
    """What can be answered for in a project, in its order. Three queries."""
    found = [Subject("project", "project", project.pk, project.name, "", 0)]
    phases = ProjectPhase.objects.filter(project=project).order_by("order")
    parts: dict[int, list[Subject]] = {}
    for kind, model in (("deliverable", ProjectDeliverable), ("gate", ProjectGate)):
        rows = model._default_manager.filter(project=project, applies=True).order_by("order", "id")
        for pk, name, phase in rows.values_list("pk", "name", "project_phase_id"):
            parts.setdefault(phase, []).append(Subject(f"{kind}:{pk}", kind, pk, name, "", 0))
    for phase_row in phases:
        found.append(
            Subject(f"phase:{phase_row.pk}", "phase", phase_row.pk, phase_row.name, phase_row.name, phase_row.order)
        )
        found += [
            Subject(part.key, part.kind, part.pk, part.name, phase_row.name, phase_row.order)
            for part in parts.get(phase_row.pk, ())
        ]
    return found


def letters_of(project: Project) -> dict[tuple[str, int], str]:
    """(subject, person) -> letter. One query."""
    rows = Responsibility.objects.filter(project=project).values_list("subject", "person_id", "letter")
    return {(subject, person): letter for subject, person, letter in rows.order_by("id")}


def seen_of(letters: Mapping[tuple[str, int], str]) -> str:
    """A short text that changes whenever one of the letters does."""
    text = "|".join(f"{subject}/{person}/{letter}" for (subject, person), letter in sorted(letters.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def matrix_of(project: Project, more: Person | None = None) -> Matrix:
    """The matrix: people are those with a letter or a role in the project, and `more`. Five queries."""
    letters = letters_of(project)
    ids = {person for _subject, person in letters} | {pk for role in ROLES if (pk := getattr(project, f"{role}_id"))}
    if more is not None:
        ids.add(more.pk)
    people = Person.objects.filter(organisation=project.organisation_id, pk__in=ids).order_by("name", "pk")
    return Matrix(tuple(subjects_of(project)), tuple(people), letters, seen_of(letters))


@dataclass(frozen=True, slots=True)
class Load:
    """What one person answers for and has open, in the projects somebody may see."""

    person: Person
    letters: list[Responsibility] = field(default_factory=list)
    roles: list[tuple[str, Project]] = field(default_factory=list)
    memberships: list[ProjectMember] = field(default_factory=list)
    activities: list[ProjectActivity] = field(default_factory=list)
    deliverables: list[ProjectDeliverable] = field(default_factory=list)
    conditions: list[GateCondition] = field(default_factory=list)
    approvals: list[GateApproval] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many things there are to hand over."""
        parts = (
            self.letters, self.roles, self.memberships, self.activities, self.deliverables, self.conditions,
            self.approvals,
        )  # fmt: skip
        return sum(len(part) for part in parts)

    @property
    def accountable(self) -> int:
        """For how many projects as a whole they are accountable."""
        return sum(item.letter == "A" and item.subject == "project" for item in self.letters)


def load_of(actor: Actor, person: Person, action: str = "responsibility.view") -> Load:
    """Everything open that a person answers for in live projects within the actor's reach. Seven queries."""
    live = projects_for(actor, action).filter(archived_at__isnull=True, status__in=LIVE)
    inside: dict[str, Any] = {"project__in": live.values("pk")}
    letters = Responsibility.objects.filter(person=person, **inside)
    named = live.filter(project_manager=person) | live.filter(sponsor=person) | live.filter(budget_owner=person)
    return Load(
        person,
        list(
            letters.select_related("project", "project_phase", "deliverable", "gate").order_by(
                "letter", "project__code", "subject"
            )
        ),
        [
            (role, project)
            for project in named.distinct().order_by("code")
            for role in ROLES
            if getattr(project, f"{role}_id") == person.pk
        ],
        list(ProjectMember.objects.filter(person=person, **inside).select_related("project").order_by("project__code")),
        list(
            ProjectActivity.objects.filter(assigned_to=person, applies=True, **inside)
            .exclude(state=ProjectActivity.State.DONE)
            .select_related("project", "project_phase")
            .order_by("due", "id")
        ),
        list(
            ProjectDeliverable.objects.filter(owner=person, applies=True, **inside)
            .exclude(state=ProjectDeliverable.State.ACCEPTED)
            .select_related("project", "project_phase")
            .order_by("due", "id")
        ),
        list(
            GateCondition.objects.filter(owner=person, met_on__isnull=True, **inside)
            .select_related("project", "review__gate")
            .order_by("due", "id")
        ),
        list(
            GateApproval.objects.filter(
                approver=person, verdict="", revoked_at__isnull=True, review__project__in=live.values("pk"),
                review__state__in=(GateReview.State.DRAFT, GateReview.State.SUBMITTED),
            )
            .select_related("review__gate", "review__project")
            .order_by("id")
        ),
    )  # fmt: skip
