"""`up` waits for the first page, and gives up with the reason when it will not come."""

import pytest

from pmo.boot import up
from pmo.boot.errors import CannotStart


class Web:
    """Plays the supervisor and its web server, without a process."""

    def __init__(self, starts=1, running=True):
        self.children = [self]
        self.stopping = False
        self.starts, self._running = starts, running
        self.log = self
        self.ticks = 0

    def running(self):
        return self._running

    def tail(self, lines):
        return ["ModuleNotFoundError: No module named 'nothing'"]

    def tick(self):
        self.ticks += 1


@pytest.fixture
def answer(monkeypatch):
    def use(*statuses):
        left = list(statuses)
        monkeypatch.setattr(up.ports, "fetch", lambda *_: (left.pop(0) if len(left) > 1 else left[0], b""))

    return use


def test_it_waits_until_the_page_is_there(answer):
    answer(0, 0, 0, 200)
    web = Web()
    assert up._first_page(web, "127.0.0.1", 8000)
    assert web.ticks == 3


def test_a_server_that_only_answers_errors_is_given_up_soon_with_its_last_lines(answer):
    answer(500)
    web = Web()
    with pytest.raises(CannotStart, match=r"(?s)ModuleNotFoundError.*did not start \(it answers 500\)"):
        up._first_page(web, "127.0.0.1", 8000)
    assert web.ticks < 30


def test_a_server_that_ends_at_every_try_is_given_up(answer):
    answer(0)
    with pytest.raises(CannotStart, match="it does not answer"):
        up._first_page(Web(starts=up.TRIES, running=False), "127.0.0.1", 8000)


def test_a_stop_asked_for_meanwhile_is_no_failure(answer):
    answer(0)
    web = Web()
    web.stopping = True
    assert not up._first_page(web, "127.0.0.1", 8000)
