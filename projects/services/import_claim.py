"""The right to work on an import: taken by a conditional UPDATE, renewed with every sign of progress."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from projects.models import ImportBatch

LEASE = timedelta(seconds=60)
State = ImportBatch.State


class Lost(Exception):
    """Another worker has the batch, or somebody asked to stop."""


class Claim:
    """The right to work on a batch, renewed with every sign of progress."""

    def __init__(self, batch: ImportBatch, token: datetime) -> None:
        self.batch = batch
        self.token = token

    def progress(self, percent: int) -> None:
        """Say how far it is. Raises Lost where the batch was taken over or is to be cancelled."""
        now = timezone.now()
        if self.cancelled() or not self._mine().update(progress=percent, started_at=now):
            raise Lost
        self.token = now

    def cancelled(self) -> bool:
        return ImportBatch.objects.filter(pk=self.batch.pk, cancel_requested=True).exists()

    def finish(self, **values: Any) -> None:
        """Write the result, inside the caller's transaction. Raises Lost where the batch was taken over."""
        if not self._mine().update(finished_at=timezone.now(), **values):
            raise Lost

    def _mine(self) -> Any:
        return ImportBatch.objects.filter(pk=self.batch.pk, state=State.RUNNING, started_at=self.token)


def import_claim(batch_id: int) -> Claim | None:
    """Take a waiting batch, or one whose worker has been silent for a minute. None where there is nothing to do."""
    now = timezone.now()
    mine = ImportBatch.objects.filter(pk=batch_id)
    taken = mine.filter(state=State.QUEUED).update(state=State.RUNNING, started_at=now, progress=0, error="")
    if not taken:
        silent = mine.filter(state=State.RUNNING, started_at__lt=now - LEASE)
        taken = silent.update(started_at=now, progress=0)
    if not taken:
        return None
    return Claim(mine.select_related("organisation", "created_by").get(), now)
