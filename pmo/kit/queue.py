"""Waking the worker: a hint, never a promise. Nothing in a request waits for the broker.

`wake(task)` hands the name to a thread of this process, which publishes it. A broker that is down or hangs delays
that thread alone; a lost hint loses nothing, because the sweep finds the mark in the database.
"""

from __future__ import annotations

import logging
import os
import threading

from celery import current_app

logger = logging.getLogger(__name__)


class _Waker:
    """Publishes pending task names; the same name pending twice is published once."""

    def __init__(self) -> None:
        self._pid = 0
        self._condition = threading.Condition()
        self._pending: dict[tuple[str, tuple[str, ...]], None] = {}

    def wake(self, task: str, *args: str) -> None:
        if self._pid != os.getpid():  # first use, or first use after a fork
            self._pid = os.getpid()
            self._condition = threading.Condition()
            self._pending = {}
            threading.Thread(target=self._run, name="waker", daemon=True).start()
        with self._condition:
            self._pending[(task, args)] = None
            self._condition.notify()

    def _run(self) -> None:
        while True:
            with self._condition:
                while not self._pending:
                    self._condition.wait()
                task, args = next(iter(self._pending))
                del self._pending[(task, args)]
            try:
                current_app.send_task(task, args=list(args), ignore_result=True)
            except Exception as error:  # the broker is away: the sweep will find the work
                logger.warning("could not wake %s: %s", task, error)


_waker = _Waker()


def wake(task: str, *args: str) -> None:
    """Ask that the named task run soon. Returns at once; never raises for a broker that is away."""
    _waker.wake(task, *args)
