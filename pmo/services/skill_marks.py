"""Telling that levels, certificates or benchmarks have changed.

Call `skills_changed` in the transaction of every service that changes them. The floors above hear it and owe the
findings of the projects concerned.
"""

from __future__ import annotations

from django.dispatch import Signal

from pmo.models import Skill

# Sent inside the changing transaction: organisation_id, person_id (None: everybody is concerned).
skill_changed = Signal()


def skills_changed(organisation_id: int, person_id: int | None = None) -> None:
    """Owe what rests on skills: of the projects that `person_id` leads, or of all."""
    skill_changed.send(sender=Skill, organisation_id=organisation_id, person_id=person_id)
