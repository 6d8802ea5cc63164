"""Policies: what is in force, whom it binds, and who has not acknowledged it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from pmo.kit.errors import Forbidden, NotFound
from pmo.models import Membership, Policy, PolicyAcknowledgement, PolicyVersion, User
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from pmo.selectors.office import NOTHING, published


def policies_for(actor: Actor, action: str) -> QuerySet[Policy]:
    """Policies with `published_number`, `effective_on`, `version_pk` of the newest published version, and `has_draft`.

    One that was never published is there only for those who write drafts.
    """
    versions = PolicyVersion.objects.filter(policy=OuterRef("pk"))
    newest = versions.filter(published_at__isnull=False).order_by("-number")
    drafts = versions.filter(published_at__isnull=True)
    found = Policy.objects.filter(Q(organisation=actor.organisation) if actor.allows(action) else NOTHING)
    found = found.select_related("owner").annotate(
        published_number=Subquery(newest.values("number")[:1]),
        effective_on=Subquery(newest.values("effective_on")[:1]),
        version_pk=Subquery(newest.values("pk")[:1]),
        has_draft=Exists(drafts),
        state=Case(
            When(withdrawn_at__isnull=False, then=Value("withdrawn")),
            When(published_number__isnull=True, then=Value("draft")),
            default=Value("published"),
        ),
    )
    return found if _writes(actor) else found.filter(published_number__isnull=False)


def _writes(actor: Actor) -> bool:
    return actor.allows("policy.edit") or "auditor" in actor.roles


def policy_versions_for(actor: Actor, action: str) -> QuerySet[PolicyVersion]:
    """Versions; drafts only for those who write them."""
    found = PolicyVersion.objects.filter(published(actor, action, ""))
    return found.select_related("policy__owner", "published_by")


def policy_get(actor: Actor, policy_id: int, *, action: str = "policy.view") -> Policy:
    """NotFound where it is not visible, Forbidden where the action is not theirs."""
    found = policies_for(actor, "policy.view").filter(pk=policy_id).first()
    if found is None:
        raise NotFound()
    if not actor.allows(action):
        raise Forbidden("Your role in this organisation does not allow this.")
    return found


def policy_version_get(actor: Actor, version_id: int, *, action: str = "policy.view") -> PolicyVersion:
    found = policy_versions_for(actor, "policy.view").filter(pk=version_id).first()
    if found is None:
        raise NotFound()
    if not actor.allows(action):
        raise Forbidden("Your role in this organisation does not allow this.")
    return found


def in_force(organisation_id: int, today: date) -> list[PolicyVersion]:
    """Of each policy that is not withdrawn the newest version that is effective by `today`; two queries at most."""
    rows = (
        PolicyVersion.objects.filter(
            organisation_id=organisation_id,
            published_at__isnull=False,
            effective_on__lte=today,
            policy__withdrawn_at__isnull=True,
        )
        .select_related("policy")
        .order_by("policy__name", "policy_id", "-number")
    )
    newest: dict[int, PolicyVersion] = {}
    for row in rows:
        newest.setdefault(row.policy_id, row)
    return list(newest.values())


def binding(actor: Actor) -> list[PolicyVersion]:
    """What is in force and binds one of the actor's roles, and the actor has not acknowledged: the oldest first."""
    if actor.is_token or not actor.allows("policy.acknowledge"):
        return []
    bound = [
        version
        for version in in_force(actor.organisation.pk, today_in(actor.organisation))
        if actor.roles.intersection(version.binds_roles)
    ]
    if not bound:
        return []
    done = set(
        PolicyAcknowledgement.objects.filter(
            organisation=actor.organisation, user=actor.user, version__in=bound
        ).values_list("version_id", flat=True)
    )
    return sorted((each for each in bound if each.pk not in done), key=lambda each: (each.effective_on, each.pk))


@dataclass(frozen=True, slots=True)
class Bound:
    """Somebody a version binds. `due` is the day by which to acknowledge; `late` that it has passed."""

    user: User
    roles: tuple[str, ...]
    acknowledged_at: object
    due: date
    late: bool


def bound_by(version: PolicyVersion, today: date) -> list[Bound]:
    """Everybody bound by the version, those who have not acknowledged first; two queries.

    Who got the role later has as many days from joining: a deadline before they came would be unfair.
    """
    memberships = (
        Membership.objects.filter(
            organisation_id=version.organisation_id, role__in=version.binds_roles, user__is_active=True
        )
        .select_related("user")
        .order_by("user__name", "pk")
    )
    done = dict(PolicyAcknowledgement.objects.filter(version=version).values_list("user_id", "acknowledged_at"))
    roles: dict[int, list[str]] = {}
    users: dict[int, User] = {}
    for membership in memberships:
        roles.setdefault(membership.user_id, []).append(membership.role)
        users[membership.user_id] = membership.user
    assert version.effective_on is not None
    due = version.effective_on + timedelta(days=version.acknowledge_within_days)
    found = [
        Bound(user, tuple(roles[pk]), done.get(pk), due, pk not in done and due < today) for pk, user in users.items()
    ]
    return sorted(found, key=lambda each: (each.acknowledged_at is not None, str(each.user)))


def acknowledgements_for(actor: Actor, action: str) -> QuerySet[PolicyAcknowledgement]:
    """One's own; everybody's for those who watch over them."""
    found = PolicyAcknowledgement.objects.filter(organisation=actor.organisation).select_related(
        "version__policy", "user"
    )
    if actor.everywhere("acknowledgement.view"):
        return found if actor.allows(action) else found.none()
    return found.filter(user=actor.user) if actor.allows(action) else found.none()
