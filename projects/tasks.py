"""Celery entry points of the projects' floor."""

from __future__ import annotations

from celery import shared_task

import projects.services.standard_moves  # noqa: F401  (its kinds of background work)
from projects.services.import_run import import_run


@shared_task(name="projects.import_run", time_limit=600)
def import_run_task(batch_id: str) -> None:
    """Preview, apply or undo one import. Run twice or late, it finds nothing to do."""
    import_run(int(batch_id))
