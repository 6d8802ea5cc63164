"""What is owed and what was given up; with --retry, give it another chance."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pmo.models import Organisation
from pmo.selectors.outbox import dead_letters, owed
from pmo.services.outbox import outbox_retry


class Command(BaseCommand):
    help = "Show open marks and dead letters. --retry gives every dead letter three new attempts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", help="slug; without it, every organisation")
        parser.add_argument("--retry", action="store_true", help="give dead letters three new attempts")
        parser.add_argument(
            "--limit", type=int, default=50, help="how many dead letters to show (default: %(default)s)"
        )

    def handle(self, *args: Any, organisation: str | None, retry: bool, limit: int, **options: Any) -> None:
        pk = None
        if organisation is not None:
            pk = Organisation.objects.filter(slug=organisation).values_list("pk", flat=True).first()
            if pk is None:
                raise CommandError(f"There is no organisation “{organisation}”.")
        kinds = owed(pk)
        if not kinds:
            self.stdout.write("Nothing is owed.")
        for kind in kinds:
            self.stdout.write(f"{kind.kind}: {kind.open:,} open for {kind.subjects:,} subjects, {kind.dead:,} given up")
        for mark in dead_letters(pk)[: max(limit, 0)]:
            reason = mark.last_error.strip().splitlines()[-1] if mark.last_error.strip() else "no reason was kept"
            self.stdout.write(
                f"  {mark.organisation.slug} {mark.kind} {mark.subject_id}: given up {mark.dead_at:%Y-%m-%d %H:%M} UTC "
                f"after {mark.attempts} attempts: {reason}"
            )
        if retry:
            self.stdout.write(f"Given another chance: {outbox_retry(organisation_id=pk):,}")
