"""Celery entry points of the office."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.utils import timezone

from pmo.kit.queue import wake
from pmo.models import Heartbeat, IdempotencyKey
from pmo.services.audit import audit_seal
from pmo.services.outbox import HANDLERS, outbox_release, relay, relay_all


@shared_task(name="pmo.relay")
def relay_task(kind: str) -> None:
    """Pay what is owed of one kind. A kind unknown to this release is left for one that knows it."""
    if kind in HANDLERS:
        relay(kind)


@shared_task(name="pmo.sweep")
def sweep() -> None:
    """Find marks whose wake-up was lost."""
    relay_all()


@shared_task(name="pmo.release")
def release() -> None:
    """Give back what a killed worker had claimed."""
    outbox_release()
    relay_all()


@shared_task(name="pmo.heartbeat")
def heartbeat() -> None:
    """Say that a worker is alive."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})


@shared_task(name="pmo.seal_audit")
def seal_audit() -> None:
    """Chain the newest audit events."""
    audit_seal()


@shared_task(name="pmo.tidy")
def tidy() -> None:
    """Drop answers kept for repeated requests after 72 hours, and queue files already consumed after a day."""
    IdempotencyKey.objects.filter(created_at__lt=timezone.now() - timedelta(hours=72)).delete()
    day_ago = timezone.now().timestamp() - 86_400
    for path in Path(settings.QUEUE / "processed").glob("*"):
        if path.stat().st_mtime < day_ago:
            path.unlink(missing_ok=True)


@worker_ready.connect
def on_worker_ready(**kwargs: object) -> None:
    """A worker that comes back starts with what was owed meanwhile, and what a killed one had begun."""
    wake("pmo.release")
    wake("pmo.heartbeat")
