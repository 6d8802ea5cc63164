"""Documents of projects. Whoever only follows a project sees approved versions; amounts only who may see money."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from projects.models import Document, DocumentVersion, Project, ProjectPerformance, Stakeholder
from projects.selectors.projects import projects_for
from projects.selectors.rows import of_projects

DRAFTS = "draft.view"
NOTHING = "–"


def documents_for(actor: Actor, action: str) -> QuerySet[Document]:
    """Documents with a version that the actor may read."""
    rows = of_projects(Document.objects.select_related("project", "template"), actor, action)
    versions = document_versions_for(actor, action).filter(document=OuterRef("pk"))
    return rows.filter(Exists(versions))


def document_versions_for(actor: Actor, action: str) -> QuerySet[DocumentVersion]:
    """Versions: all where drafts are the actor's business, else the approved ones."""
    rows = of_projects(
        DocumentVersion.objects.select_related("project", "document", "made_by", "decided_by"), actor, action
    )
    if actor.everywhere(DRAFTS):
        return rows
    mine = projects_for(actor, DRAFTS).values("pk")
    return rows.filter(state=DocumentVersion.State.APPROVED) | rows.filter(project_id__in=mine)


def sees_money(actor: Actor, project: Project) -> bool:
    return projects_for(actor, "money.view").filter(pk=project.pk).exists()


def values_of(project: Project) -> dict[str, str]:
    """What the fields of a template stand for today."""
    figures = ProjectPerformance.objects.filter(project=project).first()

    def amount(key: str) -> str:
        value = getattr(figures, key, None)
        return NOTHING if value is None else f"{value:,.2f} {project.currency}"

    phases = [
        f"- {phase.name}: {phase.start or NOTHING} to {phase.finish or NOTHING}"
        for phase in project.phases.order_by("order")
    ]
    people = Stakeholder.objects.filter(project=project, removed_at__isnull=True).order_by("-influence", "name")
    return {
        "organisation.name": project.organisation.name,
        "today": today_in(project.organisation).isoformat(),
        "project.name": project.name,
        "project.code": project.code,
        "project.description": project.description or NOTHING,
        "project.portfolio": project.portfolio.name,
        "project.sponsor": project.sponsor.name if project.sponsor else NOTHING,
        "project.manager": project.project_manager.name if project.project_manager else NOTHING,
        "project.budget_owner": project.budget_owner.name if project.budget_owner else NOTHING,
        "project.status": str(project.get_status_display()),
        "project.tier": str(project.tier or NOTHING),
        "project.start": str(project.start or NOTHING),
        "project.finish": str(project.finish or NOTHING),
        "project.phases": "\n".join(phases) or NOTHING,
        "project.stakeholders": "\n".join(f"- {row.name}" for row in people) or NOTHING,
        **{f"figures.{key}": amount(key) for key in ("bac", "ac", "eac", "vac")},
    }
