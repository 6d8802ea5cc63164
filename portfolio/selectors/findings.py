"""Which findings an actor may see or act on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from pmo.analysis.permissions import Reach
from pmo.kit.errors import Forbidden, NotFound
from pmo.selectors.actors import Actor
from portfolio.models import Finding, FindingEvent, FindingProject
from projects.models import Project
from projects.selectors.projects import projects_for

VIEW = "finding.view"


def findings_for(actor: Actor, action: str) -> QuerySet[Finding]:
    """The findings to which the actor may do `action`: those of whose projects each is within their reach.

    A finding across projects is hidden whole from somebody who may not see one of them, and one about a whole portfolio
    from everybody whom that portfolio is not assigned to.
    """
    mine = Finding.objects.filter(organisation=actor.organisation)
    reach = actor.reach(action)
    if Reach.ORG in reach.values():
        return mine
    if not reach:
        return mine.none()
    links = FindingProject.objects.filter(finding=OuterRef("pk"))
    beyond = links.exclude(project_id__in=projects_for(actor, action).values("pk"))
    whole = ~Q(subject__startswith="portfolio:")
    for portfolio_id in actor.portfolio_ids:
        whole |= Q(subject__startswith=f"portfolio:{portfolio_id}:")
    return mine.filter(whole, Exists(links), ~Exists(beyond))


def visible_to(actor: Actor) -> QuerySet[Finding]:
    """The findings that the actor may see."""
    return findings_for(actor, VIEW)


def finding_get(actor: Actor, pk: int, *, action: str = VIEW) -> Finding:
    """One finding for one action. NotFound where the actor may not see it, Forbidden where they see but may not act."""
    finding = visible_to(actor).select_related("owner").filter(pk=pk).first() if pk < 2**63 else None
    if finding is None:
        raise NotFound("There is no such finding here.")
    if action != VIEW and not findings_for(actor, action).filter(pk=pk).exists():
        raise Forbidden("Your role does not allow this for every project that the finding concerns.")
    return finding


def findings_listed(actor: Actor, action: str | None) -> QuerySet[Finding]:
    """The same as a list shows them: with the owner, and the code of the (first) project to search and sort by."""
    first = FindingProject.objects.filter(finding=OuterRef("pk")).order_by("project__code")
    rows = findings_for(actor, action or VIEW).select_related("owner")
    return rows.annotate(project_code=Subquery(first.values("project__code")[:1]))


def attach_projects(rows: Sequence[Finding]) -> None:
    """Give each finding its `projects_shown`, by code: one query. The actor sees all of them, or not the finding."""
    links = FindingProject.objects.filter(finding__in=[row.pk for row in rows]).select_related("project")
    by_finding: dict[int, list[Project]] = defaultdict(list)
    for link in links.order_by("project__code"):
        by_finding[link.finding_id].append(link.project)
    for row in rows:
        row.projects_shown = by_finding[row.pk]  # type: ignore[attr-defined]


def attach_history(rows: Sequence[Finding]) -> None:
    """Give each finding its `history_shown`, newest first: one query."""
    events = FindingEvent.objects.filter(finding__in=[row.pk for row in rows]).select_related("user")
    by_finding: dict[int, list[FindingEvent]] = defaultdict(list)
    for event in events.order_by("-id"):
        by_finding[event.finding_id].append(event)
    for row in rows:
        row.history_shown = by_finding[row.pk]  # type: ignore[attr-defined]
