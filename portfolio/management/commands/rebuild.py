"""Recompute everything derived from the rows, or with --check say what differs from such a recompute."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pmo.models import Organisation
from pmo.selectors.outbox import owed
from portfolio.services.rebuild import organisation_differences
from portfolio.services.rebuild_split import organisation_rebuild_split


class Command(BaseCommand):
    help = "Recompute figures, standings, findings and roll-ups. --check changes nothing and exits 1 on a difference."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare only; exit code 1 on a difference")
        parser.add_argument("--organisation", help="slug; without it, every organisation")
        parser.add_argument(
            "--processes",
            type=int,
            default=min(os.cpu_count() or 1, 4),
            help="PostgreSQL only: compute so many parts of a large organisation at once (default: %(default)s)",
        )

    def handle(self, *args: Any, check: bool, organisation: str | None, processes: int, **options: Any) -> None:
        wanted = Organisation.objects.order_by("slug")
        if organisation is not None:
            wanted = wanted.filter(slug=organisation)
            if not wanted:
                raise CommandError(f"There is no organisation “{organisation}”.")
        wrong = sum(self._check(each) if check else self._rebuild(each, processes) for each in wanted)
        if wrong:
            raise CommandError(f"{wrong:,} differences.", returncode=1)

    def _check(self, organisation: Organisation) -> int:
        differences = organisation_differences(organisation.pk)
        for sentence in differences:
            self.stdout.write(f"{organisation.slug}: {sentence}")
        if not differences:
            self.stdout.write(f"{organisation.slug}: everything kept equals a full recompute.")
        self._tell_owed(organisation)
        return len(differences)

    def _rebuild(self, organisation: Organisation, processes: int) -> int:
        began = monotonic()
        count = organisation_rebuild_split(organisation.pk, processes)
        self.stdout.write(f"{organisation.slug}: {count:,} projects in {monotonic() - began:.1f} s")
        self._tell_owed(organisation)
        return 0

    def _tell_owed(self, organisation: Organisation) -> None:
        for kind in owed(organisation.pk):
            if kind.open:
                self.stdout.write(
                    f"{organisation.slug}: {kind.open:,} marks are open: {kind.kind} of {kind.subjects:,} subjects is "
                    "still to be brought up to date by the worker."
                )
            if kind.dead:
                self.stdout.write(
                    f"{organisation.slug}: {kind.dead:,} marks of {kind.kind} were given up; see manage.py outbox."
                )
