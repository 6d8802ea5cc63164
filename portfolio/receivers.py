"""Hears that figures of projects changed, and owes what rests on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from portfolio.services.standings import standings_owe
from projects.services.performance import performance_changed


@receiver(performance_changed, dispatch_uid="portfolio")
def on_performance_changed(*, organisation_id: int, project_ids: Sequence[int], **kwargs: Any) -> None:
    standings_owe(organisation_id, project_ids)
