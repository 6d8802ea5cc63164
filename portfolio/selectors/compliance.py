"""What the compliance pages read: rows of projects with their kept cells, the columns of the matrix, the trend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import CharField, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KeyTransform

from pmo.models import Activity, Deliverable, Gate, OutboxMark, Policy, PolicyVersion
from pmo.selectors.actors import Actor
from portfolio.analysis.compliance import Judged, judge_all
from portfolio.models import ComplianceDay
from portfolio.selectors.compliance_facts import POLICY_PHASE, requirements_of
from projects.models import Project
from projects.selectors.projects import projects_for

VIEW: Final = "compliance.view"


def compliance_projects(actor: Actor, action: str = VIEW) -> QuerySet[Project]:
    """The projects of the compliance pages: those whose compliance the actor may see, with what is kept of it."""
    rows = projects_for(actor, action).filter(archived_at__isnull=True)
    return rows.select_related(
        "compliance", "portfolio", "programme", "phase", "project_manager", "standard_version__standard"
    )


def in_state(rows: QuerySet[Project], cell: str, state: str) -> QuerySet[Project]:
    """Those whose requirement `cell` is in `state`."""
    value = KeyTransform("0", KeyTransform(cell, "compliance__cells"))
    return rows.alias(cell_state=value).filter(cell_state=state)


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the matrix: a requirement of the standard, or a policy."""

    cell: str
    kind: str
    name: str
    phase: str
    phase_name: str
    mandatory: bool


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a standard that projects in the list follow."""

    pk: int
    slug: str
    name: str
    number: int
    projects: int


def versions_followed(rows: QuerySet[Project]) -> list[Version]:
    """By how many of the projects, the most first. One query; the sum of `projects` is the count of the rows."""
    fields = ("standard_version_id", "standard_version__standard__slug", "standard_version__standard__name",
              "standard_version__number")  # fmt: skip
    found = rows.order_by().select_related(None).values_list(*fields).annotate(count=Count("id"))
    return sorted((Version(*row) for row in found), key=lambda each: (-each.projects, each.name, -each.number))


def heads_of(actor: Actor, version: int | None) -> list[Head]:
    """The columns that a version of a standard brings, in its order, then the policies that bind. One query."""
    kinds = (("activity", Activity), ("deliverable", Deliverable), ("gate", Gate))
    queries = [_heads(model, kind, place, version) for place, (kind, model) in enumerate(kinds)]
    found = _policy_heads(actor).union(*queries, all=True)
    return [
        Head(f"{kind}:{phase}:{key}", kind, name, phase, phase_name, obligation == "mandatory")
        for _phase_order, _place, _order, kind, key, name, phase, phase_name, obligation in sorted(found)
    ]


def _policy_heads(actor: Actor) -> QuerySet[Any, Any]:
    binding = PolicyVersion.objects.filter(policy=OuterRef("pk"), published_at__isnull=False).exclude(binds_roles=[])
    rows = Policy.objects.filter(Exists(binding), organisation=actor.organisation, withdrawn_at__isnull=True)
    found: QuerySet[Any, Any] = (
        rows.order_by()
        .annotate(
            phase_order=Value(1_000_000, IntegerField()),
            place=Value(3, IntegerField()),
            order_=Value(0, IntegerField()),
            said=Value("policy", CharField()),
            phase_key=Value(POLICY_PHASE, CharField()),
            phase_name=Value("", CharField()),
            obligation=Value("mandatory", CharField()),
        )
        .values_list("phase_order", "place", "order_", "said", "slug", "name", "phase_key", "phase_name", "obligation")
    )
    return found


def _heads(model: type[Any], kind: str, place: int, version: int | None) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = model.objects.filter(phase__version_id=version).order_by()
    found: QuerySet[Any, Any] = rows.annotate(
        phase_order=F("phase__order"),
        place=Value(place, IntegerField()),
        kind=Value(kind, CharField()),
        phase_key=F("phase__key"),
        phase_name=F("phase__name"),
    ).values_list("phase_order", "place", "order", "kind", "key", "name", "phase_key", "phase_name", "obligation")
    return found


def with_waiting(rows: QuerySet[Project]) -> QuerySet[Project]:
    """Each with `waiting`: its compliance is owed, so what is kept is of before."""
    owed = OutboxMark.objects.filter(
        kind="compliance", organisation=OuterRef("organisation"), subject_id=OuterRef("pk")
    )
    return rows.annotate(waiting=Exists(owed))


def trend(actor: Actor, since: date, portfolio_id: int | None = None) -> list[ComplianceDay]:
    """The days kept of the office, or of a portfolio, for those who see all of it; else nothing. One query."""
    if not actor.everywhere(VIEW) and (portfolio_id not in actor.portfolio_ids or not actor.reach(VIEW)):
        return []
    days = ComplianceDay.objects.filter(organisation=actor.organisation, day__gte=since)
    days = days.filter(portfolio__isnull=True) if portfolio_id is None else days.filter(portfolio_id=portfolio_id)
    return list(days.order_by("day"))


def judged_at(project: Project, day: date) -> tuple[Judged, ...]:
    """Every requirement of one project at a day. Eight queries."""
    return judge_all(requirements_of(project.organisation, day, [project.pk])[project.pk], day)


def state_filter(state: str) -> Q:
    """Projects with at least one mandatory requirement in this state; `none`: without a percentage."""
    return {
        "breach": Q(compliance__breached__gt=0),
        "due": Q(compliance__due_soon__gt=0),
        "waived": Q(compliance__waived__gt=0),
        "late": Q(compliance__late__gt=0),
        "kept": Q(compliance__applicable__gt=0, compliance__breached=0, compliance__late=0),
        "none": Q(compliance__percent__isnull=True),
    }[state]
