"""One project with what the portfolio knows of it: standing and findings."""

from __future__ import annotations

from pmo.kit.errors import NotFound
from pmo.selectors.actors import Actor
from portfolio.models import Finding
from portfolio.selectors.findings import visible_to as findings_visible_to
from portfolio.selectors.rollups import UNRESOLVED
from projects.models import Project
from projects.selectors.pending import Pending
from projects.selectors.projects import visible_to

JOINED = (
    "portfolio",
    "programme",
    "phase",
    "project_manager",
    "sponsor",
    "budget_owner",
    "standard_version__standard",
    "performance",
    "standing",
)


def project_shown(actor: Actor, code: str) -> Project:
    """The project with its figures and standing, in one query. NotFound where the actor may not see it."""
    project = visible_to(actor).filter(code=code).select_related(*JOINED).first()
    if project is None:
        raise NotFound("There is no such project here.")
    return project


def state_of(project: Project, pending: Pending | None) -> str:
    """A word that changes whenever anything the page shows of figures, standing or the project itself changed."""
    performance, standing = getattr(project, "performance", None), getattr(project, "standing", None)
    return ".".join(
        str(part)
        for part in (
            project.version,
            performance.revision if performance else 0,
            standing.revision if standing else 0,
            pending.newest if pending else 0,
            pending.dead if pending else 0,
        )
    )


def findings_of(actor: Actor, project: Project, limit: int = 6) -> tuple[list[Finding], int]:
    """The gravest unresolved findings that concern the project and the actor may see, and how many there are."""
    mine = findings_visible_to(actor).filter(status__in=UNRESOLVED, concerned__project=project)
    found = list(mine.select_related("owner").order_by("severity_rank", "-first_seen", "id")[: limit + 1])
    return found[:limit], len(found) if len(found) <= limit else mine.count()
