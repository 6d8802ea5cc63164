"""Which projects an actor may see, or do something to."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from pmo.analysis.permissions import Reach
from pmo.kit.errors import Forbidden, NotFound
from pmo.selectors.actors import Actor
from projects.models import Project, ProjectMember

NOTHING = Q(pk__in=())


def assigned(actor: Actor, role: str) -> Q:
    """The projects that a person is assigned to in a role."""
    user = actor.user.pk
    if role == "project_manager":
        return Q(project_manager__user=user)
    if role == "budget_owner":
        return Q(budget_owner__user=user)
    kind = ProjectMember.Kind.TEAM if role == "team_member" else ProjectMember.Kind.STAKEHOLDER
    taking_part = ProjectMember.objects.filter(organisation=actor.organisation, kind=kind, person__user=user)
    found = Q(pk__in=taking_part.values("project_id"))
    return found | Q(sponsor__user=user) if role == "stakeholder" else found


def project_filter(actor: Actor, action: str) -> Q:
    """The condition on Project under which the actor may do `action`; always inside their organisation."""
    reach = actor.reach(action)
    if Reach.ORG in reach.values():
        return Q(organisation=actor.organisation)
    condition = NOTHING
    for role, how_far in reach.items():
        if how_far == Reach.PF:
            condition |= Q(portfolio_id__in=actor.portfolio_ids)
        else:
            condition |= assigned(actor, role)
    return Q(organisation=actor.organisation) & condition


def projects_for(actor: Actor, action: str) -> QuerySet[Project]:
    """The projects to which the actor may do `action` (a key of the permission matrix)."""
    return Project.objects.filter(project_filter(actor, action))


def visible_to(actor: Actor) -> QuerySet[Project]:
    """The projects that the actor may see at all."""
    return projects_for(actor, "project.view")


def project_get(
    actor: Actor, *, action: str = "project.view", code: str | None = None, pk: int | None = None
) -> Project:
    """One project for one action. NotFound where the actor may not see it, Forbidden where they see but may not act."""
    found = visible_to(actor).filter(code=code) if code is not None else visible_to(actor).filter(pk=pk or 0)
    project = found.select_related(
        "portfolio", "programme", "phase", "project_manager", "sponsor", "budget_owner", "standard_version__standard"
    ).first()
    if project is None:
        raise NotFound("There is no such project here.")
    if action != "project.view" and not projects_for(actor, action).filter(pk=project.pk).exists():
        raise Forbidden("Your role on this project does not allow this.")
    return project


def ids_for(actor: Actor, action: str, project_ids: Iterable[int]) -> set[int]:
    """Which of `project_ids` the actor may do `action` to: one query, none where they may do it everywhere."""
    wanted = set(project_ids)
    if actor.everywhere(action):
        return set(Project.objects.filter(organisation=actor.organisation, pk__in=wanted).values_list("pk", flat=True))
    return set(projects_for(actor, action).filter(pk__in=wanted).values_list("pk", flat=True))
