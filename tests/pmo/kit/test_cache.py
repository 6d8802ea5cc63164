"""Counts are shared by the processes, and a cache that is away fails no request."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache.backends.filebased import FileBasedCache

from pmo.boot.cache import cache_setting
from pmo.kit import cache as kit
from pmo.kit.cache import ForgivingRedisCache


def made(address: str) -> ForgivingRedisCache:
    setting = cache_setting(address, broker="", embedded=True, folder=Path())
    params = {"OPTIONS": setting["OPTIONS"], "KEY_PREFIX": setting["KEY_PREFIX"]}
    return ForgivingRedisCache(setting["LOCATION"], params)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis of its own, on a socket."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed here")
    socket = tmp_path / "redis.sock"
    command = ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    for _ in range(100):
        if socket.exists():
            break
        time.sleep(0.05)
    yield server
    server.send_signal(signal.SIGCONT)
    server.kill()
    server.wait()


@pytest.mark.parametrize(
    ("given", "backend"),
    [
        ({"broker": "redis://host:6379/0", "embedded": False}, "pmo.kit.cache.ForgivingRedisCache"),
        ({"broker": "redis+socket:///run/redis.sock", "embedded": True}, "pmo.kit.cache.ForgivingRedisCache"),
        ({"broker": "filesystem://", "embedded": True}, "django.core.cache.backends.locmem.LocMemCache"),
        ({"broker": "filesystem://", "embedded": False}, "django.core.cache.backends.filebased.FileBasedCache"),
    ],
)
def test_what_fits_the_installation_is_taken(given: dict[str, Any], backend: str):
    assert cache_setting("", folder=Path("cache"), **given)["BACKEND"] == backend


def test_somebody_may_say_which_cache(tmp_path: Path):
    asked = {"broker": "redis://host/0", "embedded": False, "folder": tmp_path}
    assert cache_setting("memory", **asked)["BACKEND"].endswith("LocMemCache")
    assert cache_setting("file", **asked)["LOCATION"] == str(tmp_path)
    assert cache_setting("redis://other/1", **asked)["LOCATION"] == "redis://other/1"


def test_files_are_shared_by_the_processes(tmp_path: Path):
    one, other = FileBasedCache(str(tmp_path), {}), FileBasedCache(str(tmp_path), {})
    assert one.add("throttle:7", 1)
    assert not other.add("throttle:7", 1)
    assert other.incr("throttle:7") == 2


def test_processes_count_together_in_redis(redis: Any, tmp_path: Path):
    one, other = (made(f"redis+socket://{tmp_path}/redis.sock") for _ in range(2))
    assert one.add("throttle:7", 1, timeout=60)
    assert not other.add("throttle:7", 1, timeout=60)
    assert other.incr("throttle:7") == 2
    assert one.get("throttle:7") == 2
    assert one.get_many(["throttle:7", "none"]) == {"throttle:7": 2}


def test_clearing_leaves_what_others_keep_in_the_same_redis(redis: Any, tmp_path: Path):
    cache = made(f"redis+socket://{tmp_path}/redis.sock")
    client = cache._cache.get_client(None, write=True)
    client.rpush("celery", "a task")
    cache.set("key", "value")
    cache.clear()
    assert cache.get("key") is None
    assert client.llen("celery") == 1


def test_without_redis_the_process_counts_by_itself(tmp_path: Path):
    cache = made(f"redis+socket://{tmp_path}/nowhere.sock")
    assert cache.add("throttle:7", 1)
    assert cache.incr("throttle:7") == 2
    assert not cache.add("throttle:7", 1)
    cache.set("word", "kept")
    assert cache.get("word") == "kept"
    cache.clear()
    assert cache.get("word") is None


def test_a_redis_that_hangs_delays_one_request_and_no_more(redis: Any, tmp_path: Path):
    cache = made(f"redis+socket://{tmp_path}/redis.sock")
    cache.set("word", "there")
    redis.send_signal(signal.SIGSTOP)
    assert cache.get("word") is None
    assert cache._away_until > time.monotonic()
    asked = []
    cache._cache.get_client = lambda *args, **more: asked.append(args)  # type: ignore[method-assign]
    assert cache.get("word") is None
    assert not asked


def test_redis_is_asked_again_after_the_pause(redis: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kit, "PAUSE", 0.0)
    cache = made(f"redis+socket://{tmp_path}/redis.sock")
    cache.set("word", "there")
    redis.send_signal(signal.SIGSTOP)
    assert cache.get("word") is None
    redis.send_signal(signal.SIGCONT)
    time.sleep(0.1)
    assert cache.get("word") == "there"
