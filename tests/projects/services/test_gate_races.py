"""Fifty at once decide a gate once: real threads, each with a connection of its own."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

import pytest
from django.db import OperationalError, connection

from pmo.kit.errors import ApplicationError
from pmo.models import AuditEvent
from projects.models import GateReview, ProjectGate
from projects.services.gate_verdicts import gate_verdict_give
from tests.conftest import make_cast
from tests.projects.services.test_gates import first_gate, two_seats

TIMES = 50


@pytest.mark.django_db(transaction=True)
def test_a_verdict_raced_fifty_times_decides_once() -> None:
    cast = make_cast("alder", "Alder")
    gate = first_gate(cast)
    review = two_seats(cast, gate, quorum=1)
    actors = [cast.actor(role) for role in ("pmo_director", "budget_owner")]
    ready = Barrier(10)

    def speak(place: int) -> str:
        if place < 10:
            ready.wait(timeout=30)
        verdict = "pass" if place % 3 else "stop"
        try:
            for _ in range(500):
                try:
                    gate_verdict_give(actor=actors[place % 2], review_id=review.pk, verdict=verdict, reason="So.")
                    return "done"
                except OperationalError:  # a database in memory does not wait for its lock: ask again
                    sleep(0.01)
            return "locked"
        except ApplicationError as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        said = Counter(pool.map(speak, range(TIMES)))
    decided = GateReview.objects.get(pk=review.pk)
    verdicts = [seat.verdict for seat in decided.approvals.all() if seat.verdict]
    assert decided.state == "decided"
    assert AuditEvent.objects.filter(action="gate_review.decide").count() == 1
    assert AuditEvent.objects.filter(action="gate_review.verdict").count() == len(verdicts) == said["done"] <= 2
    wanted = "pass" if "pass" in verdicts else "stop"
    assert (decided.decision, ProjectGate.objects.get(pk=gate.pk).state) == (
        wanted,
        {"pass": "passed", "stop": "stopped"}[wanted],
    )
    assert set(said) <= {"done", "wrong_state"}, said
