"""Imports as people use them: send a file, see what it would do, apply it, take it back. The work is import_run.py."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from itertools import islice
from pathlib import Path, PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, NotFound
from pmo.kit.spreadsheet import SpreadsheetError, open_table
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from pmo.services.outbox import owe
from projects.imports import mapping as language
from projects.imports import preset
from projects.imports.guess import guess, guess_target
from projects.imports.mapping import MappingError
from projects.imports.targets import TARGETS
from projects.models import ImportBatch, ImportMapping
from projects.selectors.imports import batch_get
from projects.services.import_claim import LEASE
from projects.services.import_run import KIND

State = ImportBatch.State
LOOKED_AT = 5_000  # rows for a guess: the request waits for it


def import_create(
    *,
    actor: Actor,
    file: File[bytes],
    file_name: str,
    target: str = "",
    mapping: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    mode: str = "preview",
) -> ImportBatch:
    """Keep the file and queue its preview (or its application).

    Without a mapping a ready one is recognised by the file's headers, else one is guessed. Raises Forbidden, or
    ApplicationError for a file that is too large (413) or unreadable, or a mapping that cannot be used.
    """
    actor.require("import.run")
    if mode not in ("preview", "apply"):
        raise ApplicationError(_("The mode must be “preview” or “apply”."), field="mode", code="unknown_choice")
    if target and target not in TARGETS:
        raise ApplicationError(
            _("“%(target)s” cannot be imported; choose one of: %(choices)s.")
            % {"target": target[:50], "choices": ", ".join(TARGETS)},
            field="target",
            code="unknown_choice",
        )
    too_large(file.size)
    name = PurePath(file_name.replace("\\", "/")).name.replace("\x00", "")[:255] or "file"
    batch = ImportBatch(
        organisation=actor.organisation,
        target=target or "projects",
        file_name=name,
        file_sha256=_digest(file),
        created_by=actor.user,
        mode=mode,
    )
    suffix = PurePath(name).suffix.lower()
    batch.file.save(
        f"{uuid.uuid4().hex}{suffix if suffix in ('.csv', '.xlsx', '.txt', '.tsv') else ''}", file, save=False
    )
    try:
        if mapping:
            language.parse(batch.target, mapping, options or {})
            batch.mapping, batch.options = dict(mapping), dict(options or {})
            _check_readable(batch)
        else:
            propose(batch, target=target, options=options)
    except MappingError as refusal:
        _forget_file(batch)
        raise ApplicationError(refusal.message, field=refusal.field, code="mapping") from refusal
    except SpreadsheetError as refusal:
        _forget_file(batch)
        raise ApplicationError(str(refusal), field="file", code="unreadable") from refusal
    with transaction.atomic():
        batch.save()
        owe(KIND, batch.organisation_id, [batch.pk])
        audit_record(
            actor=actor,
            action="import.create",
            object_type="import_batch",
            object_id=batch.pk,
            label=batch.file_name,
            after={"target": batch.target, "mode": mode, "file_sha256": batch.file_sha256},
        )
    return batch


def too_large(size: int | None) -> None:
    """Raises ApplicationError (413) for a file above the limit."""
    if size is not None and size > settings.UPLOAD_LIMIT:
        raise ApplicationError(
            _("The file has %(size)s MB; at most %(limit)s MB are taken. Split it and import part by part.")
            % {"size": f"{size / 1_048_576:,.0f}", "limit": settings.UPLOAD_LIMIT // 1_048_576},
            field="file",
            code="too_large",
            status=413,
        )


def propose(batch: ImportBatch, *, target: str = "", options: Mapping[str, Any] | None = None) -> str:
    """Give the batch a mapping: a ready one that fits, or a guess. Answers the name of the ready one, or "".

    Raises SpreadsheetError, MappingError for options that cannot be used.
    """
    given = language.parse_options(options or {})
    table = open_table(Path(batch.file.path), given.read)
    rows = list(islice(table.rows, LOOKED_AT))
    batch.columns = [{"header": header, "samples": _samples(rows, place)} for place, header in enumerate(table.headers)]
    ready = preset.sniff(table.headers)
    if ready is not None and target in ("", ready.target):
        batch.target, batch.mapping = ready.target, dict(ready.mapping)
        batch.options = {**ready.options, **(options or {})}
        return ready.name
    batch.target = target or guess_target(table.headers, rows)
    proposed, found = guess(batch.target, table.headers, rows)
    if len(rows) == LOOKED_AT:
        found.pop("skip_footer", None)  # what was looked at is not the end of the file
    batch.mapping, batch.options = proposed, {**found, **(options or {})}
    return ""


def _samples(rows: list[Any], place: int) -> list[str]:
    """The first different values of a column, as a person would recognise them."""
    seen: dict[str, None] = {}
    for row in rows[:200]:
        cell = row.cells[place]
        text = "" if cell is None else " ".join(str(cell).split())[:60]
        if text:
            seen[text] = None
        if len(seen) == 3:
            break
    return list(seen)


def _check_readable(batch: ImportBatch) -> None:
    plan = language.parse(batch.target, batch.mapping, batch.options)
    table = open_table(Path(batch.file.path), plan.options.read)
    rows = list(islice(table.rows, 200))
    batch.columns = [{"header": header, "samples": _samples(rows, place)} for place, header in enumerate(table.headers)]


def _digest(file: File[bytes]) -> str:
    sha = hashlib.sha256()
    for chunk in file.chunks():
        sha.update(chunk)
    file.seek(0)
    return sha.hexdigest()


def _forget_file(batch: ImportBatch) -> None:
    batch.file.delete(save=False)


@transaction.atomic
def import_remap(
    *, actor: Actor, batch_id: int, target: str, mapping: Mapping[str, Any], options: Mapping[str, Any]
) -> ImportBatch:
    """Change how a file that is not applied yet is read. Raises ApplicationError naming the part at fault."""
    batch = batch_get(actor, batch_id)
    _must_be(batch, State.CANCELLED, State.PREVIEWED, State.FAILED)
    try:
        language.parse(target, mapping, options)
    except MappingError as refusal:
        raise ApplicationError(refusal.message, field=refusal.field, code="mapping") from refusal
    batch.target, batch.mapping, batch.options = target, dict(mapping), dict(options)
    batch.save(update_fields=["target", "mapping", "options"])
    return batch


@transaction.atomic
def import_start(*, actor: Actor, batch_id: int, mode: str) -> ImportBatch:
    """Queue a preview or the application of a file that is not applied yet. Raises ApplicationError 409 otherwise."""
    if mode not in ("preview", "apply"):
        raise ApplicationError(_("The mode must be “preview” or “apply”."), field="mode", code="unknown_choice")
    batch = batch_get(actor, batch_id)
    _must_be(batch, State.CANCELLED, State.PREVIEWED, State.FAILED)
    return _queue(actor, batch, mode)


def import_apply(*, actor: Actor, batch_id: int) -> ImportBatch:
    """Queue the application of a previewed import."""
    return import_start(actor=actor, batch_id=batch_id, mode="apply")


@transaction.atomic
def import_undo(*, actor: Actor, batch_id: int) -> ImportBatch:
    """Queue taking an applied import back."""
    batch = batch_get(actor, batch_id)
    _must_be(batch, State.APPLIED)
    return _queue(actor, batch, "undo")


@transaction.atomic
def import_cancel(*, actor: Actor, batch_id: int) -> ImportBatch:
    """Stop a waiting or running import; nothing of it is written. One that is finished stays as it is (409)."""
    batch = batch_get(actor, batch_id)
    if batch.mode == "undo":
        raise ApplicationError(
            _("An import that is being taken back cannot be stopped half-way."), code="busy", status=409
        )
    if ImportBatch.objects.filter(pk=batch.pk, state=State.QUEUED).update(state=State.CANCELLED, finished_at=Now()):
        batch.refresh_from_db()
        return batch
    _must_be(batch, State.RUNNING)
    running = ImportBatch.objects.filter(pk=batch.pk, state=State.RUNNING)
    if not running.filter(started_at__lt=timezone.now() - LEASE).update(state=State.CANCELLED, finished_at=Now()):
        running.update(cancel_requested=True)  # its worker is alive and stops at its next step
    batch.refresh_from_db()
    return batch


def _queue(actor: Actor, batch: ImportBatch, mode: str) -> ImportBatch:
    """Conditional on the state, so that two clicks queue it once."""
    taken = ImportBatch.objects.filter(pk=batch.pk, state=batch.state).update(
        state=State.QUEUED, mode=mode, progress=0, error="", cancel_requested=False, started_at=None, finished_at=None
    )
    if not taken:
        raise ApplicationError(_("This import was started by somebody else a moment ago."), code="busy", status=409)
    owe(KIND, batch.organisation_id, [batch.pk])
    audit_record(
        actor=actor, action=f"import.{mode}.ask", object_type="import_batch", object_id=batch.pk, label=batch.file_name
    )
    batch.refresh_from_db()
    return batch


def _must_be(batch: ImportBatch, *states: str) -> None:
    if batch.state not in states:
        raise ApplicationError(
            _("This import is “%s”; that cannot be done now.") % batch.get_state_display(),
            code="wrong_state",
            status=409,
        )


@transaction.atomic
def mapping_save(
    *, actor: Actor, name: str, target: str, mapping: Mapping[str, Any], options: Mapping[str, Any]
) -> ImportMapping:
    """Keep a mapping under a name for the next file of the kind; the same name is replaced."""
    actor.require("import.run")
    name = " ".join(name.split())[:120]
    if not name:
        raise ApplicationError(_("A saved mapping needs a name."), field="name", code="required")
    try:
        language.parse(target, mapping, options)
    except MappingError as refusal:
        raise ApplicationError(refusal.message, field=refusal.field, code="mapping") from refusal
    values = {"target": target, "mapping": dict(mapping), "options": dict(options), "created_by": actor.user}
    try:
        saved, _made = ImportMapping.objects.update_or_create(
            organisation=actor.organisation, name=name, defaults=values
        )
    except IntegrityError as error:
        raise ApplicationError(_("The name “%s” is taken.") % name, field="name", code="taken", status=409) from error
    return saved


@transaction.atomic
def mapping_delete(*, actor: Actor, mapping_id: int) -> None:
    """Forget a saved mapping; files imported with it keep theirs."""
    actor.require("import.run")
    gone, _rows = ImportMapping.objects.filter(organisation=actor.organisation, pk=mapping_id).delete()
    if not gone:
        raise NotFound(_("There is no such mapping here."))
