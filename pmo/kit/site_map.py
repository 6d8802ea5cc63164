"""Every address the site answers, read from the resolver itself: what the tests of permissions walk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Address:
    """One pattern. `operations` is HTTP method -> the view's own action name; `actions` HTTP method -> right needed.

    `actions` is None where the view declares nothing; a right of None means that being signed in suffices.
    """

    pattern: str
    name: str
    view: str
    callback: Callable[..., Any] = field(compare=False, repr=False)
    operations: Mapping[str, str] = field(default_factory=dict, compare=False)
    actions: Mapping[str, str | None] | None = None


def addresses() -> list[Address]:
    """All of them, in the resolver's order."""
    return list(_walk(get_resolver().url_patterns, "/", ""))


def _walk(patterns: Any, prefix: str, space: str) -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            yield _address(pattern, route, space)


def _address(pattern: URLPattern, route: str, space: str) -> Address:
    callback = pattern.callback
    cls = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
    operations = _operations(callback, cls)
    return Address(
        pattern=route,
        name=f"{space}{pattern.name}" if pattern.name else "",
        view=f"{callback.__module__}.{cls.__name__ if cls else getattr(callback, '__qualname__', callback)}",
        callback=callback,
        operations=operations,
        actions=_actions(callback, cls, operations),
    )


def _operations(callback: Any, cls: Any) -> dict[str, str]:
    """The methods a class answers here: those routed (a view set) or those it has."""
    if cls is None:
        return {}
    routed = getattr(callback, "actions", None)
    named = dict(routed) if isinstance(routed, dict) else {name: name for name in METHODS if hasattr(cls, name)}
    allowed = {name.lower() for name in getattr(cls, "http_method_names", METHODS)}
    return {name.upper(): action for name, action in named.items() if name in allowed and name in METHODS}


def _actions(callback: Any, cls: Any, operations: Mapping[str, str]) -> dict[str, str | None] | None:
    if cls is None:
        declared = getattr(callback, "actions", None)
        return dict(declared) if declared is not None else None
    wanted = getattr(cls, "action_map", None)
    if not wanted:
        return None
    return {method: wanted[action] for method, action in operations.items() if action in wanted}
