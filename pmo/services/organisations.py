"""Organisations, their people and roles, and what each starts with."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from pmo.analysis.permissions import GRANTS
from pmo.kit.errors import ApplicationError, Forbidden, NotFound
from pmo.models import (
    Membership,
    Organisation,
    Person,
    Role,
    User,
)
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from pmo.services.skill_frameworks import frameworks_install
from pmo.services.standard_writing import standards_install


@transaction.atomic
def organisation_create(
    *, slug: str, name: str, currency: str, timezone_name: str = "UTC", fiscal_year_start_month: int = 1
) -> Organisation:
    """A new tenant with the shipped standards. For the installation's operator: no web role makes organisations."""
    organisation = Organisation(
        slug=slug, name=name, currency=currency, timezone=timezone_name, fiscal_year_start_month=fiscal_year_start_month
    )
    organisation.full_clean()
    organisation.save()
    standards_install(organisation)
    frameworks_install(organisation)
    return organisation


@transaction.atomic
def person_create(*, actor: Actor, name: str, email: str = "") -> Person:
    """Name somebody in the organisation, with or without an account of theirs."""
    actor.require("people.manage")
    if not name.strip():
        raise ApplicationError(_("A person needs a name."), field="name", code="required")
    person = Person.objects.create(organisation=actor.organisation, name=name.strip()[:200], email=email.strip())
    audit_record(actor=actor, action="person.create", object_type="person", object_id=person.pk, label=person.name)
    return person


@transaction.atomic
def membership_grant(*, actor: Actor, user: User, role: str, approval_limit: Decimal | None = None) -> Membership:
    """Give `user` a role: up to, never above, one's own; never to oneself; never by token."""
    _may_grant(actor, user, role)
    membership, fresh = Membership.objects.update_or_create(
        organisation=actor.organisation, user=user, role=role, defaults={"approval_limit": approval_limit}
    )
    if not Person.objects.filter(organisation=actor.organisation, user=user).exists():
        Person.objects.create(organisation=actor.organisation, user=user, name=str(user), email=user.email)
    audit_record(
        actor=actor,
        action="role.grant",
        object_type="membership",
        object_id=membership.pk,
        label=f"{user}: {Role(role).label}",
        after={"role": role, "approval_limit": approval_limit, "new": fresh},
    )
    return membership


@transaction.atomic
def membership_revoke(*, actor: Actor, membership_id: int) -> None:
    """Take a role away. Refused from that person's next request on."""
    membership = (
        Membership.objects.filter(organisation=actor.organisation, pk=membership_id).select_related("user").first()
    )
    if membership is None:
        raise NotFound()
    _may_grant(actor, membership.user, membership.role)
    audit_record(
        actor=actor,
        action="role.revoke",
        object_type="membership",
        object_id=membership.pk,
        label=f"{membership.user}: {Role(membership.role).label}",
        before={"role": membership.role, "approval_limit": membership.approval_limit},
    )
    membership.delete()


def _may_grant(actor: Actor, user: User, role: str) -> None:
    if actor.is_token:
        raise Forbidden(_("A token cannot change roles."))
    if role not in Role.values:
        raise ApplicationError(_("“%s” is not a role.") % role, field="role", code="unknown_role")
    if user.pk == actor.user.pk:
        raise Forbidden(_("Nobody grants or takes a role of their own."))
    if not any(role in GRANTS.get(own, frozenset()) for own in actor.roles):
        raise Forbidden(_("Your role does not grant the role of %s.") % Role(role).label)
