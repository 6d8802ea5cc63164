"""Bring the database up to date and, when it is new, fill it: what `up` and the containers run before they serve."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from pmo.models.organisation import Organisation
from pmo.models.people import Membership, Person, Role, User

DEMO_DIRECTOR = "director@demo.example"
FIRST_ADMINISTRATOR = "administrator@office.example"
PASSWORD_VARIABLE = "PLUMBLINE_FIRST_PASSWORD"


class Command(BaseCommand):
    help = "Apply pending migrations; on a new database load the demo portfolio and make the first account."
    # The checks run with the tests; here they would only make every start slower.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", dest="demo", action="store_false", help="start empty, with one administrator")

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        self._migrate()
        if User.objects.exists():
            return
        password = os.environ.get(PASSWORD_VARIABLE, "")
        if demo and "seed_demo" in get_commands():
            self.stdout.write("Loading the demo portfolio (24 projects)")
            call_command("seed_demo", projects=24, if_empty=True, password=password or None, stdout=self.stdout)
            email = DEMO_DIRECTOR  # without a password of ours, seed_demo has said the one it made
        else:
            self.stdout.write("Making the first account")
            make_first_administrator(password or None)
            email = FIRST_ADMINISTRATOR
            if not password:
                self.stdout.write(f"Give {email} a password: manage.py changepassword {email}")
        if password:
            self.stdout.write(f"sign-in: {email}")

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not pending:
            return
        changes = "change" if len(pending) == 1 else "changes"
        self.stdout.write(f"Updating the database: {len(pending)} {changes}")
        call_command("migrate", interactive=False, verbosity=0)


@transaction.atomic
def make_first_administrator(password: str | None) -> User:
    """One organisation, and one account that may both administer it and direct it: the first to sign in needs both.

    Without a password the account exists but cannot be used until `manage.py changepassword` gives it one.
    """
    organisation = Organisation.objects.create(slug="office", name="My organisation")
    user = User.objects.create_user(FIRST_ADMINISTRATOR, password, name="Administrator")
    Person.objects.create(organisation=organisation, user=user, name=user.name, email=user.email)
    for role in (Role.ADMINISTRATOR, Role.PMO_DIRECTOR):
        Membership.objects.create(organisation=organisation, user=user, role=role)
    return user
