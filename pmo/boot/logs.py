"""Take what a service prints: all into a file that cannot grow for ever, the important lines to the terminal too."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

MAXIMUM_BYTES = 5_000_000  # a file and its predecessor: at most twice this per service
LONGEST_LINE = 20_000
BURST = 5  # important lines of one service shown on the terminal within BURST_SECONDS
BURST_SECONDS = 30.0

IMPORTANT = re.compile(
    r"\b(ERROR|CRITICAL|FATAL)\b|\"level\": ?\"(error|critical)\"|^Traceback |^\w*(Error|Exception): "
)


class LogFile:
    """Appends lines to `path`; past the limit the file becomes `path.1` and a new one begins."""

    def __init__(self, path: Path, maximum_bytes: int = MAXIMUM_BYTES) -> None:
        self._path = path
        self._maximum = maximum_bytes
        self._size = path.stat().st_size if path.exists() else 0
        self._stream: IO[bytes] | None = None

    def write(self, line: bytes) -> None:
        """Append one line. A full disk loses the line, never the service: its pipe must be emptied or it would stop."""
        try:
            if self._stream is not None and self._size + len(line) > self._maximum:
                self._stream.close()
                self._stream = None
                self._path.replace(self._path.with_name(self._path.name + ".1"))
                self._size = 0
            if self._stream is None:
                self._stream = self._path.open("ab", buffering=0)
            self._stream.write(line)
            self._size += len(line)
        except OSError:
            return

    def tail(self, lines: int) -> list[str]:
        """The last lines of the file."""
        try:
            with self._path.open("rb") as stream:
                stream.seek(max(0, self._path.stat().st_size - 16_000))
                return stream.read().decode("utf-8", "replace").splitlines()[-lines:]
        except OSError:
            return []


class Quota:
    """Lets `burst` lines through in any `seconds`, and counts what it kept back."""

    def __init__(
        self, burst: int = BURST, seconds: float = BURST_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst, self._seconds, self._clock = burst, seconds, clock
        self._since = clock()
        self._shown = 0
        self.kept_back = 0

    def admit(self) -> bool:
        """Whether one more line may be shown now."""
        now = self._clock()
        if now - self._since >= self._seconds:
            self._since, self._shown, self.kept_back = now, 0, 0
        if self._shown < self._burst:
            self._shown += 1
            return True
        self.kept_back += 1
        return False


def follow(name: str, pipe: IO[bytes], log: LogFile, show: Callable[[str], None]) -> threading.Thread:
    """Start a thread that empties `pipe` into `log` until it is closed, showing important lines within a quota."""

    def pump() -> None:
        quota = Quota()
        with pipe:
            while line := pipe.readline(LONGEST_LINE):
                log.write(line)
                text = line.decode("utf-8", "replace").rstrip()
                if not IMPORTANT.search(text):
                    continue
                if quota.admit():
                    show(f"  {name}: {text[:300]}")
                elif quota.kept_back == 1:
                    show(f"  {name}: more of this is in the log file only")

    thread = threading.Thread(target=pump, name=f"log of {name}", daemon=True)
    thread.start()
    return thread
