"""Celery entry points of the portfolio. Importing the services also announces their outbox handlers."""

from __future__ import annotations

from celery import shared_task

from portfolio.services.days import day_begin
from portfolio.services.evidence_packs import evidence_pack_run

__all__ = ["evidence_pack_task", "new_day"]


@shared_task(name="portfolio.new_day")
def new_day() -> None:
    """Where the date that figures are shown as at has moved on, owe everything that depends on it."""
    day_begin()


@shared_task(name="portfolio.evidence_pack", time_limit=600)
def evidence_pack_task(pack_id: str) -> None:
    """Make one evidence pack. Run twice or late, it finds nothing to do."""
    evidence_pack_run(int(pack_id))
