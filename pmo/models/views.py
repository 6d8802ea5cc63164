"""Saved views: a list's address under a name."""

from __future__ import annotations

from django.db import models

from pmo.models.people import User
from pmo.models.tenant import TenantRow


class SavedView(TenantRow):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    listing = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    query = models.CharField(max_length=2000, blank=True)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user", "listing", "name"], name="saved_view_once_per_name")
        ]

    def __str__(self) -> str:
        return self.name
