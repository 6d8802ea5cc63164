"""Noting that a token was used: at most once in five minutes, so that reading costs no write."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from pmo.models import ApiToken

EVERY = timedelta(minutes=5)


def token_used(*, token: ApiToken, now: datetime) -> None:
    """Keep `last_used_at` within five minutes of the truth."""
    if token.last_used_at is not None and now - token.last_used_at < EVERY:
        return
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - EVERY)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
