"""One answer for one key: a repeated request gets the first one's answer and has no second effect.

The key is claimed in a transaction of its own, so that a request which comes meanwhile is told so; the answer is stored
in the transaction of the effect, so that there is never one without the other. A claim whose request died before its
end may be taken over after a minute: storing the answer fails for whoever lost the claim, and undoes the effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.models import IdempotencyKey
from pmo.selectors.actors import Actor

LIFETIME = timedelta(hours=72)
ABANDONED = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The answer a key has got."""

    status: int
    body: Any


def actor_key(actor: Actor) -> str:
    """Whose key it is: two callers may use the same text."""
    return f"token:{actor.token_prefix}" if actor.is_token else f"user:{actor.user.pk}"


def idempotency_claim(
    *, actor: Actor, route: str, key: str, digest: str, now: datetime
) -> IdempotencyKey | StoredAnswer:
    """Claim the key, or get its answer. ApplicationError 409 while the first request runs, 422 for another request."""
    mine = {"organisation": actor.organisation, "actor_key": actor_key(actor), "route": route[:200], "key": key}
    for attempt in (1, 2, 3):
        try:
            with transaction.atomic():
                return IdempotencyKey.objects.create(**mine, request_sha256=digest)
        except IntegrityError:
            held = IdempotencyKey.objects.filter(**mine).first()
        if held is None:
            continue  # released between the two statements
        expired = held.created_at < now - (LIFETIME if held.response_status is not None else ABANDONED)
        if expired and attempt < 3:
            IdempotencyKey.objects.filter(pk=held.pk, response_status=held.response_status).delete()
            continue
        return _answer(held, digest)
    raise _running()


def _answer(held: IdempotencyKey, digest: str) -> StoredAnswer:
    if held.request_sha256 != digest:
        raise ApplicationError(
            _("This Idempotency-Key belongs to another request. Use a new key for a new request."),
            code="idempotency_key_reused",
            field="Idempotency-Key",
            status=422,
        )
    if held.response_status is None:
        raise _running()
    return StoredAnswer(held.response_status, held.response_body)


def _running() -> ApplicationError:
    return ApplicationError(
        _("The first request with this Idempotency-Key is still running. Ask again in a moment."),
        code="idempotency_key_running",
        field="Idempotency-Key",
        status=409,
    )


def idempotency_store(*, claim: IdempotencyKey, status: int, body: Any) -> None:
    """Keep the answer, inside the transaction of the effect. ApplicationError 409 when the claim was taken over."""
    stored = IdempotencyKey.objects.filter(pk=claim.pk, response_status=None).update(
        response_status=status, response_body=body
    )
    if not stored:
        raise _running()


def idempotency_release(*, claim: IdempotencyKey) -> None:
    """Give the key back: nothing happened, so the corrected request may use it again."""
    IdempotencyKey.objects.filter(pk=claim.pk, response_status=None).delete()


def idempotency_purge(*, now: datetime) -> int:
    """Forget answers older than 72 hours. Answers how many."""
    return IdempotencyKey.objects.filter(created_at__lt=now - LIFETIME).delete()[0]
