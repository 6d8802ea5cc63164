"""`up --check` believes only what it saw happen."""

import json

import pytest

from pmo.boot import proof


class Recorder:
    def __init__(self):
        self.lines = []
        self.say = self.plain = self.lines.append


class Idle:
    stopping = False

    @staticmethod
    def tick(seconds):
        return None


@pytest.fixture
def answers(monkeypatch):
    pages = {proof.SIGN_IN_PAGE: (200, b"<form>"), "/readyz": (200, b"{}")}
    monkeypatch.setattr(proof.ports, "fetch", lambda host, port, path, timeout=5: pages[path])
    monkeypatch.setattr(proof, "QUEUE_SECONDS", 0.2)
    return pages


def test_a_heartbeat_of_this_run_is_proof(answers, monkeypatch):
    answers["/readyz"] = (200, json.dumps({"worker_seen_seconds_ago": 0.0}).encode())
    assert proof.prove(Idle, "127.0.0.1", 8000, Recorder()) == 0


@pytest.mark.parametrize("age", [None, 30.0])
def test_no_heartbeat_or_one_of_an_earlier_run_is_no_proof(answers, age):
    answers["/readyz"] = (200, json.dumps({"worker_seen_seconds_ago": age}).encode())
    steps = Recorder()
    assert proof.prove(Idle, "127.0.0.1", 8000, steps) == 1
    assert "FAILED: /readyz answers 200" in steps.lines[-1]


def test_a_sign_in_page_that_fails_is_named(answers):
    answers[proof.SIGN_IN_PAGE] = (500, b"")
    steps = Recorder()
    assert proof.prove(Idle, "127.0.0.1", 8000, steps) == 1
    assert steps.lines == ["FAILED: the sign-in page /accounts/login/ answers 500"]
