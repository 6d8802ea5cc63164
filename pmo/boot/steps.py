"""Say each step as it happens, with the seconds since the start."""

from __future__ import annotations

import sys
import threading
import time
from typing import TextIO


class Steps:
    """Prints `[  3.2 s] Installing the packages`. Safe to call from several threads."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream if stream is not None else sys.stdout
        self._started = time.monotonic()
        self._lock = threading.Lock()

    def elapsed(self) -> float:
        """Seconds since this object was made."""
        return time.monotonic() - self._started

    def say(self, text: str) -> None:
        """Print one step."""
        self._print(f"[{self.elapsed():5.1f} s] {text}")

    def plain(self, text: str) -> None:
        """Print a line that is not a step: an address, a log line."""
        self._print(text)

    def _print(self, line: str) -> None:
        with self._lock:
            try:
                print(line, file=self._stream, flush=True)
            except (OSError, ValueError):
                # The terminal has gone away; the services must go on.
                return
