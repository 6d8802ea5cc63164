"""Hears that figures of projects changed, and owes what rests on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from pmo.services.outbox import owe
from projects.services.performance import performance_changed


@receiver(performance_changed, dispatch_uid="portfolio")
def on_performance_changed(*, organisation_id: int, project_ids: Sequence[int], **kwargs: Any) -> None:
    owe("portfolio", organisation_id, project_ids)
