"""Who changed what, when, from what to what. Append-only; sealed into a hash chain in the background."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from pmo.models.people import User
from pmo.models.tenant import TenantRow


class AuditEvent(TenantRow):
    append_only = True

    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    token_prefix = models.CharField(max_length=12, blank=True)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    label = models.CharField(max_length=300, blank=True)
    project_ref = models.BigIntegerField(null=True)  # a plain number: history outlives what it tells of
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="audit_newest_first"),
            models.Index(fields=["organisation", "project_ref", "-id"], name="audit_of_project"),
        ]


class AuditSeal(models.Model):
    """The chain: each seal hashes its event together with the seal before it, in the order of sealing."""

    append_only = True

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="seal")
    previous_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
