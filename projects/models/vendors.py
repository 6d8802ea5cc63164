"""Vendors: who is paid."""

from __future__ import annotations

from django.db import models

from pmo.models import TenantRow


class Vendor(TenantRow):
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="vendor_once_per_name")]

    def __str__(self) -> str:
        return self.name
