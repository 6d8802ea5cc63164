"""The outbox: owing work inside a transaction, and paying it, whoever dies on the way.

`owe` inserts a mark with the change itself. `relay` pays: it claims the marks of some subjects (counting the attempt
first, so that work which kills its worker is counted too), then in one transaction locks the subjects, notes the marks
that exist now, lets the handler read and write, and deletes exactly the marks noted. A mark written meanwhile stays and
is paid next. See docs/algorithms/outbox.md.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Min, QuerySet
from django.utils import timezone

from pmo.kit.queue import wake
from pmo.kit.registry import Registry
from pmo.models import OutboxMark

logger = logging.getLogger(__name__)

ATTEMPTS = 3
LEASE = timedelta(seconds=75)
RETRY = timedelta(seconds=2)
HELD = timedelta(milliseconds=100)
BATCH = 200
CHUNK = 500


@dataclass(frozen=True)
class Handler:
    """How a kind of work is done.

    `lock(organisation_id, subject_ids)` answers the subjects it could lock (skipping those held by another worker);
    `run(organisation_id, subject_ids)` does the work for them, in the same transaction. Both may be called again with
    the same subjects and must leave the same state. `batch` is how many subjects of one organisation go together.
    """

    kind: str
    lock: Callable[[int, Sequence[int]], list[int]]
    run: Callable[[int, Sequence[int]], None]
    batch: int = BATCH


HANDLERS: Registry[Handler] = Registry("outbox handler")


def owe(kind: str, organisation_id: int, subject_ids: Iterable[int]) -> None:
    """Mark `kind` as owed for the subjects and wake a worker after the commit. Call inside the changing transaction."""
    marks = [OutboxMark(kind=kind, organisation_id=organisation_id, subject_id=subject) for subject in subject_ids]
    if not marks:
        return
    OutboxMark.objects.bulk_create(marks, batch_size=2_000)
    transaction.on_commit(lambda: wake("pmo.relay", kind), robust=True)


def relay(kind: str, *, max_batches: int = 100) -> int:
    """Pay what is due of one kind, oldest subject first. Answers how many subjects were paid."""
    handler = HANDLERS[kind]
    paid = 0
    for _ in range(max_batches):
        claim = _claim(handler) if _due(kind).exists() else None  # SQLite: asking in vain must not lock out writers
        if claim is None:
            break
        paid += _pay(handler, claim.organisation_id, claim.marks)
    return paid


def relay_all() -> int:
    """Pay everything that is due, until nothing is. Kinds may owe one another, so it goes round until quiet."""
    total = 0
    while True:
        paid = sum(relay(handler.kind) for handler in HANDLERS)
        if not paid:
            return total
        total += paid


@dataclass(frozen=True)
class _Claim:
    organisation_id: int
    marks: dict[int, list[int]]  # subject -> ids of its claimed marks


def _due(kind: str) -> QuerySet[OutboxMark]:
    return OutboxMark.objects.filter(kind=kind, dead_at__isnull=True, next_at__lte=timezone.now())


@transaction.atomic
def _claim(handler: Handler) -> _Claim | None:
    """Take the oldest due subjects of one organisation for a while. None when nothing is due.

    A subject whose work was begun before and never ended is taken by itself: if it is what kills workers, its
    neighbours are not given up with it.
    """
    now = timezone.now()
    due = _due(handler.kind)
    organisation_id = due.order_by("id").values_list("organisation_id", flat=True).first()
    if organisation_id is None:
        return None
    mine = due.filter(organisation_id=organisation_id)
    oldest = list(
        mine.values("subject_id").annotate(oldest=Min("id"), tried=Max("attempts")).order_by("oldest")[: handler.batch]
    )
    fresh = list(takewhile(lambda row: not row["tried"], oldest))
    subjects = [row["subject_id"] for row in fresh or oldest[:1]]
    taken = mine.filter(subject_id__in=subjects).select_for_update(skip_locked=connection.vendor == "postgresql")
    marks: dict[int, list[int]] = {}
    exhausted: list[int] = []
    for mark_id, subject, attempts in taken.values_list("id", "subject_id", "attempts"):
        if attempts >= ATTEMPTS:  # it killed its worker each time: nobody lived to say why
            exhausted.append(mark_id)
        else:
            marks.setdefault(subject, []).append(mark_id)
    _update(exhausted, dead_at=now, last_error="The work was started three times and never came to an end.")
    _update([i for ids in marks.values() for i in ids], attempts=F("attempts") + 1, next_at=now + LEASE)
    return _Claim(organisation_id, marks)


def _pay(handler: Handler, organisation_id: int, marks: dict[int, list[int]]) -> int:
    if not marks:
        return 0
    subjects = list(marks)
    try:
        with transaction.atomic():
            locked = handler.lock(organisation_id, subjects)
            mine = OutboxMark.objects.filter(
                kind=handler.kind, organisation_id=organisation_id, subject_id__in=locked, dead_at__isnull=True
            )
            noted = list(mine.values_list("id", flat=True)) if locked else []
            if noted:
                handler.run(organisation_id, locked)
                _delete_exactly(noted)
    except Exception as error:
        if len(subjects) > 1:  # one of them is poison: pay each by itself, so that it delays no other
            return sum(_pay(handler, organisation_id, {subject: ids}) for subject, ids in marks.items())
        logger.exception("%s of %s failed", handler.kind, subjects[0])
        _postpone(marks[subjects[0]], error)
        return 0
    held = set(subjects) - set(locked)
    if held:  # another worker has them: come back when it is done
        ids = [i for subject in held for i in marks[subject]]
        _update(ids, attempts=F("attempts") - 1, next_at=timezone.now() + HELD)
        wake("pmo.relay", handler.kind, after=2 * HELD.total_seconds())
    return len(locked)


def _update(ids: Sequence[int], **values: Any) -> None:
    for start in range(0, len(ids), CHUNK):
        OutboxMark.objects.filter(id__in=ids[start : start + CHUNK]).update(**values)


def _delete_exactly(ids: Sequence[int]) -> None:
    for start in range(0, len(ids), CHUNK):
        OutboxMark.objects.filter(id__in=ids[start : start + CHUNK]).delete()


def _postpone(ids: Sequence[int], error: Exception) -> None:
    now = timezone.now()
    text = f"{type(error).__name__}: {error}"[:2_000]
    mine = OutboxMark.objects.filter(id__in=ids)
    mine.filter(attempts__gte=ATTEMPTS).update(dead_at=now, last_error=text)
    mine.filter(attempts__lt=ATTEMPTS).update(next_at=now + RETRY, last_error=text)


def outbox_release() -> int:
    """Make due at once what is claimed: for a worker that starts, and finds the claims of one that was killed. Answers
    how many. A claim of a living worker is safe under its lock; the attempts stay counted."""
    now = timezone.now()
    return OutboxMark.objects.filter(dead_at__isnull=True, next_at__gt=now).update(next_at=now)


@transaction.atomic
def outbox_retry(*, organisation_id: int | None = None) -> int:
    """Give every dead letter (of one organisation, or of all) three new attempts. Answers how many."""
    dead = OutboxMark.objects.filter(dead_at__isnull=False)
    if organisation_id is not None:
        dead = dead.filter(organisation_id=organisation_id)
    count = dead.update(dead_at=None, attempts=0, next_at=timezone.now())
    if count:
        for handler in HANDLERS:
            transaction.on_commit(lambda kind=handler.kind: wake("pmo.relay", kind))  # type: ignore[misc]
    return count
