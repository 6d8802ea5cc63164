"""Waking the worker: a hint, never a promise. Nothing in a request waits for the broker.

`wake(task)` hands the name to a thread of this process, which publishes it. A broker that is down or hangs delays
that thread alone; a lost hint loses nothing, because the sweep finds the mark in the database.
"""

from __future__ import annotations

import logging
import os
import threading
import time

from celery import current_app

logger = logging.getLogger(__name__)

PAUSE = 0.02  # seconds between two messages of one process: a burst of posts becomes few messages


class _Waker:
    """Publishes pending task names; the same name pending twice is published once, at the earlier of the two times."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Start empty. Also in a forked child: the parent's thread is not there, and its lock may be held for ever."""
        self._condition = threading.Condition()
        self._pending: dict[tuple[str, tuple[str, ...]], float] = {}  # name -> when, on the monotonic clock
        self._thread: threading.Thread | None = None

    def wake(self, task: str, *args: str, after: float = 0) -> None:
        due = time.monotonic() + after
        with self._condition:
            self._pending[(task, args)] = min(due, self._pending.get((task, args), due))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="waker", daemon=True)
                self._thread.start()
            self._condition.notify()

    def _next(self) -> tuple[str, tuple[str, ...]]:
        """Wait for the next name that is due, and take it."""
        with self._condition:
            while True:
                if not self._pending:
                    self._condition.wait()
                    continue
                name, due = min(self._pending.items(), key=lambda item: item[1])
                left = due - time.monotonic()
                if left <= 0:
                    del self._pending[name]
                    return name
                self._condition.wait(left)

    def _run(self) -> None:
        while True:
            task, args = self._next()
            try:
                current_app.send_task(task, args=list(args), ignore_result=True)
            except Exception as error:  # the broker is away: the sweep will find the work
                logger.warning("could not wake %s: %s", task, error)
            time.sleep(PAUSE)


_waker = _Waker()
os.register_at_fork(after_in_child=_waker.begin)


def wake(task: str, *args: str, after: float = 0) -> None:
    """Ask that the named task run soon, or `after` so many seconds. Returns at once; never raises for a broker that is
    away."""
    _waker.wake(task, *args, after=after)
