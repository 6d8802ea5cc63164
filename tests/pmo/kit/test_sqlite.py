"""Threads of one process wait for one another in front of SQLite's write lock, and nobody is left out."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pmo.kit.sqlite import base
from pmo.kit.sqlite.base import DatabaseWrapper

SETTINGS = {
    "ENGINE": "pmo.kit.sqlite", "ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "CONN_MAX_AGE": 0, "TIME_ZONE": None,
    "CONN_HEALTH_CHECKS": False, "USER": "", "PASSWORD": "", "HOST": "", "PORT": "",
    "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 1}, "TEST": {},
}  # fmt: skip


@pytest.fixture
def name(tmp_path: Path, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield str(tmp_path / "queue.sqlite3")


def connect(name: str) -> DatabaseWrapper:
    wrapper = DatabaseWrapper({**SETTINGS, "NAME": name}, "queue")
    wrapper.ensure_connection()
    return wrapper


def begin(wrapper: DatabaseWrapper) -> None:
    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(wrapper: DatabaseWrapper, how: str = "commit") -> None:
    getattr(wrapper, how)()
    wrapper.set_autocommit(True)


def test_many_writers_all_get_their_turn_and_none_waits_for_luck(name: str) -> None:
    first = connect(name)
    first.cursor().execute("CREATE TABLE t (n integer)")
    errors: list[Exception] = []
    waits: list[float] = []

    def write() -> None:
        mine = connect(name)
        try:
            for _ in range(10):
                began = time.monotonic()
                begin(mine)
                waits.append(time.monotonic() - began)
                mine.cursor().execute("INSERT INTO t VALUES (1)")
                time.sleep(0.002)
                end(mine)
        except Exception as error:
            errors.append(error)
        finally:
            mine.close()

    threads = [threading.Thread(target=write) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert first.cursor().execute("SELECT count(*) FROM t").fetchone() == (120,)
    first.close()


@pytest.mark.parametrize("how", ["commit", "rollback", "close"])
def test_the_turn_ends_however_the_transaction_ends(name: str, how: str) -> None:
    one, two = connect(name), connect(name)
    begin(one)
    assert base._turns[name].locked()
    if how == "close":
        one.close()
    else:
        end(one, how)
    assert not base._turns[name].locked()
    begin(two)
    end(two)
    two.close()


def test_a_turn_that_never_comes_ends_in_the_error_of_sqlite(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "PATIENCE", 0.05)
    one, two = connect(name), connect(name)
    begin(one)
    with pytest.raises(Exception, match="database is locked"):
        begin(two)
    end(one, "rollback")
    one.close()
    two.close()
