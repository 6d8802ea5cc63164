"""Telling that policies, or who has acknowledged them, have changed.

Call `policies_changed` in the transaction of every service that publishes or withdraws a policy or records an
acknowledgement. The floors above hear it and owe the compliance of the projects concerned.
"""

from __future__ import annotations

from django.dispatch import Signal

from pmo.models import Policy

# Sent inside the changing transaction: organisation_id, user_id (None: everybody is concerned).
policy_changed = Signal()


def policies_changed(organisation_id: int, user_id: int | None = None) -> None:
    """Owe what rests on policies: of the projects that name `user_id`, or of all."""
    policy_changed.send(sender=Policy, organisation_id=organisation_id, user_id=user_id)
