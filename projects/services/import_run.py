"""Doing an import: read and decide in the open, with progress; then write everything in ONE transaction, or nothing.

A batch is claimed by a conditional UPDATE; `started_at` is its sign of life and its fencing token: whoever finds it
changed has lost the batch and writes nothing. The outbox mark of kind "import" stays until the batch is finished, so a
batch whose worker died is taken up again by the sweep.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.kit.queue import wake
from pmo.kit.spreadsheet import Row, SpreadsheetError, open_table
from pmo.models import OutboxMark
from pmo.selectors.actors import actor_for
from pmo.selectors.clock import status_date_of
from pmo.services.audit import audit_record
from pmo.services.outbox import HANDLERS, Handler
from projects.imports import grouping, mapping
from projects.imports.mapping import MappingError
from projects.imports.rows import ParsedRow, RowReader
from projects.models import ImportBatch, ImportRow
from projects.services.baselines import baselines_ensure
from projects.services.import_budget_lines import decide_lines, write_lines
from projects.services.import_claim import LEASE, Claim, Lost, import_claim
from projects.services.import_ledger import decide_entries, write_entries
from projects.services.import_plan import Context, Verdict
from projects.services.import_projects import decide_projects
from projects.services.import_projects_write import write_projects
from projects.services.import_references import References
from projects.services.import_report import import_result, import_rows
from projects.services.import_undo import undo_write
from projects.services.performance import performance_owed

logger = logging.getLogger(__name__)
KIND = "import"
State = ImportBatch.State


def import_run(batch_id: int) -> str:
    """Preview, apply or undo, as the batch asks. Answers the state it ends in, or "" where it was not taken."""
    claim = import_claim(batch_id)
    if claim is None:
        return ""
    try:
        if claim.batch.mode == "undo":
            _undo(claim)
        else:
            _import(claim)
    except Lost:
        if claim.cancelled():
            ImportBatch.objects.filter(pk=batch_id, state=State.RUNNING, started_at=claim.token).update(
                state=State.CANCELLED, finished_at=timezone.now()
            )
    except (SpreadsheetError, MappingError, ApplicationError) as refusal:
        _fail(claim, getattr(refusal, "message", str(refusal)))
    except Exception:
        # The last word on a broken import belongs on its page; the log has the rest.
        logger.exception("import %s failed", batch_id)
        _fail(claim, _("Something unforeseen went wrong; nothing was changed. The log has the details."))
    return str(ImportBatch.objects.values_list("state", flat=True).get(pk=batch_id))


def _fail(claim: Claim, message: str) -> None:
    mine = ImportBatch.objects.filter(pk=claim.batch.pk, state=State.RUNNING, started_at=claim.token)
    mine.update(state=State.FAILED, error=message, finished_at=timezone.now())


def _import(claim: Claim) -> None:
    batch = claim.batch
    if batch.created_by is None:
        raise ApplicationError(_("Nobody is named who imports this file."))
    actor = actor_for(batch.created_by, batch.organisation)
    actor.require("import.run")
    plan = mapping.parse(batch.target, batch.mapping, batch.options)
    rows, parsed, reader = _read(claim, plan)
    gathered = grouping.gather(plan, parsed)
    context = Context(
        actor=actor,
        batch=batch,
        plan=plan,
        references=References(actor, create_missing=plan.options.create_missing),
        today=status_date_of(batch.organisation),
    )
    for error in gathered.rejected:
        context.verdicts.append(Verdict(error.line, "rejected", "", error.message, error.column, error.value))
    writes, accepted = _decide(context, gathered.records)
    claim.progress(60)
    result = import_result(context, reader, parsed, accepted, gathered)
    apply = batch.mode == "apply"
    if not apply:
        _preview_rows(claim, context, rows)
    with transaction.atomic():
        ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if claim.cancelled():
            raise Lost
        if apply:
            context.references.save()
            touched = writes(context)
            ImportRow.objects.filter(batch=batch).delete()
            for part in import_rows(context, rows):
                ImportRow.objects.bulk_create(part)
            baselines_ensure(batch.organisation_id, touched)
            performance_owed(batch.organisation_id, touched)
            _audit(context, result)
        result["warnings"] = result["warnings"] + context.notes[:100]
        claim.finish(state=State.APPLIED if apply else State.PREVIEWED, progress=100, **result)


def _read(claim: Claim, plan: mapping.Plan) -> tuple[dict[int, Row], list[ParsedRow], RowReader]:
    """All rows of the file, raw and parsed. Progress goes to 50 %."""
    table = open_table(Path(claim.batch.file.path), plan.options.read)
    rows: list[Row] = []
    for row in table.rows:
        rows.append(row)
        if len(rows) % 10_000 == 0:
            claim.progress(min(20, len(rows) // 5_000))
    claim.progress(20)
    reader = RowReader(plan, table.headers, rows)
    parsed: list[ParsedRow] = []
    for index, row in enumerate(rows, start=1):
        parsed.append(reader.read(row))
        if index % 5_000 == 0:
            claim.progress(20 + 30 * index // len(rows))
    claim.progress(50)
    return {row.number: row for row in rows}, parsed, reader


def _decide(context: Context, records: Sequence[grouping.Record]) -> tuple[Any, list[grouping.Record]]:
    """What to write, as a function of the context, and the records that were accepted."""
    if context.batch.target == "projects":
        changes, accepted = decide_projects(context, records)
        return (lambda run: write_projects(run, changes)), accepted
    if context.batch.target == "cost-entries":
        entries, accepted = decide_entries(context, records)
        return (lambda run: write_entries(entries)), accepted
    budgets, accepted = decide_lines(context, records)
    return (lambda run: write_lines(run, budgets)), accepted


def _preview_rows(claim: Claim, context: Context, rows: dict[int, Row]) -> None:
    """Outcomes of a preview, committed part by part, so that they can be looked at and nobody waits for the lock."""
    ImportRow.objects.filter(batch=claim.batch).delete()
    done, total = 0, max(len(context.verdicts), 1)
    for part in import_rows(context, rows):
        ImportRow.objects.bulk_create(part)
        done += len(part)
        claim.progress(60 + 39 * done // total)


def _audit(context: Context, result: dict[str, Any]) -> None:
    batch = context.batch
    audit_record(
        actor=context.actor,
        action="import.apply",
        object_type="import_batch",
        object_id=batch.pk,
        label=f"{batch.file_name}: {result['created']} created, {result['updated']} updated",
        after={"target": batch.target, "file_sha256": batch.file_sha256, "sums": result["sums"]},
    )


def _undo(claim: Claim) -> None:
    batch = claim.batch
    if batch.created_by is None:
        raise ApplicationError(_("Nobody is named who undoes this import."))
    actor = actor_for(batch.created_by, batch.organisation)
    actor.require("import.run")
    with transaction.atomic():
        ImportBatch.objects.select_for_update().get(pk=batch.pk)
        notes, touched = undo_write(actor, batch)
        performance_owed(batch.organisation_id, touched)
        audit_record(
            actor=actor, action="import.undo", object_type="import_batch", object_id=batch.pk, label=batch.file_name
        )
        claim.finish(state=State.UNDONE, progress=100, warnings=[*batch.warnings, *notes])


# ---------------------------------------------------------------- the mark that outlives a dead worker


def _lock(organisation_id: int, batch_ids: Sequence[int]) -> list[int]:
    return list(batch_ids)


def _watch(organisation_id: int, batch_ids: Sequence[int]) -> None:
    """Wake a worker for each unfinished batch, and stay owed until it is finished. Three starts, then a dead letter."""
    now = timezone.now()
    batches = ImportBatch.objects.filter(
        organisation_id=organisation_id, pk__in=batch_ids, state__in=(State.QUEUED, State.RUNNING)
    )
    for batch in batches:
        alive = batch.state == State.RUNNING and batch.started_at is not None and batch.started_at > now - LEASE
        counts = OutboxMark.objects.filter(kind=KIND, subject_id=batch.pk, dead_at__isnull=True)
        attempts = max(counts.values_list("attempts", flat=True), default=1)
        OutboxMark.objects.create(
            kind=KIND,
            organisation_id=organisation_id,
            subject_id=batch.pk,
            attempts=max(attempts - 1, 0) if alive else attempts,
            next_at=now + LEASE + timedelta(seconds=5),
        )
        if not alive:
            pk = str(batch.pk)
            transaction.on_commit(lambda pk=pk: wake("projects.import_run", pk), robust=True)  # type: ignore[misc]


HANDLERS.add(KIND, Handler(KIND, _lock, _watch, batch=20))
