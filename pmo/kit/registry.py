"""A registry of named things that announce themselves on import: rules, listings, outbox handlers."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """Things by unique key, in the order of their keys."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._things: dict[str, T] = {}

    def add(self, key: str, thing: T) -> T:
        if key in self._things and self._things[key] is not thing:
            raise ValueError(f"two {self.what}s are called {key!r}")
        self._things[key] = thing
        return thing

    def get(self, key: str) -> T | None:
        return self._things.get(key)

    def __getitem__(self, key: str) -> T:
        return self._things[key]

    def __contains__(self, key: object) -> bool:
        return key in self._things

    def __iter__(self) -> Iterator[T]:
        return iter([self._things[key] for key in sorted(self._things)])

    def __len__(self) -> int:
        return len(self._things)

    def names(self) -> list[str]:
        return sorted(self._things)


def import_all(package: str) -> list[str]:
    """Import every module directly inside `package` (so that each can announce itself); answers their names."""
    module = import_module(package)
    names = sorted(f"{package}.{info.name}" for info in iter_modules(module.__path__) if not info.ispkg)
    for name in names:
        import_module(name)
    return names
