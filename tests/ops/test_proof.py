"""`up --check` believes only what it saw happen."""

import json

import pytest

from pmo.boot import proof
from pmo.services.first_account import FIRST_ADMINISTRATOR, first_account_create


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
    assert proof.prove(Idle, "127.0.0.1", 8000, None, Recorder()) == 0


@pytest.mark.parametrize("age", [None, 30.0])
def test_no_heartbeat_or_one_of_an_earlier_run_is_no_proof(answers, age):
    answers["/readyz"] = (200, json.dumps({"worker_seen_seconds_ago": age}).encode())
    steps = Recorder()
    assert proof.prove(Idle, "127.0.0.1", 8000, None, steps) == 1
    assert "FAILED: /readyz answers 200" in steps.lines[-1]


def test_a_sign_in_page_that_fails_is_named(answers):
    answers[proof.SIGN_IN_PAGE] = (500, b"")
    steps = Recorder()
    assert proof.prove(Idle, "127.0.0.1", 8000, None, steps) == 1
    assert steps.lines == ["FAILED: the sign-in page /accounts/login/ answers 500"]


@pytest.mark.parametrize(
    ("landed", "outcome", "said"),
    [
        ((200, "/o/demo/"), 0, "Signing in leads to /o/demo/"),
        ((200, proof.SIGN_IN_PAGE), 1, "FAILED: after signing in, /accounts/login/ answers 200"),
        ((500, "/o/demo/"), 1, "FAILED: after signing in, /o/demo/ answers 500"),
    ],
)
def test_the_first_account_must_reach_a_page_behind_the_sign_in(answers, monkeypatch, landed, outcome, said):
    answers["/readyz"] = (200, json.dumps({"worker_seen_seconds_ago": 0.0}).encode())
    monkeypatch.setattr(proof, "sign_in", lambda *_: landed)
    steps = Recorder()
    assert proof.prove(Idle, "127.0.0.1", 8000, ("a@b.example", "secret"), steps) == outcome
    assert said in steps.lines


@pytest.mark.django_db(transaction=True)
def test_signing_in_goes_the_way_of_a_browser(live_server):
    first_account_create(password="cedar-river-lamp-42")
    host, port = live_server.thread.host, live_server.thread.port
    assert proof.sign_in(host, port, FIRST_ADMINISTRATOR, "wrong")[1] == proof.SIGN_IN_PAGE
    status, path = proof.sign_in(host, port, FIRST_ADMINISTRATOR, "cedar-river-lamp-42")
    assert path == "/o/office/"
    assert status == 200
