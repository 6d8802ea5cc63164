"""Walk the chain of sealed audit events and say whether it holds."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pmo.services.audit import audit_seal, audit_verify


class Command(BaseCommand):
    help = "Check that no sealed audit event was changed. Exit code 1 where one was."

    def handle(self, *args: Any, **options: Any) -> None:
        checked, wrong = audit_verify()
        if wrong:
            raise CommandError(f"{wrong} {checked:,} events before it are as they were sealed.", returncode=1)
        self.stdout.write(f"{checked:,} sealed audit events are as they were sealed.")
        fresh = audit_seal()
        if fresh:
            self.stdout.write(f"Sealed {fresh:,} newer ones just now.")
