"""The base of every row that belongs to an organisation."""

from __future__ import annotations

from django.db import models


class TenantRow(models.Model):
    """A row of one organisation. References to other tenant rows are held inside it by `pmo.kit.constraints`."""

    organisation = models.ForeignKey("pmo.Organisation", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
