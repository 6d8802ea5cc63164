"""People and the accounts that are let in."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, NotFound
from pmo.models import Membership, Person, User
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from pmo.services.organisations import membership_grant


@transaction.atomic
def person_update(*, actor: Actor, person_id: int, values: Mapping[str, Any]) -> Person:
    """Change a person's name or e-mail address."""
    actor.require("people.manage")
    person = Person.objects.select_for_update().filter(organisation=actor.organisation, pk=person_id).first()
    if person is None:
        raise NotFound(_("There is no such person here."))
    if "name" in values and not values["name"].strip():
        raise ApplicationError(_("A person needs a name."), field="name", code="required")
    before = {key: getattr(person, key) for key in values}
    for key, value in values.items():
        setattr(person, key, value.strip())
    person.save(update_fields=list(values))
    audit_record(
        actor=actor,
        action="person.update",
        object_type="person",
        object_id=person.pk,
        label=person.name,
        before=before,
        after=values,
    )
    return person


@transaction.atomic
def member_add(
    *, actor: Actor, email: str, role: str, name: str = "", approval_limit: Decimal | None = None
) -> Membership:
    """Give a role to whoever signs in with `email`. An account that is not there yet is made without a password, which
    its owner sets by the reset link: so nobody learns from the answer who has an account elsewhere."""
    actor.require("office.manage")
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        user = User.objects.create_user(email, name=name.strip()[:200])
    return membership_grant(actor=actor, user=user, role=role, approval_limit=approval_limit)
