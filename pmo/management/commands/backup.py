"""Write the database to one file, while it runs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pmo.kit.errors import ApplicationError
from pmo.services.backup import backup


class Command(BaseCommand):
    help = "Write the database to a file and print the digest of its records. It may be in use meanwhile."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="overwrite a file that is there already")

    def handle(self, *args: Any, file: Path, force: bool, **options: Any) -> None:
        try:
            digests = backup(file, force=force)
        except ApplicationError as error:
            raise CommandError(str(error)) from error
        for digest in digests:
            self.stdout.write(f"{digest.sha256}  {digest.table}  {digest.rows:,} rows")
        self.stdout.write(f"Written: {file} and its digests beside it. Uploaded files are in {settings.MEDIA_ROOT}.")
