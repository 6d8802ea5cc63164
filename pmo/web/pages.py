"""Marking a page view with its action of the permission matrix. The office's door reads the mark."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from pmo.selectors.actors import Actor

View = TypeVar("View", bound=Callable[..., Any])


class OfficeRequest(HttpRequest):
    """A request that has passed the office's door."""

    actor: Actor
    htmx: HtmxDetails


def page(
    action: str, *, post: str | None = None, as_of: bool = False, known_at: bool = False
) -> Callable[[View], View]:
    """Say which action a view is: `action` for reading it, `post` for posting to it (refused where absent).

    `as_of`: the view answers `?as_of=` for an earlier date, `known_at`: also `?known_at=` for what was recorded by
    then; where it does not, such an address is refused.
    """

    def mark(view: View) -> View:
        actions = {"GET": action, "HEAD": action}
        if post:
            actions["POST"] = post
        view.actions = actions  # type: ignore[attr-defined]
        view.as_of = as_of  # type: ignore[attr-defined]
        view.known_at = known_at  # type: ignore[attr-defined]
        return view

    return mark
