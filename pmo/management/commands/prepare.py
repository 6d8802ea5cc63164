"""Bring the database up to date and, when it is new, fill it: what `up` and the containers run before they serve."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from pmo.models import User
from pmo.services.first_account import FIRST_ADMINISTRATOR, first_account_create

DEMO_DIRECTOR = "director@demo.example"
PASSWORD_VARIABLE = "PLUMBLINE_FIRST_PASSWORD"


class Command(BaseCommand):
    help = "Apply pending migrations; on a new database load the demo portfolio and make the first account."
    # The checks run with the tests; here they would only make every start slower.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", dest="demo", action="store_false", help="start empty, with one administrator")

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        changed = self._migrate()
        if User.objects.exists():
            if changed and "rebuild" in get_commands():
                self.stdout.write("Computing all figures anew")
                call_command("rebuild", stdout=self.stdout)
            return
        password = os.environ.get(PASSWORD_VARIABLE, "")
        if demo and "seed_demo" in get_commands():
            self.stdout.write("Loading the demo portfolio (24 projects)")
            with transaction.atomic():  # cut short, it leaves nothing, and the next start loads it
                call_command("seed_demo", projects=24, if_empty=True, password=password or None, stdout=self.stdout)
            email = DEMO_DIRECTOR  # without a password of ours, seed_demo has said the one it made
        else:
            self.stdout.write("Making the first account")
            first_account_create(password=password or None)
            email = FIRST_ADMINISTRATOR
            if not password:
                self.stdout.write(f"Give {email} a password: manage.py changepassword {email}")
        if password:
            self.stdout.write(f"sign-in: {email}")

    def _migrate(self) -> bool:
        """Apply what is pending; True where there was something."""
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not pending:
            return False
        changes = "change" if len(pending) == 1 else "changes"
        self.stdout.write(f"Updating the database: {len(pending)} {changes}")
        call_command("migrate", interactive=False, verbosity=0)
        return True
