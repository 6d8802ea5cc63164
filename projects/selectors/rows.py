"""Which rows of projects an actor may see, or do something to: those of the projects within the action's reach."""

from __future__ import annotations

from typing import TypeVar

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from pmo.analysis.permissions import Reach
from pmo.kit.sums import ExactSum
from pmo.selectors.actors import Actor
from projects.models import (
    Baseline,
    Budget,
    BudgetLine,
    ChangeRequest,
    CostEntry,
    Forecast,
    HealthDeclaration,
    PhaseMilestone,
    Progress,
    ProjectPhase,
    Vendor,
)
from projects.selectors.projects import projects_for

M = TypeVar("M", bound=Model)


def of_projects(rows: QuerySet[M], actor: Actor, action: str) -> QuerySet[M]:
    """Those of `rows` (with a `project`) to whose project the actor may do `action`; always in their organisation."""
    mine = rows.filter(organisation=actor.organisation)
    if actor.everywhere(action):
        return mine
    return mine.filter(project_id__in=projects_for(actor, action).values("pk"))


def covers(actor: Actor, action: str, other: str) -> bool:
    """May the actor do `action` wherever they may do `other`? Then a list may show both in each row."""
    reach, rest = actor.reach(action), actor.reach(other)
    return Reach.ORG in reach.values() or all(reach.get(role) == how_far for role, how_far in rest.items())


def project_phases_for(actor: Actor, action: str) -> QuerySet[ProjectPhase]:
    """Phases of projects."""
    return of_projects(ProjectPhase.objects.select_related("project"), actor, action)


def measured_phases_for(actor: Actor, action: str) -> QuerySet[ProjectPhase]:
    """Phases of projects with how each is measured: one query more than without the milestones."""
    return project_phases_for(actor, action).prefetch_related("milestones")


def phase_milestones_for(actor: Actor, action: str) -> QuerySet[PhaseMilestone]:
    """Milestones of the phases of projects."""
    return PhaseMilestone.objects.filter(
        organisation=actor.organisation, project_phase__in=project_phases_for(actor, action).order_by().values("pk")
    )


def budgets_for(actor: Actor, action: str) -> QuerySet[Budget]:
    """Budget versions."""
    rows = Budget.objects.select_related("project").annotate(total=ExactSum("lines__amount"))
    return of_projects(rows, actor, action)


def budget_lines_for(actor: Actor, action: str) -> QuerySet[BudgetLine]:
    """Budget lines."""
    return of_projects(BudgetLine.objects.select_related("project", "budget", "project_phase"), actor, action)


def baselines_for(actor: Actor, action: str) -> QuerySet[Baseline]:
    """Baselines that stand: not those whose budget was taken back with its import."""
    rows = Baseline.objects.filter(budget__state=Budget.State.APPROVED).select_related("project", "recorded_by")
    return of_projects(rows, actor, action)


def change_requests_for(actor: Actor, action: str) -> QuerySet[ChangeRequest]:
    """Change requests."""
    return of_projects(ChangeRequest.objects.select_related("project", "proposed_by", "decided_by"), actor, action)


def cost_entries_for(actor: Actor, action: str) -> QuerySet[CostEntry]:
    """The ledger."""
    rows = CostEntry.objects.select_related("project", "project_phase", "vendor", "recorded_by", "reversed_by")
    return of_projects(rows, actor, action)


def forecasts_for(actor: Actor, action: str) -> QuerySet[Forecast]:
    """Reported estimates at completion."""
    return of_projects(
        Forecast.objects.select_related("project", "recorded_by").prefetch_related("lines"), actor, action
    )


def progress_for(actor: Actor, action: str) -> QuerySet[Progress]:
    """Statements of progress."""
    return of_projects(Progress.objects.select_related("project", "project_phase", "recorded_by"), actor, action)


def health_declarations_for(actor: Actor, action: str) -> QuerySet[HealthDeclaration]:
    """Declared health."""
    return of_projects(HealthDeclaration.objects.select_related("project", "declared_by"), actor, action)


def vendors_for(actor: Actor, action: str) -> QuerySet[Vendor]:
    """The organisation's vendors; for somebody with a shorter reach, those of their projects."""
    mine = Vendor.objects.filter(organisation=actor.organisation)
    if actor.everywhere(action):
        return mine
    if not actor.allows(action):
        return mine.none()
    used = CostEntry.objects.filter(project_id__in=projects_for(actor, action).values("pk"))
    return mine.filter(pk__in=used.values("vendor_id"))


def portfolios_open_to(actor: Actor, action: str) -> QuerySet[Model]:
    """The portfolios into which the actor may put a project by `action`. The floor above is named as a string."""
    mine = apps.get_model("portfolio", "Portfolio").objects.filter(organisation=actor.organisation)
    if actor.everywhere(action):
        return mine
    return mine.filter(pk__in=actor.portfolio_ids) if actor.allows(action) else mine.filter(Q(pk__in=()))


def programmes_open_to(actor: Actor, action: str) -> QuerySet[Model]:
    """The programmes of those portfolios."""
    programmes = apps.get_model("portfolio", "Programme").objects.filter(organisation=actor.organisation)
    if actor.everywhere(action):
        return programmes
    reachable = projects_for(actor, action).values("portfolio_id")
    return programmes.filter(Q(portfolio_id__in=actor.portfolio_ids) | Q(portfolio_id__in=reachable))
