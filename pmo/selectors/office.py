"""Which rows of the office an actor may see. Every one starts from the actor's own organisation."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Q, QuerySet

from pmo.analysis.permissions import Reach
from pmo.models import (
    Activity,
    ApiToken,
    AuditEvent,
    Membership,
    Organisation,
    Person,
    Phase,
    SavedView,
    Standard,
    StandardVersion,
)
from pmo.selectors.actors import Actor, own_rows

NOTHING = Q(pk__in=())
# Events about these tell amounts in their very label.
ABOUT_MONEY = ("cost_entry", "budget", "baseline", "change_request", "forecast", "finding")


def _whole(actor: Actor, action: str) -> Q:
    """The whole organisation, or nothing."""
    return Q(organisation=actor.organisation) if actor.allows(action) else NOTHING


def organisations_for(actor: Actor, action: str) -> QuerySet[Organisation]:
    """The one organisation that the actor acts in."""
    return (
        Organisation.objects.filter(pk=actor.organisation.pk) if actor.allows(action) else Organisation.objects.none()
    )


def people_for(actor: Actor, action: str) -> QuerySet[Person]:
    """Everybody named in the organisation."""
    return Person.objects.filter(_whole(actor, action))


def memberships_for(actor: Actor, action: str) -> QuerySet[Membership]:
    """Who has which role."""
    return Membership.objects.filter(_whole(actor, action)).select_related("user", "organisation")


def standards_for(actor: Actor, action: str) -> QuerySet[Standard]:
    """The organisation's standards."""
    return Standard.objects.filter(_whole(actor, action))


def standard_versions_for(actor: Actor, action: str) -> QuerySet[StandardVersion]:
    """Their versions; drafts only for those who write them."""
    versions = StandardVersion.objects.filter(published(actor, action, ""))
    return versions.select_related("standard", "published_by", "copied_from")


def sees_drafts(actor: Actor) -> bool:
    """Drafts are for those who write them, and for whoever reads everything."""
    return actor.allows("standard.edit") or "auditor" in actor.roles


def published(actor: Actor, action: str, version: str) -> Q:
    """Rows of the organisation whose `version` (a path; empty: the row itself) is published, or all of them."""
    if not actor.allows(action):
        return NOTHING
    mine = Q(organisation=actor.organisation)
    path = f"{version}__published_at" if version else "published_at"
    return mine if sees_drafts(actor) else mine & Q(**{f"{path}__isnull": False})


def phases_for(actor: Actor, action: str) -> QuerySet[Phase]:
    """Their phases."""
    return Phase.objects.filter(published(actor, action, "version")).select_related("version__standard")


def activities_for(actor: Actor, action: str) -> QuerySet[Activity]:
    """Their activities."""
    return Activity.objects.filter(published(actor, action, "phase__version")).select_related("phase", "template")


def tokens_for(actor: Actor, action: str) -> QuerySet[ApiToken]:
    """One's own tokens; all of the organisation's for those who may see their names."""
    tokens = ApiToken.objects.select_related("user")
    if actor.allows("token.view"):
        return tokens.filter(organisation=actor.organisation)
    return tokens.filter(own_rows(actor)) if actor.allows(action) else tokens.none()


def saved_views_for(actor: Actor, action: str) -> QuerySet[SavedView]:
    """One's own views and those that others share."""
    views = SavedView.objects.select_related("user").filter(organisation=actor.organisation)
    return views.filter(Q(user=actor.user) | Q(shared=True)) if actor.allows(action) else views.none()


def audit_events_for(actor: Actor, action: str) -> QuerySet[AuditEvent]:
    """The log: all of it, or that of the projects one answers for; without money for those who may not see it."""
    events = AuditEvent.objects.filter(organisation=actor.organisation).select_related("user", "seal")
    if not actor.allows("money.view"):
        events = events.exclude(object_type__in=ABOUT_MONEY)
    reach = actor.reach(action)
    if Reach.ORG in reach.values():
        return events
    roles = [role for role in reach if role in ("project_manager", "budget_owner")]
    if not roles:
        return events.none()
    mine = Q()
    for role in roles:
        mine |= Q(**{f"{role}__user": actor.user})
    projects = apps.get_model("projects", "Project").objects.filter(mine, organisation=actor.organisation)
    return events.filter(project_ref__in=projects.values("pk"))
