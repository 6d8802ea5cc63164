"""What somebody may do on one project: asked once a page, so that buttons and money show only where they may."""

from __future__ import annotations

from pmo.analysis.permissions import MATRIX, Reach
from pmo.selectors.actors import Actor
from projects.models import Project, ProjectMember

KIND = {"team_member": ProjectMember.Kind.TEAM, "stakeholder": ProjectMember.Kind.STAKEHOLDER}


def rights_on(actor: Actor, project: Project) -> frozenset[str]:
    """The actions of the permission matrix that the actor may do on this project.

    The same answer as `projects_for(actor, action)` gives for each action. At most one query, none for those whose
    reach is the organisation; `project` comes with its project manager, sponsor and budget owner.
    """
    if project.organisation_id != actor.organisation.pk:
        return frozenset()
    roles = set(actor.roles)
    here = {role for role in roles if _named(actor, project, role)}
    kinds = [KIND[role] for role in roles - here if role in KIND]
    if kinds:
        found = ProjectMember.objects.filter(project=project, kind__in=kinds, person__user=actor.user)
        member_of = set(found.values_list("kind", flat=True))
        here |= {role for role in roles if KIND.get(role) in member_of}
    return frozenset(action for action in MATRIX if _allowed(actor, project, action, here))


def _allowed(actor: Actor, project: Project, action: str, here: set[str]) -> bool:
    for role, reach in actor.reach(action).items():
        if reach == Reach.ORG:
            return True
        if reach == Reach.PF and project.portfolio_id in actor.portfolio_ids:
            return True
        if reach in (Reach.PR, Reach.OWN) and role in here:
            return True
    return False


def _named(actor: Actor, project: Project, role: str) -> bool:
    person = {
        "project_manager": project.project_manager,
        "budget_owner": project.budget_owner,
        "stakeholder": project.sponsor,
    }.get(role)
    return person is not None and person.user_id == actor.user.pk
