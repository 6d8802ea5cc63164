"""`manage.py import_file TARGET FILE --organisation SLUG [--mapping FILE] [--apply]`: an import without the browser."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from pmo.kit.errors import ApplicationError
from pmo.models import Membership, Organisation, User
from pmo.selectors.actors import Actor, actor_for
from projects.imports.targets import TARGETS
from projects.models import ImportBatch
from projects.selectors.imports import mapping_named, recipe_in_use, rows_of
from projects.services.import_run import import_run
from projects.services.imports import import_create


class Command(BaseCommand):
    help = "Import a CSV or XLSX file. Without --apply it only says what would happen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", choices=[*TARGETS, "auto"])
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument(
            "--mapping",
            metavar="FILE",
            help='JSON: {"mapping": {...}, "options": {...}} or a mapping alone; or the name of a saved or ready one. '
            "Left out: the file is recognised by its headers, or a mapping is guessed.",
        )
        parser.add_argument("--options", metavar="JSON", default="", help="options that add to those of the mapping")
        parser.add_argument("--user", metavar="EMAIL", help="whose rights count; left out: a PMO director's")
        parser.add_argument("--apply", action="store_true", help="write; without it nothing is changed")
        parser.add_argument("--rejects", type=int, default=20, help="how many rejected rows to show")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self._actor(options["organisation"], options["user"])
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        target = "" if options["target"] == "auto" else options["target"]
        try:
            mapping, extra = self._mapping(actor, options["mapping"])
            extra |= _object(options["options"], "--options") if options["options"] else {}
            with path.open("rb") as stream:
                batch = import_create(
                    actor=actor,
                    file=File(stream, name=path.name),
                    file_name=path.name,
                    target=target,
                    mapping=mapping,
                    options=extra,
                    mode="apply" if options["apply"] else "preview",
                )
        except ApplicationError as refusal:
            raise CommandError(refusal.message) from refusal
        state = self._run(batch.pk)
        batch.refresh_from_db()
        self._report(batch, options["rejects"])
        if state not in ("applied", "previewed"):
            raise CommandError(batch.error or f"The import ended as “{state}”.")

    def _actor(self, slug: str, email: str | None) -> Actor:
        organisation = Organisation.objects.filter(slug=slug).first()
        if organisation is None:
            raise CommandError(f"There is no organisation “{slug}”.")
        if email:
            user = User.objects.filter(email=email.lower()).first()
            if user is None:
                raise CommandError(f"There is no user {email}.")
        else:
            member = Membership.objects.filter(
                organisation=organisation, role__in=("pmo_director", "pmo_analyst"), user__is_active=True
            )
            first = member.select_related("user").order_by("-role", "id").first()
            if first is None:
                raise CommandError("Nobody in that organisation may import; name somebody by --user.")
            user = first.user
        try:
            return actor_for(user, organisation)
        except ApplicationError as refusal:
            raise CommandError(refusal.message) from refusal

    def _mapping(self, actor: Actor, given: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
        if not given:
            return {}, {}
        path = Path(given)
        if not path.is_file():
            recipe = mapping_named(actor, given)
            return dict(recipe.mapping), dict(recipe.options)
        found = _object(path.read_text(encoding="utf-8"), str(path))
        if "mapping" in found:
            return dict(found["mapping"]), dict(found.get("options") or {})
        return found, {}

    def _run(self, batch_id: int) -> str:
        """Do the work in a thread of its own, so that its progress can be shown meanwhile."""
        result: list[str] = []
        done = Event()

        def work() -> None:
            try:
                result.append(import_run(batch_id))
            finally:
                connection.close()
                done.set()

        if connection.in_atomic_block:  # inside a test's transaction there is only one connection
            return import_run(batch_id)
        Thread(target=work).start()
        shown = -1
        while not done.wait(0.5):
            progress = ImportBatch.objects.values_list("progress", flat=True).get(pk=batch_id)
            if progress != shown and self.stdout.isatty():
                self.stdout.write(f"  {progress} %", ending="\r")
                shown = progress
        return result[0] if result else "failed"

    def _report(self, batch: ImportBatch, rejects: int) -> None:
        known = recipe_in_use(batch)
        if known:
            self.stdout.write(f"Recognised as “{known}”.")
        self.stdout.write(
            f"{batch.get_state_display()}: {batch.total:,} rows: {batch.created:,} created, {batch.updated:,} updated, "
            f"{batch.unchanged:,} unchanged, {batch.rejected:,} rejected."
        )
        for field, total in batch.sums.items():
            self.stdout.write(f"  sum of {field}: {total}")
        for warning in batch.warnings[:20]:
            self.stdout.write(f"  {warning['message']}")
        for row in rows_of(batch, "rejected")[:rejects]:
            self.stdout.write(self.style.WARNING(f"  {row.message}"))


def _object(text: str, where: str) -> dict[str, Any]:
    try:
        found = json.loads(text, parse_float=str)
    except ValueError as error:
        raise CommandError(f"{where} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise CommandError(f"{where} must hold a JSON object.")
    return found
