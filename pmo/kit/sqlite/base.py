"""SQLite with a queue in front of its one write lock.

SQLite lets a writer that meets the lock sleep and look again, up to a tenth of a second each time: among eight threads
some look at the wrong moments for seconds. Here the threads of a process wait for one another on a lock that wakes the
next one at once; only processes still meet in SQLite. Everything else is Django's own backend.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from typing import Any

from django.db.backends.sqlite3 import base

PATIENCE = 20  # seconds; then SQLite itself is asked, which answers "database is locked" in its own time

_turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
os.register_at_fork(after_in_child=_turns.clear)


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection. It has its turn from the beginning of a transaction to the end."""

    _turn: threading.Lock | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._wait_for_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave out these four
        except BaseException:
            self._end_turn()
            raise

    def _wait_for_turn(self) -> None:
        if self._turn is None and not self.is_in_memory_db():
            turn = _turns[str(self.settings_dict["NAME"])]
            if turn.acquire(timeout=PATIENCE):
                self._turn = turn

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.release()

    def _commit(self) -> Any:
        done = super()._commit()  # type: ignore[misc]  # where it fails, a rollback follows, which ends the turn
        self._end_turn()
        return done

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()
