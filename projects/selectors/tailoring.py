"""What the checklists of projects are, and what they would be: many projects in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import F, OuterRef, Subquery

from pmo.analysis.standard_content import StandardContent
from pmo.analysis.tailoring import TailoringFacts
from pmo.models import Activity, Deliverable, Gate, Phase, StandardVersion, TierModel
from pmo.selectors.standard_content import content_of
from projects.analysis.checklist import FINISHED, KINDS, Change, Have, Span, Wanted, changes, facts_for, told, wanted
from projects.models import (
    ComplexityAssessment,
    Project,
    ProjectActivity,
    ProjectDeliverable,
    ProjectGate,
    ProjectPhase,
)

Row = type[ProjectActivity] | type[ProjectDeliverable] | type[ProjectGate]
ROWS: Final[Mapping[str, Row]] = {
    "activity": ProjectActivity,
    "deliverable": ProjectDeliverable,
    "gate": ProjectGate,
}
SOURCES: Final[Mapping[str, type[Activity] | type[Deliverable] | type[Gate]]] = {
    "activity": Activity,
    "deliverable": Deliverable,
    "gate": Gate,
}
VALUES: Final = ("order", "name", "obligation", "applies", "due")
GATE_VALUES: Final = (*VALUES, "at", "quorum", "in_order")


def values_of(kind: str) -> tuple[str, ...]:
    """The fields of a row of that kind that the standard and the tailoring decide."""
    return GATE_VALUES if kind == "gate" else VALUES


@dataclass(frozen=True)
class PhaseRow:
    """A phase of a project: `key` of the standard's phase it follows, "" for one of its own."""

    id: int
    key: str
    name: str
    order: int
    span: Span
    phase_id: int | None


@dataclass(frozen=True)
class Target:
    """A version of a standard, ready to be laid: its phases by key as (id, name, order), its requirements' ids."""

    id: int
    name: str
    content: StandardContent
    phases: Mapping[str, tuple[int, str, int]]
    sources: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Plan:
    """What would become of the checklist of one project."""

    project_id: int
    code: str
    name: str
    organisation_id: int
    version_before: int
    tier_before: int | None
    target: Target
    tier: int | None
    changes: tuple[Change, ...]
    phases: Mapping[str, PhaseRow]
    phases_new: tuple[str, ...] = ()
    told: list[dict[str, Any]] = field(default_factory=list)

    def count(self, *kinds: str) -> int:
        return sum(1 for each in self.told if each["change"] in kinds)


def target_of(version: StandardVersion) -> Target:
    """Seven to eleven queries, whatever the size of the version."""
    phases = {row.key: (row.pk, row.name, row.order) for row in Phase.objects.filter(version=version)}
    sources = {}
    for kind, model in SOURCES.items():
        for pk, key in model._default_manager.filter(phase__version=version).values_list("pk", "key"):
            sources[kind, key] = pk
    return Target(version.pk, str(version), content_of(version), phases, sources)


def plans_for(
    organisation_id: int,
    project_ids: Sequence[int],
    *,
    version: StandardVersion | None = None,
    tiers: Mapping[int, int | None] | None = None,
    empty_only: bool = False,
) -> list[Plan]:
    """What the checklist of each project becomes under `version` (its own where None) and its tier in `tiers` (its own
    where not named). `empty_only`: leave out projects that have any row already."""
    projects = list(
        Project.objects.filter(organisation_id=organisation_id, pk__in=project_ids)
        .order_by("code")
        .values("id", "code", "name", "tier", "standard_version_id", "start", "finish", "organisation_id")
    )
    if empty_only:
        laid = {pk for model in ROWS.values() for pk in model._default_manager.filter(
            project_id__in=project_ids).values_list("project_id", flat=True).distinct()}  # fmt: skip
        projects = [row for row in projects if row["id"] not in laid]
    ids = [row["id"] for row in projects]
    targets = _targets(organisation_id, projects, version)
    phases = _phases(ids)
    have = _rows(ids, phases) if not empty_only else {}
    sizes = _sizes(ids)
    laying: dict[tuple[int, TailoringFacts], tuple[Wanted, ...]] = {}
    plans = []
    for row in projects:
        target = targets[version.pk if version is not None else row["standard_version_id"]]
        tier = (tiers or {}).get(row["id"], row["tier"])
        size, score = sizes.get(row["id"], ({}, None))
        facts = facts_for(tier, size, score, (row["start"], row["finish"]))
        key = (target.id, facts)
        if key not in laying:
            laying[key] = wanted(target.content, facts)[0]
        plans.append(_plan(row, target, tier, laying[key], phases.get(row["id"], {}), have.get(row["id"], [])))
    return plans


def _plan(
    row: Mapping[str, Any],
    target: Target,
    tier: int | None,
    want: tuple[Wanted, ...],
    phases: Mapping[str, PhaseRow],
    have: list[Have],
) -> Plan:
    own_way = not phases and not have
    moving = target.id != row["standard_version_id"]
    if not moving:
        want = tuple(each for each in want if each.phase in phases or any(h.phase == each.phase for h in have))
    spans = {key: phase.span for key, phase in phases.items()}
    found = () if own_way else changes(have, want, spans)
    needed = dict.fromkeys(each.phase for each in found if each.id is None or "phase" in each.values)
    fresh = tuple(key for key in needed if key not in phases)
    return Plan(
        row["id"], row["code"], row["name"], row["organisation_id"], row["standard_version_id"], row["tier"], target,
        tier, found, phases, fresh, told(found),
    )  # fmt: skip


def _targets(
    organisation_id: int, projects: Iterable[Mapping[str, Any]], version: StandardVersion | None
) -> dict[int, Target]:
    if version is not None:
        return {version.pk: target_of(version)}
    wanted_ids = {row["standard_version_id"] for row in projects}
    versions = StandardVersion.objects.filter(organisation_id=organisation_id, pk__in=wanted_ids)
    return {each.pk: target_of(each) for each in versions.select_related("standard")}


def _phases(ids: Sequence[int]) -> dict[int, dict[str, PhaseRow]]:
    found: dict[int, dict[str, PhaseRow]] = defaultdict(dict)
    rows = ProjectPhase.objects.filter(project_id__in=ids, phase__isnull=False)
    for project, pk, key, name, order, start, finish, phase in rows.order_by("order").values_list(
        "project_id", "id", "phase__key", "name", "order", "start", "finish", "phase_id"
    ):
        found[project].setdefault(key, PhaseRow(pk, key, name, order, (start, finish), phase))
    return found


def _rows(ids: Sequence[int], phases: Mapping[int, Mapping[str, PhaseRow]]) -> dict[int, list[Have]]:
    found: dict[int, list[Have]] = defaultdict(list)
    keys = {phase.id: phase.key for mine in phases.values() for phase in mine.values()}
    for kind in KINDS:
        names = values_of(kind)
        rows = ROWS[kind]._default_manager.filter(project_id__in=ids).order_by("order")
        for project, pk, key, phase, state, *values in rows.values_list(
            "project_id", "id", "key", "project_phase_id", "state", *names
        ):
            found[project].append(
                Have(pk, kind, key, keys.get(phase, ""), dict(zip(names, values, strict=True)), state in FINISHED[kind])
            )
    return found


def _sizes(ids: Sequence[int]) -> dict[int, tuple[dict[str, Any], int | None]]:
    newest = ComplexityAssessment.objects.filter(project=OuterRef("project")).order_by("-id").values("pk")[:1]
    rows = ComplexityAssessment.objects.filter(project_id__in=ids).annotate(newest=Subquery(newest))
    return {
        project: (size, score)
        for project, size, score in rows.filter(pk=F("newest")).values_list("project_id", "size", "score")
    }


def tier_model_now(organisation_id: int) -> TierModel | None:
    """The newest published tier model of the organisation."""
    rows = TierModel.objects.filter(organisation_id=organisation_id, published_at__isnull=False)
    return rows.order_by("-number").first()
