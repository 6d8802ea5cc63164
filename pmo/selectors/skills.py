"""Skills: frameworks and benchmarks, whose levels somebody may see, and the level of everybody as at a day."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Count, Q, QuerySet

from pmo.analysis.permissions import Reach
from pmo.analysis.skill_file import FrameworkContent, LevelContent, SkillContent
from pmo.analysis.skills import Credential, Judgement, Level, level_at
from pmo.analysis.standard_fields import TIERS
from pmo.kit.errors import Forbidden, NotFound
from pmo.models import (
    Assessment,
    Benchmark,
    Certificate,
    DevelopmentAction,
    PeerRequest,
    Person,
    Skill,
    SkillFramework,
)
from pmo.selectors.actors import Actor
from pmo.selectors.office import NOTHING

Levels = dict[int, dict[int, Level]]  # by person, by skill


def _whole(actor: Actor, action: str) -> Q:
    return Q(organisation=actor.organisation) if actor.allows(action) else NOTHING


def frameworks_for(actor: Actor, action: str) -> QuerySet[SkillFramework]:
    """The organisation's frameworks, the retired ones too."""
    return SkillFramework.objects.filter(_whole(actor, action)).annotate(skill_count=Count("skills"))


def framework_get(actor: Actor, framework_id: int, *, action: str = "skill.view") -> SkillFramework:
    """NotFound where it is not visible, Forbidden where the action is not theirs."""
    found = frameworks_for(actor, "skill.view").filter(pk=framework_id).first()
    if found is None:
        raise NotFound()
    actor.require(action)
    return found


def skills_for(actor: Actor, action: str) -> QuerySet[Skill]:
    """Skills of the frameworks in use."""
    rows = Skill.objects.filter(_whole(actor, action), framework__retired_at__isnull=True)
    return rows.select_related("framework").prefetch_related("levels").order_by("framework__name", "order", "pk")


def benchmarks_for(actor: Actor, action: str) -> QuerySet[Benchmark]:
    """What each role needs at each tier."""
    rows = Benchmark.objects.filter(_whole(actor, action), skill__framework__retired_at__isnull=True)
    return rows.select_related("skill__framework")


def benchmarks_seen(rows: Iterable[Benchmark]) -> str:
    """A short text that changes whenever one of the levels does."""
    text = "|".join(f"{skill}/{tier}/{level}" for skill, tier, level in sorted(
        (row.skill_id, row.tier, row.level) for row in rows))  # fmt: skip
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def persons_for(actor: Actor, action: str) -> QuerySet[Person]:
    """Those about whose skills the actor may do `action`: everybody; oneself; the leads in one's portfolios as well."""
    reach = actor.reach(action)
    everybody = Person.objects.filter(organisation=actor.organisation)
    if Reach.ORG in reach.values():
        return everybody
    if not reach:
        return everybody.none()
    mine = Q(user=actor.user)
    if Reach.PF in reach.values():
        projects = apps.get_model("projects", "Project").objects.filter(
            organisation=actor.organisation, portfolio_id__in=actor.portfolio_ids, archived_at__isnull=True
        )
        mine |= Q(pk__in=projects.exclude(project_manager=None).values("project_manager_id"))
    return everybody.filter(mine)


def person_get(actor: Actor, person_id: int, *, action: str = "skill.view") -> Person:
    """NotFound where their skills are not visible, Forbidden where the action is not the actor's."""
    person = persons_for(actor, "skill.view").filter(pk=person_id).first()
    if person is None:
        raise NotFound()
    if action != "skill.view" and not persons_for(actor, action).filter(pk=person_id).exists():
        raise Forbidden("Your role in this organisation does not allow this.")
    return person


def _of_persons(rows: QuerySet[Any], actor: Actor, action: str) -> QuerySet[Any]:
    found = rows.filter(organisation=actor.organisation).select_related("person", "skill")
    return found if actor.everywhere(action) else found.filter(person__in=persons_for(actor, action).values("pk"))


def assessments_for(actor: Actor, action: str) -> QuerySet[Assessment]:
    """Assessments of those whose skills the actor may see. Who judged as a peer stays with those who see everybody."""
    return _of_persons(Assessment.objects.select_related("recorded_by"), actor, action)


def certificates_for(actor: Actor, action: str) -> QuerySet[Certificate]:
    return _of_persons(Certificate.objects.all(), actor, action)


def development_actions_for(actor: Actor, action: str) -> QuerySet[DevelopmentAction]:
    return _of_persons(DevelopmentAction.objects.all(), actor, action)


def requests_to(actor: Actor) -> QuerySet[PeerRequest]:
    """Colleagues whom the actor is asked to judge and has not judged yet."""
    return PeerRequest.objects.filter(
        organisation=actor.organisation, peer__user=actor.user, answered_at__isnull=True
    ).select_related("person", "asked_by")


def levels_at(organisation_id: int, day: date, person_ids: Collection[int] | None = None) -> Levels:
    """The level of each person in each skill in which something is known, as at `day`. Two queries."""
    mine: dict[str, Any] = {"organisation_id": organisation_id, "skill__framework__retired_at__isnull": True}
    if person_ids is not None:
        mine["person_id__in"] = list(person_ids)
    judged: dict[tuple[int, int], list[Judgement]] = defaultdict(list)
    fields = ("person_id", "skill_id", "kind", "level", "assessed_on", "recorded_by_id", "pk")
    for person, skill, *rest in Assessment.objects.filter(**mine, assessed_on__lte=day).order_by().values_list(*fields):
        judged[person, skill].append(Judgement(*rest))
    held: dict[tuple[int, int], list[Credential]] = defaultdict(list)
    shown = Certificate.objects.filter(**mine, level__isnull=False, issued_on__lte=day, withdrawn_at__isnull=True)
    for person, skill, level, issued_on, expires_on in shown.order_by().values_list(
        "person_id", "skill_id", "level", "issued_on", "expires_on"
    ):
        if skill is not None:
            held[person, skill].append(Credential(level, issued_on, expires_on))
    found: Levels = defaultdict(dict)
    for person, skill in judged.keys() | held.keys():
        now = level_at(judged.get((person, skill), ()), held.get((person, skill), ()), day)
        if now is not None:
            found[person][skill] = now
    return found


def wanted_levels(organisation_id: int, role: str = "project_manager") -> dict[int, dict[int, int]]:
    """By tier, the level that `role` needs in each skill, in the order of the frameworks. One query."""
    rows = Benchmark.objects.filter(
        organisation_id=organisation_id, role=role, skill__framework__retired_at__isnull=True
    ).order_by("tier", "skill__framework__name", "skill__order", "skill_id")
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for tier, skill, level in rows.values_list("tier", "skill_id", "level"):
        found[tier][skill] = level
    return found


def framework_content(framework: SkillFramework) -> FrameworkContent:
    """Everything of a framework, as its file says it: three queries. A role is named where it has all tiers."""
    wanted: dict[int, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    rows = Benchmark.objects.filter(skill__framework=framework).order_by("role", "tier")
    for skill, role, tier, level in rows.values_list("skill_id", "role", "tier", "level"):
        wanted[skill][role][tier] = level
    return FrameworkContent(
        framework.key,
        framework.name,
        framework.source,
        framework.licence,
        tuple(
            SkillContent(
                skill.key,
                skill.name,
                skill.group,
                skill.description,
                tuple(LevelContent(each.level, each.name, each.description) for each in skill.levels.all()),
                {
                    role: tuple(levels[tier] for tier in TIERS)
                    for role, levels in wanted[skill.pk].items()
                    if set(levels) == set(TIERS)
                },
            )
            for skill in framework.skills.order_by("order", "pk").prefetch_related("levels")
        ),
    )
