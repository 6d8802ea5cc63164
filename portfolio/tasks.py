"""Celery entry points of the portfolio. Importing the services also announces their outbox handlers."""

from __future__ import annotations

from celery import shared_task

from portfolio.services.days import day_begin

__all__ = ["new_day"]


@shared_task(name="portfolio.new_day")
def new_day() -> None:
    """Where the date that figures are shown as at has moved on, owe everything that depends on it."""
    day_begin()
