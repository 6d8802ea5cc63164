"""Which cache an installation uses."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

PATIENCE: Final = 0.5  # seconds that an answer of Redis is waited for


def cache_setting(url: str, *, broker: str, embedded: bool, folder: Path) -> dict[str, Any]:
    """The cache of this installation. `url`: "memory", "file", a Redis address, or "" for what fits.

    What fits: the broker's Redis where there is one; the memory of the one web process beside SQLite; else files in
    the data folder, which several processes of one machine share.
    """
    if not url:
        url = broker if broker.startswith(("redis:", "rediss:", "redis+socket:")) else "memory" if embedded else "file"
    if url == "memory":
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if url == "file":
        return {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(folder),
            "OPTIONS": {"MAX_ENTRIES": 2_000},
        }
    return {
        "BACKEND": "pmo.kit.cache.ForgivingRedisCache",
        "LOCATION": url.replace("redis+socket:", "unix:", 1),
        "KEY_PREFIX": "plumbline",
        "OPTIONS": {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE},
    }
