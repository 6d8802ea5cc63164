"""Policies of the office: prose with versions, from when they bind whom, and who has acknowledged them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmo.models.people import Person, User
from pmo.models.tenant import TenantRow


class Policy(TenantRow):
    """A policy, or a procedure: the same life, another name on the page."""

    class Kind(models.TextChoices):
        POLICY = "policy", _("Policy")
        PROCEDURE = "procedure", _("Procedure")

    slug = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.POLICY)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="owns_policies")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "policies"
        constraints = [models.UniqueConstraint(fields=["organisation", "slug"], name="policy_slug_once")]

    def __str__(self) -> str:
        return self.name


class PolicyVersion(TenantRow):
    """A draft until it is published; a published one never changes."""

    published_by_way_of: ClassVar[tuple[str, ...]] = ()

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    summary = models.TextField(blank=True)  # what is new
    binds_roles = models.JSONField(default=list)  # empty: nobody has to acknowledge it
    acknowledge_within_days = models.PositiveSmallIntegerField(default=14)
    effective_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["policy", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once"),
            models.UniqueConstraint(
                fields=["policy"], condition=Q(published_at__isnull=True), name="policy_one_draft_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(effective_on__isnull=False),
                name="policy_published_has_effective_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy.name}, version {self.number}"


class PolicyAcknowledgement(TenantRow):
    """Somebody has read it. Kept for good."""

    append_only = True

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="acknowledgements")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="policy_acknowledged_once")]
