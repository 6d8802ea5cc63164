"""Who acts, in which organisation, with which rights. Every query of a tenant row starts from an Actor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.apps import apps
from django.db.models import Q

from pmo.analysis.permissions import Reach, reaches
from pmo.kit.errors import Forbidden, NotFound
from pmo.models import ApiToken, Membership, Organisation, Person, User


@dataclass(frozen=True)
class Actor:
    """A person in exactly one organisation, perhaps through a token. Rights never add up across organisations."""

    organisation: Organisation
    user: User
    roles: frozenset[str]
    approval_limits: dict[str, Decimal | None] = field(default_factory=dict)
    portfolio_ids: frozenset[int] = frozenset()
    scopes: frozenset[str] | None = None
    token_prefix: str = ""
    organisations: tuple[Organisation, ...] = ()  # those the person may switch to

    def reach(self, action: str) -> dict[str, Reach]:
        """Reach by role for the action (empty: refused)."""
        return reaches(action, self.roles, self.scopes)

    def allows(self, action: str) -> bool:
        """May the actor do this to anything at all here?"""
        return bool(self.reach(action))

    def everywhere(self, action: str) -> bool:
        """May the actor do this throughout the organisation?"""
        return Reach.ORG in self.reach(action).values()

    def require(self, action: str) -> None:
        """Raise Forbidden where the actor may not do this to anything here."""
        if not self.allows(action):
            raise Forbidden("Your role in this organisation does not allow this.")

    @property
    def is_token(self) -> bool:
        return self.scopes is not None


def actor_for(user: User, organisation: Organisation, *, token: ApiToken | None = None) -> Actor:
    """The actor that `user` is in `organisation`, as of this moment. Raises NotFound where they have no role there."""
    return actor_by_slug(user, organisation.slug, token=token)


def actor_by_slug(user: User, slug: str, *, token: ApiToken | None = None) -> Actor:
    """The actor that `user` is in the organisation of that name: one query (a second for a portfolio manager).

    Raises NotFound where they have no role there, whether or not there is such an organisation.
    """
    everywhere = list(Membership.objects.filter(user=user).select_related("organisation")) if user.is_active else []
    memberships = [membership for membership in everywhere if membership.organisation.slug == slug]
    if not memberships:
        raise NotFound("There is no such organisation here.")
    organisation = memberships[0].organisation
    roles = frozenset(membership.role for membership in memberships)
    portfolio_ids: frozenset[int] = frozenset()
    if "portfolio_manager" in roles:
        assignments = apps.get_model("portfolio", "PortfolioAssignment").objects
        portfolio_ids = frozenset(
            assignments.filter(organisation=organisation, person__user=user).values_list("portfolio_id", flat=True)
        )
    others = {membership.organisation_id: membership.organisation for membership in everywhere}
    return Actor(
        organisation=organisation,
        user=user,
        roles=roles,
        approval_limits={membership.role: membership.approval_limit for membership in memberships},
        portfolio_ids=portfolio_ids,
        scopes=frozenset(token.scopes) if token else None,
        token_prefix=token.prefix if token else "",
        organisations=tuple(sorted(others.values(), key=lambda other: other.name)),
    )


def organisation_by_slug(user: User, slug: str) -> Organisation:
    """The organisation of that name in which the user has a role; NotFound for every other, existing or not."""
    organisation = Organisation.objects.filter(slug=slug, pk__in=memberships_of(user)).first()
    if organisation is None:
        raise NotFound("There is no such organisation here.")
    return organisation


def memberships_of(user: User) -> Iterable[int]:
    """Ids of the organisations in which the user has a role."""
    return Membership.objects.filter(user=user).values_list("organisation_id", flat=True)


def organisations_of(user: User) -> list[Organisation]:
    """The organisations a user may switch to, by name."""
    return list(Organisation.objects.filter(pk__in=memberships_of(user)).order_by("name"))


def person_of(actor: Actor) -> Person | None:
    """The person that the actor is in their organisation, if one is named."""
    return Person.objects.filter(organisation=actor.organisation, user=actor.user).first()


def own_rows(actor: Actor) -> Q:
    """The filter of rows with a `user` that are the actor's own."""
    return Q(organisation=actor.organisation, user=actor.user)
