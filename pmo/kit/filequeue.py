"""The queue in a folder, made safe for processes that begin at the same time.

The transport it stands on writes a message, and the file that says which queues an exchange has, in two steps: make the
file, then lock and fill it. Who reads in between finds nothing in it and ends with an error; the worker then stops.
Here a message appears whole by a rename, and one lock is held while the file of an exchange is read or written.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic_ns
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

NAME = "filesystem"  # as in the broker's address


class Channel(filesystem.Channel):
    """What is there to be read is whole."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # its two bases differ
        folder = Path(self.data_folder_out)
        name = f"{monotonic_ns() // 1_000_000}_{uuid4()}"
        part = folder / f"{name}.part"
        try:
            part.write_text(dumps(payload), encoding="utf-8")
            part.replace(folder / f"{name}.{queue}.msg")
        except OSError as error:
            raise ChannelError(f"The message cannot be put into {folder}: {error.strerror}.") from error

    def get_table(self, exchange: str) -> Any:
        """The queues of an exchange."""
        with self._alone():
            return super().get_table(exchange)

    def _queue_bind(self, *args: Any) -> None:
        with self._alone():
            super()._queue_bind(*args)

    def _delete(self, *args: Any, **kwargs: Any) -> None:
        with self._alone():
            super()._delete(*args, **kwargs)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        folder = Path(self.control_folder)
        folder.mkdir(exist_ok=True)
        held = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
        finally:
            os.close(held)


class Transport(filesystem.Transport):
    Channel = Channel


def announce() -> None:
    """Have every broker address of this kind mean this queue."""
    TRANSPORT_ALIASES[NAME] = f"{__name__}:{Transport.__name__}"
