"""Where counts and short-lived answers are kept: shared by all processes, and never a reason for a request to fail."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

PAUSE: Final = 10.0  # seconds that a Redis which did not answer is left alone


class ForgivingRedisCache(RedisCache):
    """Redis, or the memory of this process for as long as Redis does not answer.

    After a failure Redis is left alone for PAUSE seconds, so that one that hangs delays one request of a process in
    that time and no more. Limits are counted by each process meanwhile. The broker's queues may be in the same
    database: clearing removes the keys of this cache alone.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._meanwhile = LocMemCache(server, {key: params[key] for key in params if key != "OPTIONS"})
        self._away_until = 0.0

    def clear(self) -> None:
        """Remove the keys of this cache, here and there."""
        self._meanwhile.clear()
        if time.monotonic() >= self._away_until:
            try:
                client = self._cache.get_client(None, write=True)
                found = list(client.scan_iter(match=f"{self.key_prefix}:*", count=1_000))
                if found:
                    client.delete(*found)
            except RedisError:
                self._away_until = time.monotonic() + PAUSE


def _forgiving(name: str) -> Callable[..., Any]:
    asked = getattr(RedisCache, name)

    @wraps(asked)
    def answer(self: ForgivingRedisCache, *args: Any, **more: Any) -> Any:
        if time.monotonic() >= self._away_until:
            try:
                return asked(self, *args, **more)
            except RedisError:
                self._away_until = time.monotonic() + PAUSE
        return getattr(self._meanwhile, name)(*args, **more)

    return answer


# Everything else that a cache can do is made of these.
for _name in ("add", "get", "set", "touch", "delete", "has_key", "incr", "get_many", "set_many", "delete_many"):
    setattr(ForgivingRedisCache, _name, _forgiving(_name))
