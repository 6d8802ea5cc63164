"""What the shell around every page shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pmo.analysis.permissions import MATRIX
from pmo.kit.registry import Registry
from pmo.selectors.actors import Actor
from pmo.selectors.clock import status_date_of

# Figures beside the navigation: name -> callable(actor) -> int; the floors above announce theirs.
NAV_COUNTS: Registry[Any] = Registry("navigation count")


def shell(request: HttpRequest) -> dict[str, Any]:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"org": None}
    return {
        "actor": actor,
        "org": actor.organisation,
        "orgs": [(organisation.slug, organisation.name) for organisation in actor.organisations],
        "nav_counts": {key: SimpleLazyObject(lambda key=key: NAV_COUNTS[key](actor)) for key in NAV_COUNTS.names()},
        "actor_can": {action.replace(".", "_"): actor.allows(action) for action in MATRIX},
        "status_date": status_date_of(actor.organisation),
        "as_of": request.GET.get("as_of", ""),
        "as_of_here": getattr(getattr(request.resolver_match, "func", None), "as_of", False),
        "known_at": request.GET.get("known_at", ""),
        "known_at_here": getattr(getattr(request.resolver_match, "func", None), "known_at", False),
    }
