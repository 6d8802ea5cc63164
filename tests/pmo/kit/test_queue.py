"""Waking: few messages a burst, later times kept, nothing lost by threads or forks, nobody hurt by a lost broker."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest

from pmo.kit import queue

pytestmark = pytest.mark.broker


class Sent(list[tuple[str, float]]):
    """What was published, with the time."""

    def wait(self, count: int, seconds: float = 5) -> list[str]:
        deadline = time.monotonic() + seconds
        while len(self) < count and time.monotonic() < deadline:
            time.sleep(0.005)
        return [name for name, _ in self]

    def wait_for(self, wanted: str, seconds: float = 5) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if wanted in [name for name, _ in self]:
                return True
            time.sleep(0.005)
        return False


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sent]:
    sent = Sent()

    def send_task(task: str, args: list[str], ignore_result: bool) -> None:
        sent.append((" ".join([task, *args]), time.monotonic()))

    monkeypatch.setattr(queue.current_app, "send_task", send_task, raising=False)
    yield sent


def test_the_same_name_pending_many_times_is_published_few_times(sent: Sent) -> None:
    waker = queue._Waker()
    for _ in range(2_000):
        waker.wake("pmo.relay", "performance")
    waker.wake("pmo.relay", "portfolio")
    assert sent.wait_for("pmo.relay portfolio")
    time.sleep(3 * queue.PAUSE)
    assert 1 <= [name for name, _ in sent].count("pmo.relay performance") <= 200


def test_every_name_woken_by_many_threads_at_once_on_first_use_is_published(sent: Sent) -> None:
    waker = queue._Waker()
    start = threading.Barrier(12)

    def first(number: int) -> None:
        start.wait()
        waker.wake("task", str(number))

    threads = [threading.Thread(target=first, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent.wait(12)) == sorted(f"task {number}" for number in range(12))


def test_a_later_wake_waits_and_an_earlier_one_for_the_same_name_goes_first(sent: Sent) -> None:
    waker = queue._Waker()
    begun = time.monotonic()
    waker.wake("late", after=0.2)
    waker.wake("both", after=30)
    waker.wake("both")
    assert sent.wait(2) == ["both", "late"]
    assert sent[1][1] - begun >= 0.2


def test_a_broker_that_is_away_delays_and_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = threading.Event()

    def send_task(*args: object, **kwargs: object) -> None:
        tried.set()
        time.sleep(0.3)
        raise ConnectionError("away")

    monkeypatch.setattr(queue.current_app, "send_task", send_task, raising=False)
    waker = queue._Waker()
    waker.wake("first")
    assert tried.wait(5)
    begun = time.monotonic()
    for number in range(100):
        waker.wake("task", str(number))
    assert time.monotonic() - begun < 0.2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_wakes_though_its_parent_held_the_lock(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    monkeypatch.setattr(queue.current_app, "send_task", lambda *a, **k: os.write(writing, b"sent"), raising=False)
    queue._waker.begin()
    with queue._waker._condition:  # as another thread of the parent would, in the instant of the fork
        child = os.fork()
    if child == 0:
        queue.wake("from the child")
        time.sleep(1)
        os._exit(0)
    os.close(writing)
    try:
        assert os.read(reading, 4) == b"sent"
    finally:
        os.waitpid(child, 0)
        os.close(reading)
