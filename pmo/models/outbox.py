"""What is owed: a mark in the writing transaction, deleted only by the transaction that pays it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from pmo.models.tenant import TenantRow


class OutboxMark(TenantRow):
    """ "`kind` of `subject_id` is owed." Many marks may name one subject: writers never wait for one another."""

    kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    last_error = models.TextField(blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "subject_id"], name="outbox_subject"),
            models.Index(fields=["kind", "next_at"], condition=models.Q(dead_at__isnull=True), name="outbox_due"),
        ]


class Heartbeat(models.Model):
    """When a background process was last seen alive."""

    name = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()
