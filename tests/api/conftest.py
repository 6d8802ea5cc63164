"""Callers of the API: tokens of the fixed cast."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from pmo.services.tokens import token_create
from tests.conftest import Cast

EVERYTHING = [
    "projects:*", "costs:*", "finance:*", "standards:*", "portfolio:*", "imports:write", "audit:read",
]  # fmt: skip


@dataclass
class Caller:
    """Somebody with a token. Answers are Django responses; `data()` their JSON."""

    client: Client
    headers: dict[str, str]

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers={**self.headers, **headers})

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        text = body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method, f"/api/v1/{path}", text, content_type="application/json", headers={**self.headers, **named}
        )

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("DELETE", path, None, **headers)


@pytest.fixture
def call() -> Callable[..., Caller]:
    """`call(alder, "pmo_director")`: that person by a token with every scope, or with the scopes given."""

    def caller(cast: Cast, role: str, scopes: list[str] | None = None) -> Caller:
        wanted = scopes or EVERYTHING
        if role in ("stakeholder", "auditor"):
            wanted = scopes or [
                scope.replace("*", "read").replace("write", "read") for scope in EVERYTHING if scope != "imports:write"
            ]
        _token, text = token_create(actor=cast.actor(role), name="test", scopes=wanted)
        return Caller(Client(), {"Authorization": f"Bearer {text}"})

    return caller


@pytest.fixture
def browser() -> Callable[..., Caller]:
    """The same person in a browser: by session, which may do what no token may."""

    def caller(cast: Cast, role: str) -> Caller:
        client = Client()
        client.force_login(cast.people[role])
        return Caller(client, {})

    return caller


@pytest.fixture(autouse=True)
def unthrottled(settings: Any) -> None:
    """Tests ask faster than people; the throttle has a test of its own."""
    settings.API_THROTTLES = False
