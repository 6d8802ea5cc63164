"""Standards and their versions as the library shows them: who follows what, and how many."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from pmo.kit.errors import Forbidden, NotFound
from pmo.models import Deliverable, Gate, Standard, StandardVersion, TailoringRule, TierModel
from pmo.selectors.actors import Actor
from pmo.selectors.office import published, standard_versions_for, standards_for

FOLLOWED = Q(archived_at__isnull=True, status__in=("proposed", "active", "on_hold"))


def standard_get(actor: Actor, standard_id: int, *, action: str = "standard.view") -> Standard:
    """The standard. NotFound where it is not visible, Forbidden where the action is not theirs."""
    found = standards_for(actor, "standard.view").filter(pk=standard_id).first()
    if found is None:
        raise NotFound()
    if not actor.allows(action):
        raise Forbidden("Your role in this organisation does not allow this.")
    return found


def version_get(actor: Actor, version_id: int, *, action: str = "standard.view") -> StandardVersion:
    """The version with its standard. NotFound where it is not visible, Forbidden where the action is not theirs."""
    found = standard_versions_for(actor, "standard.view").filter(pk=version_id).first()
    if found is None:
        raise NotFound()
    if not actor.allows(action):
        raise Forbidden("Your role in this organisation does not allow this.")
    return found


def library_for(actor: Actor, action: str) -> QuerySet[StandardVersion]:
    """Versions with `followers`, the running projects on each; `latest`, the highest published number; `state`."""
    in_force = StandardVersion.objects.filter(standard=OuterRef("standard"), published_at__isnull=False)
    versions = standard_versions_for(actor, action).annotate(
        followers=_followers("standard_version"),
        latest=Subquery(in_force.order_by("-number").values("number")[:1]),
    )
    return versions.annotate(
        state=Case(
            When(published_at__isnull=True, then=Value("draft")),
            When(standard__retired_at__isnull=False, then=Value("retired")),
            When(number__lt=F("latest"), then=Value("superseded")),
            default=Value("published"),
        )
    )


def _followers(field: str) -> Coalesce:
    projects = apps.get_model("projects", "Project").objects
    counted = projects.filter(FOLLOWED, **{field: OuterRef("pk")}).order_by().values(field).annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def affected_by_portfolio(actor: Actor, versions: QuerySet[StandardVersion]) -> list[dict[str, Any]]:
    """Running projects on any of the versions, counted by portfolio and version; of the whole organisation."""
    projects = apps.get_model("projects", "Project").objects
    rows: QuerySet[Any, Any] = projects.filter(FOLLOWED, organisation=actor.organisation, standard_version__in=versions)
    return list(
        rows.values(number=F("standard_version__number"), folder=F("portfolio__name"))
        .annotate(count=Count("pk"))
        .order_by("folder", "number")
    )


def deliverables_for(actor: Actor, action: str) -> QuerySet[Deliverable]:
    """What the phases have to bring."""
    return Deliverable.objects.filter(published(actor, action, "phase__version")).select_related("phase", "template")


def gates_for(actor: Actor, action: str) -> QuerySet[Gate]:
    """The decisions of the phases, with their criteria."""
    found = Gate.objects.filter(published(actor, action, "phase__version"))
    return found.select_related("phase").prefetch_related("criteria")


def tailoring_rules_for(actor: Actor, action: str) -> QuerySet[TailoringRule]:
    """The rules that decide what counts for which project."""
    return TailoringRule.objects.filter(published(actor, action, "version")).select_related("version")


def tier_models_for(actor: Actor, action: str) -> QuerySet[TierModel]:
    """Every number of the tier model; drafts only for those who may edit them, or read everything."""
    return TierModel.objects.filter(published(actor, action, ""))


def tier_model_get(actor: Actor, model_id: int, *, action: str = "standard.view") -> TierModel:
    """NotFound where it is not visible, Forbidden where the action is not theirs."""
    found = tier_models_for(actor, "standard.view").filter(pk=model_id).first()
    if found is None:
        raise NotFound()
    if not actor.allows(action):
        raise Forbidden("Your role in this organisation does not allow this.")
    return found
