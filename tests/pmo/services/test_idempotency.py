"""A key has one answer, whatever dies between the claim and the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from pmo.kit.errors import ApplicationError
from pmo.models import IdempotencyKey
from pmo.services.idempotency import (
    StoredAnswer,
    idempotency_claim,
    idempotency_purge,
    idempotency_release,
    idempotency_store,
)


def claim(alder, *, key: str = "k", digest: str = "d", later: timedelta = timedelta(0)):
    return idempotency_claim(
        actor=alder.actor("pmo_director"), route="POST /x/", key=key, digest=digest, now=timezone.now() + later
    )


def test_the_first_claims_and_the_next_gets_its_answer(alder):
    first = claim(alder)
    assert isinstance(first, IdempotencyKey)
    idempotency_store(claim=first, status=201, body={"id": "1"})
    assert claim(alder) == StoredAnswer(201, {"id": "1"})


def test_another_request_with_the_key_is_refused_even_while_the_first_runs(alder):
    claim(alder)
    with pytest.raises(ApplicationError) as refusal:
        claim(alder, digest="other")
    assert (refusal.value.status, refusal.value.code) == (422, "idempotency_key_reused")


def test_whoever_lost_the_claim_cannot_store_an_answer(alder):
    first = claim(alder)
    second = claim(alder, later=timedelta(seconds=61))
    assert isinstance(second, IdempotencyKey)
    with pytest.raises(ApplicationError) as refusal:
        idempotency_store(claim=first, status=201, body={})
    assert refusal.value.status == 409
    idempotency_release(claim=first)
    idempotency_store(claim=second, status=201, body={"id": "2"})
    assert claim(alder) == StoredAnswer(201, {"id": "2"})


def test_a_released_key_is_free_and_an_answered_one_is_not_released(alder):
    first = claim(alder)
    idempotency_release(claim=first)
    again = claim(alder)
    assert isinstance(again, IdempotencyKey)
    idempotency_store(claim=again, status=200, body={})
    idempotency_release(claim=again)
    assert isinstance(claim(alder), StoredAnswer)


def test_answers_are_forgotten_after_72_hours(alder):
    idempotency_store(claim=claim(alder), status=200, body={})
    assert idempotency_purge(now=timezone.now() + timedelta(hours=71)) == 0
    assert idempotency_purge(now=timezone.now() + timedelta(hours=73)) == 1
