"""Who may come in and how often: the declared action of every view, and throttles that say when to come back."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from pmo.kit.errors import Forbidden

if TYPE_CHECKING:  # at run time the views of the framework import this module through its settings
    from rest_framework.views import APIView

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
WINDOW: Final = 60


class Asker(Protocol):
    """Whoever asks, as the kit needs to know them."""

    def allows(self, action: str) -> bool:
        """Whether the action is theirs for any object at all."""


def declared_action(view: APIView) -> str | None:
    """The action of the permission matrix that this request needs; None where being signed in suffices.

    Every view class declares `action_map`: DRF action (or HTTP method of a plain view) -> action of the matrix.
    """
    name = getattr(view, "action", None) or (view.request.method or "").lower().replace("head", "get")
    declared: dict[str, str | None] = getattr(type(view), "action_map", None) or {}
    if name not in declared:
        raise ImproperlyConfigured(f"{type(view).__name__} declares no permission for {name}.")
    return declared[name]


class DeclaredAction(BasePermission):
    """The caller is signed in and the action is theirs. An object they cannot see stays 404, whatever the action."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        asker: Asker | None = request.auth
        if asker is None:
            raise NotAuthenticated(_("Sign in: send a token as “Authorization: Bearer …”."))
        if request.method == "OPTIONS" or not hasattr(view, (request.method or "").lower()):
            return True  # the method is not offered here: 405 follows
        action = declared_action(view)
        if action is None or asker.allows(action):
            return True
        hide: Callable[[], Any] | None = getattr(view, "hide_unless_visible", None)
        if hide is not None:
            hide()
        raise Forbidden(_("You may not do this here: it needs the right “%(action)s”.") % {"action": action})


class AskerThrottle(BaseThrottle):
    """So many requests a minute for a token or person, and for their organisation; counted in fixed minutes.

    `settings.API_RATES`: {"read": 1200, "write": 600, "organisation": 12000}; `settings.API_THROTTLES` switches off.
    A subclass says by which two keys.
    """

    retry_after: int = 0

    def keys(self, request: Request) -> tuple[str, str]:
        """A key of the caller's own and the key of their organisation."""
        raise NotImplementedError

    def allow_request(self, request: Request, view: APIView) -> bool:
        if not settings.API_THROTTLES or request.auth is None:
            return True
        rates: dict[str, int] = {**DEFAULT_RATES, **getattr(settings, "API_RATES", {})}
        kind = "read" if request.method in SAFE else "write"
        own, organisation = self.keys(request)
        now = int(time.time())
        self.retry_after = WINDOW - now % WINDOW
        return (
            _count(f"throttle:{own}:{kind}", now) <= rates[kind]
            and _count(f"throttle:{organisation}", now) <= rates["organisation"]
        )

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return self.retry_after


DEFAULT_RATES: Final[dict[str, int]] = {"read": 1200, "write": 600, "organisation": 12_000}


def _count(key: str, now: int) -> int:
    """Requests in this minute including this one."""
    window = f"{key}:{now // WINDOW}"
    if cache.add(window, 1, timeout=2 * WINDOW):
        return 1
    try:
        return cache.incr(window)
    except ValueError:  # evicted between the two calls: nothing to count from
        return 1
