"""The checklist of one project: its phases with activities, deliverables and gates, waivers and evidence. And the rows
of many, by what an actor may do to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from pmo.kit.errors import Forbidden, NotFound
from pmo.models import Obligation
from pmo.selectors.actors import Actor
from projects.analysis.checklist import FINISHED
from projects.models import (
    ComplexityAssessment,
    Evidence,
    GateReview,
    Lesson,
    Project,
    ProjectActivity,
    ProjectDeliverable,
    ProjectGate,
    ProjectPhase,
    Waiver,
)
from projects.selectors.projects import projects_for
from projects.selectors.rows import of_projects

M = TypeVar("M", bound=Model)


def activities_for(actor: Actor, action: str) -> QuerySet[ProjectActivity]:
    """Activities of projects."""
    rows = ProjectActivity.objects.select_related("project", "project_phase", "assigned_to", "done_by", "activity")
    return of_projects(rows, actor, action)


def deliverables_for(actor: Actor, action: str) -> QuerySet[ProjectDeliverable]:
    """Deliverables of projects."""
    rows = ProjectDeliverable.objects.select_related(
        "project", "project_phase", "owner", "submitted_by", "decided_by", "deliverable"
    )
    return of_projects(rows, actor, action)


def gates_for(actor: Actor, action: str) -> QuerySet[ProjectGate]:
    """Gates of projects."""
    return of_projects(ProjectGate.objects.select_related("project", "project_phase", "gate"), actor, action)


def reviews_for(actor: Actor, action: str) -> QuerySet[GateReview]:
    """Gate reviews of projects."""
    rows = GateReview.objects.select_related("project", "gate", "gate__project_phase", "submitted_by", "decided_by")
    seats = ("approvals__approver", "approvals__given_by", "approvals__delegated_from")
    return of_projects(rows.prefetch_related("conditions__owner", *seats), actor, action)


def waivers_for(actor: Actor, action: str) -> QuerySet[Waiver]:
    """Waivers of projects."""
    rows = Waiver.objects.select_related(
        "project", "activity", "deliverable", "gate", "policy", "asked_by", "decided_by"
    )
    return of_projects(rows, actor, action)


def assessments_for(actor: Actor, action: str) -> QuerySet[ComplexityAssessment]:
    """Assessments of size and complexity."""
    rows = ComplexityAssessment.objects.select_related("project", "tier_model", "recorded_by")
    return of_projects(rows, actor, action)


def lessons_for(actor: Actor, action: str) -> QuerySet[Lesson]:
    """Lessons of projects."""
    return of_projects(Lesson.objects.select_related("project", "recorded_by"), actor, action)


def row_get(rows: QuerySet[M], actor: Actor, pk: int, action: str) -> M:
    """One row of `rows` (with a `project`) for one action. NotFound where its project is not seen, else Forbidden."""
    found = of_projects(rows, actor, "project.view").filter(pk=pk).first()
    if found is None:
        raise NotFound
    project = found.project_id  # type: ignore[attr-defined]
    if action != "project.view" and not projects_for(actor, action).filter(pk=project).exists():
        raise Forbidden("Your role on this project does not allow this.")
    return found


def waiver_holds(day: date) -> Q:
    """Waivers that are granted and not expired."""
    return Q(state=Waiver.State.GRANTED, expires_on__gte=day)


@dataclass
class ItemShown:
    """One line of the checklist. `kind` activity, deliverable or gate; `waiver` the one that holds or is asked for."""

    kind: str
    row: Any
    finished: bool
    overdue: bool
    mine: bool
    waiver: Waiver | None = None
    asked: Waiver | None = None
    evidence: list[Evidence] = field(default_factory=list)
    review: GateReview | None = None

    @property
    def settled(self) -> bool:
        return self.finished or self.waiver is not None


@dataclass
class PhaseShown:
    """A phase with what counts in it; `left_out` is tailored out but kept."""

    phase: ProjectPhase
    current: bool
    items: list[ItemShown] = field(default_factory=list)
    left_out: list[ItemShown] = field(default_factory=list)
    shown: list[ItemShown] = field(default_factory=list)

    @property
    def mandatory(self) -> list[ItemShown]:
        return [item for item in self.items if item.row.obligation == Obligation.MANDATORY]

    @property
    def done(self) -> int:
        return sum(1 for item in self.mandatory if item.settled)

    @property
    def total(self) -> int:
        return len(self.mandatory)

    @property
    def percent(self) -> float | None:
        return round(self.done / self.total * 100, 1) if self.total else None

    @property
    def late(self) -> int:
        return sum(1 for item in self.items if item.overdue)


def checklist_of(project: Project, day: date, person_id: int | None) -> list[PhaseShown]:
    """The phases with everything in them. Eight queries."""
    phases = [PhaseShown(row, row.pk == project.phase_id) for row in project.phases.order_by("order", "pk")]
    by_id = {each.phase.pk: each for each in phases}
    waivers = _waivers(project, day)
    evidence = evidence_of(project)
    reviews = {row.gate_id: row for row in project.gate_reviews.order_by("number")}
    sources: tuple[tuple[str, Iterable[Any], str], ...] = (
        ("activity", project.activities.select_related("assigned_to", "done_by", "activity"), "assigned_to_id"),
        (
            "deliverable",
            project.deliverables.select_related("owner", "submitted_by", "decided_by", "deliverable"),
            "owner_id",
        ),
        ("gate", project.gates.select_related("gate"), ""),
    )
    for kind, rows, who in sources:
        for row in rows:
            finished = row.state in FINISHED[kind]
            holds, asked = waivers.get((kind, row.pk), (None, None))
            item = ItemShown(
                kind, row, finished,
                overdue=bool(row.applies and row.due and row.due < day and not finished and holds is None),
                mine=bool(person_id and who and getattr(row, who) == person_id),
                waiver=holds, asked=asked, evidence=evidence.get((kind, row.pk), []),
                review=reviews.get(row.pk) if kind == "gate" else None,
            )  # fmt: skip
            place = by_id[row.project_phase_id]
            (place.items if row.applies else place.left_out).append(item)
    return phases


def _waivers(project: Project, day: date) -> dict[tuple[str, int], tuple[Waiver | None, Waiver | None]]:
    found: dict[tuple[str, int], tuple[Waiver | None, Waiver | None]] = {}
    for waiver in project.waivers.select_related("asked_by", "decided_by").order_by("id"):
        for kind in ("activity", "deliverable", "gate"):
            pk = getattr(waiver, f"{kind}_id")
            if pk is None:
                continue
            holds, asked = found.get((kind, pk), (None, None))
            if waiver.state == Waiver.State.GRANTED and waiver.expires_on >= day:
                holds = waiver
            elif waiver.state == Waiver.State.ASKED:
                asked = waiver
            found[kind, pk] = (holds, asked)
    return found


def evidence_of(project: Project) -> dict[tuple[str, int], list[Evidence]]:
    """What is kept as evidence and not withdrawn, by (activity or deliverable, id). One query."""
    found: dict[tuple[str, int], list[Evidence]] = defaultdict(list)
    rows = Evidence.objects.filter(project=project, withdraws__isnull=True, withdrawn__isnull=True)
    for row in rows.select_related("added_by"):
        if row.activity_id:
            found["activity", row.activity_id].append(row)
        elif row.deliverable_id:
            found["deliverable", row.deliverable_id].append(row)
    return found


def next_of(phases: Iterable[PhaseShown]) -> ItemShown | None:
    """What to do next: the first mandatory thing of the current phase that is not settled, the most overdue first."""
    for phase in phases:
        if phase.current:
            still = [item for item in phase.mandatory if not item.settled]
            return min(still, key=lambda item: (item.row.due is None, item.row.due or date.max)) if still else None
    return None


def open_mandatory(project: Project, day: date) -> list[tuple[str, str]]:
    """The mandatory things of the last phase that are neither done nor waived, as (kind, name). Nothing where the
    project has no checklist."""
    phases = [phase for phase in checklist_of(project, day, None) if phase.items]
    if not phases:
        return []
    return [(item.kind, item.row.name) for item in phases[-1].mandatory if not item.settled]
