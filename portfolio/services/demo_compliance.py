"""Compliance in the demo: who answers for what, requirements where none were laid yet, and a year of the trend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any, Final

from pmo.models import Activity, Deliverable, Gate, Organisation, Role, User
from portfolio.services.compliance import compliance_rebuild
from portfolio.services.compliance_days import compliance_days_backfill
from portfolio.services.demo_lifecycle import lifecycle_write
from projects.analysis.periods import month_index, month_last
from projects.models import (
    GateCondition,
    GateReview,
    Project,
    ProjectActivity,
    ProjectDeliverable,
    ProjectGate,
    ProjectPhase,
    Responsibility,
    Waiver,
)

TOLD: Final = 60  # projects that get rows of their own; the demo may have thousands
MONTHS: Final = 12
HABITS: Final = (0.97, 0.93, 0.90, 0.84, 0.72)  # how reliably a project does things in time, one after the other
NAMES: Final[dict[type[Any], str]] = {
    ProjectActivity: "activity",
    ProjectDeliverable: "deliverable",
    ProjectGate: "gate",
}
Letter = Responsibility.Letter


def compliance_write(organisation: Organisation, users: dict[str, User], today: date) -> None:
    """Lay requirements for the first projects unless that is done, name who answers, and compute the past year."""
    mine = Project.objects.filter(organisation=organisation).select_related("phase").order_by("id")
    projects = list(mine[:TOLD])
    if not ProjectActivity.objects.filter(organisation=organisation).exists():
        _Laying(organisation, users, today).all(projects)
        lifecycle_write(organisation, users, projects, today)
    if not Responsibility.objects.filter(organisation=organisation).exists():
        responsibilities_write(organisation, projects)
    first = month_index(today)
    compliance_days_backfill(organisation, [month_last(first - back) for back in range(MONTHS, 0, -1)])
    compliance_rebuild(organisation.pk)


def responsibilities_write(organisation: Organisation, projects: Sequence[Project]) -> None:
    """Sponsors accountable, one of them for too much; project managers responsible, budget owners consulted; a few
    projects left without anybody."""
    rows = []
    busy = next((project.sponsor_id for project in projects if project.sponsor_id), None)
    for place, project in enumerate(projects):
        people = {
            Letter.ACCOUNTABLE: None if place % 11 == 7 else busy if place % 5 < 2 else project.sponsor_id,
            Letter.RESPONSIBLE: project.project_manager_id,
            Letter.CONSULTED: project.budget_owner_id,
        }
        seen: set[int] = set()
        for letter, person in people.items():
            if person is not None and person not in seen:
                seen.add(person)
                rows.append(
                    Responsibility(
                        organisation=organisation, project=project, subject="project", person_id=person, letter=letter
                    )
                )
    parts = (
        ("gate", ProjectGate.objects.filter(applies=True), "sponsor_id", "project_manager_id"),
        ("deliverable", ProjectDeliverable.objects.filter(applies=True), "project_manager_id", "budget_owner_id"),
        ("phase", ProjectPhase.objects.all(), "project_manager_id", "sponsor_id"),
    )
    for kind, things, accountable, other in parts:
        for thing in things.filter(project__in=projects).select_related("project"):
            rows += _letters(kind, thing, accountable, other)
    Responsibility.objects.bulk_create(rows, batch_size=500)


def _letters(kind: str, thing: Any, accountable: str, other: str) -> list[Responsibility]:
    """Somebody accountable for a gate, a deliverable or a phase, and somebody responsible or informed."""
    project = thing.project
    people = {getattr(project, other): Letter.RESPONSIBLE if kind == "gate" else Letter.INFORMED}
    people[getattr(project, accountable)] = Letter.ACCOUNTABLE
    link = {"phase": "project_phase"}.get(kind, kind)
    return [
        Responsibility(
            organisation_id=project.organisation_id, project=project, subject=f"{kind}:{thing.pk}", person_id=person,
            letter=letter, **{link: thing},
        )
        for person, letter in people.items()
        if person is not None
    ]  # fmt: skip


class _Laying:
    """The requirements of each project's standard, and what became of them."""

    def __init__(self, organisation: Organisation, users: dict[str, User], today: date) -> None:
        self.organisation, self.today = organisation, today
        self.doer = users[Role.PROJECT_MANAGER]
        self.decider = users[Role.PMO_DIRECTOR]
        self.random = Random(4)
        self.rows: dict[type[Any], list[Any]] = {}
        self.waived: list[tuple[Any, date]] = []

    def all(self, projects: Sequence[Project]) -> None:
        phases = ProjectPhase.objects.filter(project__in=projects, phase__isnull=False).select_related("project")
        kinds = {
            ProjectActivity: self._by_phase(Activity), ProjectDeliverable: self._by_phase(Deliverable),
            ProjectGate: self._by_phase(Gate),
        }  # fmt: skip
        reliable = dict(zip([project.pk for project in projects], self._habits(), strict=False))
        for phase in phases.order_by("project_id", "order"):
            if phase.finish is None:
                continue
            for model, by_phase in kinds.items():
                for asked in by_phase.get(phase.phase_id or 0, ()):
                    self._lay(model, phase, asked, reliable[phase.project_id])
        for model, rows in self.rows.items():
            model.objects.bulk_create(rows, batch_size=500)
        self._after_gates()
        self._waivers()

    def _habits(self) -> Any:
        return (HABITS[place % len(HABITS)] for place in count())

    def _by_phase(self, model: type[Any]) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        for row in model.objects.filter(organisation=self.organisation).order_by("order"):
            found.setdefault(row.phase_id, []).append(row)
        return found

    def _lay(self, model: type[Any], phase: ProjectPhase, asked: Any, habit: float) -> None:
        begins = getattr(asked, "due_from", "finish") == "start"
        base: date = (phase.start if begins else None) or phase.finish or self.today
        due = base + timedelta(days=getattr(asked, "due_days", 0))
        row = model(
            organisation=self.organisation, project_id=phase.project_id, project_phase=phase, order=asked.order,
            key=asked.key, name=asked.name, obligation=asked.obligation, due=due,
        )  # fmt: skip
        setattr(
            row, {ProjectActivity: "activity", ProjectDeliverable: "deliverable", ProjectGate: "gate"}[model], asked
        )
        chance = self.random.random()
        day = due - timedelta(days=self.random.randrange(0, 9))
        if chance > habit:
            day = due + timedelta(days=self.random.randrange(2, 40))
        missed = chance > habit + (1 - habit) * 0.45
        if missed and due < self.today and self.random.random() < 0.35:
            self.waived.append((row, due))
        elif day <= self.today and not missed:
            self._done(row, day)
        self.rows.setdefault(model, []).append(row)

    def _done(self, row: Any, day: date) -> None:
        at = datetime.combine(day, time(15), tzinfo=UTC)
        if isinstance(row, ProjectActivity):
            row.state, row.done_on, row.done_at, row.done_by = row.State.DONE, day, at, self.doer
        elif isinstance(row, ProjectDeliverable):
            row.state, row.submitted_at, row.submitted_by = row.State.ACCEPTED, at, self.doer
            row.decided_on, row.decided_at, row.decided_by = day, at, self.decider
        else:
            row.state, row.decided_on = row.State.PASSED, day
            if self.random.random() < 0.25:
                row.state = row.State.CONDITIONAL

    def _after_gates(self) -> None:
        """A decided review for each passed gate, with conditions where it was passed on some."""
        gates = [gate for gate in self.rows.get(ProjectGate, ()) if gate.decided_on is not None]
        decisions = {ProjectGate.State.PASSED: "pass", ProjectGate.State.CONDITIONAL: "conditional"}
        reviews: list[Any] = [
            GateReview(
                organisation=self.organisation, gate=gate, project_id=gate.project_id, number=1,
                state=GateReview.State.DECIDED, decision=decisions[gate.state], decided_on=gate.decided_on,
                decided_at=datetime.combine(gate.decided_on, time(16), tzinfo=UTC), decided_by=self.decider,
                reason="As put before the board.",
            )
            for gate in gates
        ]  # fmt: skip
        reviews = list(GateReview.objects.bulk_create(reviews, batch_size=500))
        conditions = []
        for place, review in enumerate(item for item in reviews if item.decision == "conditional"):
            due = review.decided_on + timedelta(days=45)
            met = due - timedelta(days=4) if place % 3 and due <= self.today else None
            conditions.append(
                GateCondition(
                    organisation=self.organisation, review=review, project_id=review.project_id, due=due, met_on=met,
                    text="Name a second supplier and show the terms.", met_by=self.doer if met else None,
                )
            )  # fmt: skip
        GateCondition.objects.bulk_create(conditions, batch_size=500)

    def _waivers(self) -> None:
        rows = []
        for place, (row, due) in enumerate(self.waived):
            granted = datetime.combine(due - timedelta(days=5), time(11), tzinfo=UTC)
            ends = self.today + timedelta(days=(9, 60, -12)[place % 3])
            rows.append(
                Waiver(
                    organisation=self.organisation, project_id=row.project_id, state=Waiver.State.GRANTED,
                    reason="The small tier of this work does not bear it.", expires_on=max(ends, due),
                    instead="A page in the status report.", asked_by=self.doer, asked_at=granted - timedelta(days=3),
                    decided_by=self.decider, decided_at=granted, **{NAMES[type(row)]: row},
                )
            )  # fmt: skip
        Waiver.objects.bulk_create(rows, batch_size=500)
