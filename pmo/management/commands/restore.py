"""Put a backup back in place of the database, and prove that its records are the same."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pmo.kit.errors import ApplicationError
from pmo.services.backup import restore


class Command(BaseCommand):
    help = "Replace the database by a backup. Stop web, worker and clock first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="replace a database that is in use")

    def handle(self, *args: Any, file: Path, force: bool, **options: Any) -> None:
        try:
            digests = restore(file, force=force)
        except ApplicationError as error:
            raise CommandError(str(error)) from error
        for digest in digests:
            self.stdout.write(f"{digest.sha256}  {digest.table}  {digest.rows:,} rows")
        self.stdout.write("Restored; the records are those of the backup.")
