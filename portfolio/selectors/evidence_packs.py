"""Evidence packs: whose they are, and what goes into one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pmo.kit.errors import NotFound
from pmo.selectors.actors import Actor
from portfolio.models import EvidencePack, Portfolio
from projects.models import Evidence, GateReview, Project, Responsibility, Waiver
from projects.selectors.projects import projects_for

ACTION: Final = "pack.run"


def packs_for(actor: Actor, action: str = ACTION) -> QuerySet[EvidencePack]:
    """All packs, for who may make packs of everything; for others their own, of what they may still make packs of: who
    lost the project lost the pack."""
    rows = EvidencePack.objects.filter(organisation=actor.organisation)
    rows = rows.select_related("project", "portfolio", "created_by")
    if actor.everywhere(action):
        return rows
    mine = rows.filter(created_by=actor.user)
    whole = actor.portfolio_ids if "portfolio_manager" in actor.reach(action) else ()
    return mine.filter(project__in=projects_for(actor, action).values("pk")) | mine.filter(portfolio_id__in=whole)


def pack_get(actor: Actor, pk: int) -> EvidencePack:
    """One of those. NotFound for any other."""
    pack = packs_for(actor).filter(pk=pk).first()
    if pack is None:
        raise NotFound(_("There is no such evidence pack here."))
    return pack


def portfolios_to_pack(actor: Actor, action: str = ACTION) -> QuerySet[Portfolio]:
    """The portfolios of whose projects the actor may see all."""
    places = Portfolio.objects.filter(organisation=actor.organisation).order_by("name")
    if actor.everywhere(action):
        return places
    return places.filter(pk__in=actor.portfolio_ids if "portfolio_manager" in actor.reach(action) else ())


def packed_projects(actor: Actor, pack: EvidencePack) -> list[Project]:
    """The projects of a pack, within its maker's reach now. One query."""
    rows = projects_for(actor, ACTION)
    if pack.portfolio_id is not None:
        rows = rows.filter(portfolio_id=pack.portfolio_id, archived_at__isnull=True)
    else:
        rows = rows.filter(pk=pack.project_id or 0)
    joined = ("organisation", "portfolio", "phase", "standard_version__standard")
    return list(rows.select_related(*joined).order_by("code"))


def evidence_of(project_ids: Sequence[int], pack: EvidencePack) -> QuerySet[Evidence]:
    """What was attached by the pack's day, with what withdrew it."""
    rows = Evidence.objects.filter(project__in=project_ids, withdraws__isnull=True, added_at__date__lte=pack.as_of)
    return rows.select_related(
        "project", "activity", "deliverable", "review__gate", "added_by", "withdrawn"
    ).order_by("project__code", "id")  # fmt: skip


def reviews_of(project_ids: Sequence[int], pack: EvidencePack) -> QuerySet[GateReview]:
    """The decisions at gates by the pack's day."""
    rows = GateReview.objects.filter(project__in=project_ids, state=GateReview.State.DECIDED)
    return rows.filter(decided_on__lte=pack.as_of).select_related("project", "gate", "decided_by").order_by(
        "project__code", "decided_on", "id"
    )  # fmt: skip


def waivers_of(project_ids: Sequence[int], pack: EvidencePack) -> QuerySet[Waiver]:
    """The waivers asked for by the pack's day."""
    rows = Waiver.objects.filter(project__in=project_ids, asked_at__date__lte=pack.as_of)
    return rows.select_related(
        "project", "activity", "deliverable", "gate", "policy", "asked_by", "decided_by"
    ).order_by("project__code", "id")  # fmt: skip


def letters_in(project_ids: Sequence[int]) -> QuerySet[Responsibility]:
    """Who answers for what, as it is now."""
    rows: Any = Responsibility.objects.filter(project__in=project_ids)
    found: QuerySet[Responsibility] = rows.select_related("project", "person", "project_phase", "deliverable", "gate")
    return found.order_by("project__code", "subject", "letter")
