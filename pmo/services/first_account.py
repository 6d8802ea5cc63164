"""The first account of an installation that starts without demo data."""

from __future__ import annotations

from django.db import transaction

from pmo.models import Membership, Person, Role, User
from pmo.services.organisations import organisation_create

FIRST_ADMINISTRATOR = "administrator@office.example"


@transaction.atomic
def first_account_create(*, password: str | None) -> User:
    """One organisation, and one account that may both administer it and direct it: the first to sign in needs both.

    Without a password the account exists but cannot be used until `manage.py changepassword` gives it one.
    """
    organisation = organisation_create(slug="office", name="My organisation", currency="GBP")
    user = User.objects.create_user(FIRST_ADMINISTRATOR, password, name="Administrator")
    Person.objects.create(organisation=organisation, user=user, name=user.name, email=user.email)
    for role in (Role.ADMINISTRATOR, Role.PMO_DIRECTOR):
        Membership.objects.create(organisation=organisation, user=user, role=role)
    return user
