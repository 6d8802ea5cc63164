"""Writing the log of changes, and sealing it into a hash chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from pmo.models import AuditEvent, AuditSeal
from pmo.selectors.actors import Actor

GENESIS = "0" * 64
SIZE = 1_000


class Told(NamedTuple):
    """One change of many made at once."""

    action: str
    object_type: str
    object_id: object
    label: str
    project_id: int | None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def audit_record(
    *,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: object,
    label: str = "",
    project_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Write one event, inside the transaction of the change it tells of. Values are kept as JSON text forms."""
    return AuditEvent.objects.create(
        organisation=actor.organisation,
        user=actor.user,
        token_prefix=actor.token_prefix,
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        label=label[:300],
        project_ref=project_id,
        before=_plain(before),
        after=_plain(after),
    )


def audit_record_all(*, actor: Actor, changes: Iterable[Told]) -> None:
    """Write one event for each change, a thousand at a time: for imports. Inside the transaction of the changes."""
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(
                organisation=actor.organisation,
                user=actor.user,
                token_prefix=actor.token_prefix,
                action=told.action,
                object_type=told.object_type,
                object_id=str(told.object_id),
                label=told.label[:300],
                project_ref=told.project_id,
                before=_plain(told.before),
                after=_plain(told.after),
            )
            for told in changes
        ],
        batch_size=SIZE,
    )


def _plain(values: Mapping[str, Any] | None) -> Any:
    return None if values is None else json.loads(json.dumps(values, cls=DjangoJSONEncoder))


def event_digest(event: AuditEvent, previous: str) -> str:
    """SHA-256 over the event's content and the seal before it."""
    content = [
        event.pk,
        event.organisation_id,
        event.at.isoformat(timespec="microseconds"),
        event.user_id,
        event.token_prefix,
        event.action,
        event.object_type,
        event.object_id,
        event.label,
        event.project_ref,
        event.before,
        event.after,
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256((previous + text).encode()).hexdigest()


@transaction.atomic
def audit_seal(*, limit: int = 5_000) -> int:
    """Seal the events that have no seal yet, oldest first. Answers how many. One sealer at a time."""
    last = AuditSeal.objects.select_for_update().order_by("-id").first()
    previous = last.sha256 if last else GENESIS
    fresh = AuditEvent.objects.filter(seal__isnull=True).order_by("id")[:limit]
    seals = []
    for event in fresh:
        digest = event_digest(event, previous)
        seals.append(AuditSeal(event=event, previous_sha256=previous, sha256=digest))
        previous = digest
    AuditSeal.objects.bulk_create(seals)
    return len(seals)


def audit_verify() -> tuple[int, str]:
    """Walk the chain. Answers (events checked, "") or (events checked before it, what is wrong in a sentence)."""
    previous, checked = GENESIS, 0
    for seal in AuditSeal.objects.select_related("event").order_by("id").iterator(chunk_size=2_000):
        if seal.previous_sha256 != previous:
            return checked, f"The seal of audit event {seal.event_id} does not follow the one before it."
        if event_digest(seal.event, previous) != seal.sha256:
            return checked, f"Audit event {seal.event_id} is not what was sealed."
        previous, checked = seal.sha256, checked + 1
    return checked, ""
