"""Everything that needs two projects, or the office's voice."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from pmo.apps import install_constraints


class PortfolioConfig(AppConfig):
    name = "portfolio"

    def ready(self) -> None:
        import portfolio.receivers  # noqa: F401

        # The last app of ours to migrate: every table is there.
        post_migrate.connect(install_constraints, sender=self, dispatch_uid="constraints")
