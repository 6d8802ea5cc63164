"""The office. Loads Celery here, so that pure modules never do, and keeps the database's own guarantees in place."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections


def install_constraints(using: str, **kwargs: Any) -> None:
    from pmo.kit.constraints import install

    install(connections[using])


class PmoConfig(AppConfig):
    name = "pmo"
    verbose_name = "Office"

    def ready(self) -> None:
        from pmo.celery import app
        from pmo.kit.filequeue import announce

        announce()
        app.set_default()
        app.autodiscover_tasks(force=True)  # a web process must know task names too
