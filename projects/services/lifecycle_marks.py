"""Telling that what a project has to do, deliver, decide or answer for has changed.

Call `requirements_changed` in the transaction of every service that writes a ProjectActivity, ProjectDeliverable,
ProjectGate, GateReview, GateCondition, Waiver or Responsibility, or the people named in a project. The floor above
hears it and owes the compliance and the findings of those projects; nothing else has to be marked for them.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.dispatch import Signal

from projects.models import Project

# Sent inside the changing transaction: organisation_id, project_ids.
lifecycle_changed = Signal()


def requirements_changed(organisation_id: int, project_ids: Iterable[int]) -> None:
    """Owe what rests on the requirements of these projects. Many projects at once are one call."""
    ids = sorted(set(project_ids))
    if ids:
        lifecycle_changed.send(sender=Project, organisation_id=organisation_id, project_ids=ids)
