"""The queue in a folder: what is there to be read is whole, also while somebody writes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from pmo.celery import app
from pmo.kit.filequeue import Channel, announce


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Channel]:
    announce()
    for name in ("in", "control"):
        (tmp_path / name).mkdir()
    options = {
        "data_folder_in": str(tmp_path / "in"),
        "data_folder_out": str(tmp_path / "in"),
        "control_folder": str(tmp_path / "control"),
    }
    with Connection("filesystem://", transport_options=options) as connection:
        made = connection.channel()
        assert isinstance(made, Channel)
        yield made


def test_what_is_put_is_got_once_and_in_order(channel: Channel):
    for number in range(3):
        channel._put("celery", {"number": number})
    assert sorted(channel._get("celery")["number"] for _ in range(3)) == [0, 1, 2]
    with pytest.raises(Empty):
        channel._get("celery")


def test_a_message_that_is_being_written_is_not_there_yet(
    channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ChannelError, match="No space left on device"):
        channel._put("celery", {"number": 1})
    assert [path.suffix for path in (tmp_path / "in").iterdir()] == [".part"]
    with pytest.raises(Empty):
        channel._get("celery")


def test_the_file_of_an_exchange_is_not_read_while_it_is_being_made(channel: Channel, tmp_path: Path):
    file = tmp_path / "control" / "celery.exchange"
    found: list[Any] = []
    with channel._alone():  # as somebody who makes it
        file.write_text("")
        reader = threading.Thread(target=lambda: found.append(channel.get_table("celery")))
        reader.start()
        reader.join(0.2)
        assert not found
        file.write_text('[["celery", "", "celery"]]')
    reader.join(10)
    assert [entry.queue for entry in found[0]] == ["celery"]


def test_many_who_bind_at_once_leave_one_whole_file(channel: Channel):
    ready = threading.Barrier(8)
    wrong: list[Exception] = []

    def bind(number: int) -> None:
        ready.wait()
        try:
            for _ in range(20):
                channel._queue_bind("many", "", "", f"queue{number}")
                channel.get_table("many")
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=bind, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert {entry.queue for entry in channel.get_table("many")} == {f"queue{number}" for number in range(8)}


def test_the_worker_uses_it():
    with app.connection_for_write("filesystem://") as connection:
        assert connection.transport.Channel is Channel
