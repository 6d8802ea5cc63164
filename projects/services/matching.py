"""The match queue: giving a waiting line its project, which posts it, or dismissing it with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from projects.analysis.matching import suggest
from projects.models import CostEntry, UnmatchedCost
from projects.selectors.matching import line_of, matching_facts, unmatched_for, unmatched_get
from projects.services.costs import Posting, cost_entry_post

State = UnmatchedCost.State


@transaction.atomic
def unmatched_match(
    *, actor: Actor, unmatched_id: int, project_id: int, incurred_on: date | None = None, version: int | None = None
) -> UnmatchedCost:
    """Post the line to the project, as any cost is posted, with its batch and line as provenance.

    `incurred_on`: another date than the file's, where its month is closed. Raises what `cost_entry_post` raises, and
    ApplicationError (409) for a line that somebody has decided already.
    """
    row = _waiting(actor, unmatched_id, version)
    posting = Posting(
        project_id=project_id,
        amount=row.amount,
        incurred_on=incurred_on or row.incurred_on,
        kind=row.kind,
        category=row.category,
        currency=row.currency,
        vendor_name=row.vendor,
        reference=row.reference,
        description=row.description,
        source=row.source,
        external_id=_free_id(row),
        import_batch_id=row.import_batch_id,
        import_line=row.line,
    )
    posted = cost_entry_post(actor=actor, posting=posting)
    if UnmatchedCost.objects.filter(cost_entry=posted.entry).exists():
        raise ApplicationError(_("This line was posted before."), code="already_posted", status=409)
    _decide(actor, row, State.MATCHED, cost_entry=posted.entry)
    audit_record(
        actor=actor,
        action="match.post",
        object_type="unmatched_cost",
        object_id=row.pk,
        label=f"{posted.entry.project.code}: {row.hint}",
        project_id=project_id,
        after={
            "cost_entry": posted.entry.pk,
            "file": row.import_batch.file_name,
            "file_sha256": row.import_batch.file_sha256,
            "line": row.line,
        },
    )
    return row


@transaction.atomic
def unmatched_dismiss(*, actor: Actor, unmatched_id: int, reason: str, version: int | None = None) -> UnmatchedCost:
    """Say that the line is nobody's cost here. The line and the reason stay on record."""
    row = _waiting(actor, unmatched_id, version)
    if not reason.strip():
        raise ApplicationError(_("Say why the line is dismissed."), field="reason", code="required")
    _decide(actor, row, State.DISMISSED, reason=reason.strip()[:500])
    audit_record(
        actor=actor,
        action="match.dismiss",
        object_type="unmatched_cost",
        object_id=row.pk,
        label=f"{row.import_batch.file_name}, {row.line}",
        after={"reason": row.reason},
    )
    return row


@transaction.atomic
def unmatched_accept(*, actor: Actor, unmatched_ids: Sequence[int]) -> int:
    """Match each line to the project suggested for it, all or none. Answers how many."""
    rows = list(
        unmatched_for(actor)
        .filter(pk__in=unmatched_ids, state=State.WAITING, suggested__isnull=False)
        .values_list("pk", "suggested_id", "line")
    )
    for pk, project_id, line in rows:
        try:
            unmatched_match(actor=actor, unmatched_id=pk, project_id=project_id)
        except ApplicationError as error:
            said = {"line": line, "why": error.message}
            raise ApplicationError(
                _("Line %(line)s: %(why)s Nothing was posted.") % said, code=error.code, status=error.status
            ) from error
    return len(rows)


@transaction.atomic
def suggestions_refresh(*, actor: Actor, unmatched_ids: Sequence[int]) -> int:
    """Look anew where waiting lines may belong. Answers how many have a suggestion."""
    rows = list(unmatched_for(actor).filter(pk__in=unmatched_ids, state=State.WAITING))
    propose(actor, rows)
    UnmatchedCost.objects.bulk_update(rows, ["suggested", "suggested_because"], batch_size=500)
    return sum(row.suggested_id is not None for row in rows)


def propose(actor: Actor, rows: Sequence[UnmatchedCost]) -> None:
    """Set the suggestion of each row, unsaved."""
    if not rows:
        return
    known = matching_facts(actor, [line_of(row) for row in rows])
    for row in rows:
        found = suggest(line_of(row), known)
        row.suggested_id = found.project_id if found else None
        row.suggested_because = found.because[:300] if found else ""


def _waiting(actor: Actor, pk: int, version: int | None) -> UnmatchedCost:
    unmatched_get(actor, pk)
    row = UnmatchedCost.objects.select_for_update(of=("self",)).select_related("import_batch").get(pk=pk)
    if row.state != State.WAITING or version not in (None, row.version):
        raise ApplicationError(_("Somebody has decided about this line already."), code="decided", status=409)
    return row


def _decide(
    actor: Actor, row: UnmatchedCost, state: State, *, cost_entry: CostEntry | None = None, reason: str = ""
) -> None:
    row.state, row.cost_entry, row.reason = state, cost_entry, reason
    row.decided_by, row.decided_at = actor.user, timezone.now()
    row.version += 1
    row.save(update_fields=["state", "cost_entry", "reason", "decided_by", "decided_at", "version"])


def _free_id(row: UnmatchedCost) -> str:
    """The line's id, or `id~2` where an entry of that id was reversed."""
    turn, wanted = 1, row.external_id
    while (
        wanted
        and CostEntry.objects.filter(
            organisation_id=row.organisation_id, source=row.source, external_id=wanted, reversed_by__isnull=False
        ).exists()
    ):
        turn += 1
        wanted = f"{row.external_id[:110]}~{turn}"
    return wanted
