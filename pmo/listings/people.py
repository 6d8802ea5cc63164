"""Everybody named in the organisation, as a list and an export."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pmo.kit.listing import Column, Filter, Listing
from pmo.models import Membership, Person


def with_roles(people: Sequence[Person]) -> None:
    """Give each person of a page the roles of their account: one query."""
    held: dict[int, list[Membership]] = defaultdict(list)
    accounts = {person.user_id for person in people if person.user_id is not None}
    for membership in Membership.objects.filter(
        organisation__in={person.organisation_id for person in people}, user__in=accounts
    ).order_by("role"):
        held[membership.user_id].append(membership)
    for person in people:
        person.roles_held = held.get(person.user_id or 0, [])  # type: ignore[attr-defined]


def _roles(person: Person) -> str | None:
    held: list[Membership] = getattr(person, "roles_held", [])
    return ", ".join(str(membership.get_role_display()) for membership in held) or None


def _account(person: Person) -> bool:
    return person.user_id is not None


def _has_account(lookup: str, value: str) -> Q:
    return Q(user__isnull=value == "no")


PEOPLE = Listing(
    name="people",
    label=_("People"),
    columns=(
        Column("name", _("Name"), sort="name"),
        Column("email", _("E-mail"), sort="email"),
        Column("account", _("Signs in"), value=_account, kind="bool", sort="user_id"),
        Column("roles", _("Roles"), value=_roles, requires="office.view"),
    ),
    filters=(
        Filter(
            "account",
            kind="choice",
            choices=(("yes", _("Signs in")), ("no", _("Named only"))),
            label=_("Account"),
            condition=_has_account,
        ),
    ),
    search=("name", "email"),
    default_sort=("name",),
    ignore=frozenset({"as_of"}),
    prepare=with_roles,
)
