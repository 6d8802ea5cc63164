"""The operations of the API as its own schema tells them, each with the view that answers and the right it needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One line of the schema. `action` is the right it needs; `seeing` the right by which the object is seen at all."""

    method: str
    path: str  # below /api/v1/, with {names}
    view: Callable[..., Any]
    name: str  # the view's own name for it: list, create, approve ...
    action: str | None
    seeing: str | None

    @property
    def key(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def resource(self) -> str:
        return self.path.split("/")[0]

    @property
    def detail(self) -> bool:
        return "{" in self.path


@cache
def schema() -> dict[str, Any]:
    """OpenAPI as served."""
    return SchemaGenerator().get_schema(request=None, public=True)


@cache
def operations() -> tuple[Operation, ...]:
    """All of them, in the schema's order."""
    found = []
    for path, methods in schema()["paths"].items():
        match = resolve(
            re.sub(
                r"{\w+}",
                "1",
                path.replace("{key}", "cv").replace("{slug}", "cost-overrun").replace("{month}", "2026-05"),
            )
        )
        view = match.func
        for method in METHODS:
            if method in methods:
                found.append(_operation(method, path.removeprefix("/api/v1/"), view))
    return tuple(found)


def _operation(method: str, path: str, view: Any) -> Operation:
    declared = view.cls.action_map
    routed = getattr(view, "actions", None)
    name = routed[method] if isinstance(routed, dict) else method
    seeing = declared.get("retrieve") or declared.get("list") or declared[name]
    return Operation(method.upper(), path, view, name, declared[name], seeing)
