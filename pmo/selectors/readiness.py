"""How the installation is: what /readyz and the office's health page show."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Min
from django.utils import timezone

from pmo.models import Heartbeat, OutboxMark

FRESH = 45  # seconds; the heart beats every 10


def readiness() -> dict[str, Any]:
    """Worker heartbeat age, open and dead marks, lag in seconds. Raises DatabaseError where the database is away."""
    now = timezone.now()
    beat = Heartbeat.objects.filter(name="worker").values_list("at", flat=True).first()
    age = None if beat is None else round((now - beat).total_seconds(), 1)
    open_marks = OutboxMark.objects.filter(dead_at__isnull=True).aggregate(count=Count("id"), oldest=Min("created_at"))
    oldest = open_marks["oldest"]
    worker = "alive" if age is not None and age <= FRESH else "silent"
    return {
        "status": "ready" if worker == "alive" else "degraded",
        "database": "ready",
        "worker": worker,
        "worker_seen_seconds_ago": age,
        "broker": "ready" if worker == "alive" else "unknown",
        "outbox_open": open_marks["count"],
        "outbox_lag_seconds": 0.0 if oldest is None else round((now - oldest).total_seconds(), 1),
        "outbox_dead": OutboxMark.objects.filter(dead_at__isnull=False).count(),
    }
