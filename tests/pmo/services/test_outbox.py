"""The outbox pays what is owed, exactly, whoever fails on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from pmo.models import OutboxMark
from pmo.services import outbox
from pmo.services.outbox import HANDLERS, Handler, outbox_release, outbox_retry, owe, relay, relay_all
from tests.conftest import Cast


class Work:
    """A handler that remembers what it did and may be told to fail."""

    def __init__(self) -> None:
        self.done: list[list[int]] = []
        self.poison: set[int] = set()
        self.held: set[int] = set()
        self.meanwhile: Sequence[int] = ()

    def lock(self, organisation_id: int, subjects: Sequence[int]) -> list[int]:
        return [subject for subject in subjects if subject not in self.held]

    def run(self, organisation_id: int, subjects: Sequence[int]) -> None:
        if self.poison & set(subjects):
            raise RuntimeError("poison")
        for subject in self.meanwhile:
            owe("test", organisation_id, [subject])
        self.meanwhile = ()
        self.done.append(sorted(subjects))


@pytest.fixture
def work() -> Iterator[Work]:
    work = Work()
    HANDLERS.add("test", Handler("test", work.lock, work.run))
    yield work
    del HANDLERS._things["test"]


def due_now() -> None:
    OutboxMark.objects.filter(dead_at__isnull=True).update(next_at=timezone.now() - timedelta(seconds=1))


def test_many_marks_of_one_subject_are_paid_by_one_run(alder: Cast, work: Work) -> None:
    for _ in range(5):
        owe("test", alder.organisation.pk, [1])
    owe("test", alder.organisation.pk, [2, 3])
    assert relay("test") == 3
    assert work.done == [[1, 2, 3]]
    assert not OutboxMark.objects.filter(kind="test").exists()


def test_a_mark_written_while_its_subject_is_being_paid_stays_and_is_paid_next(alder: Cast, work: Work) -> None:
    owe("test", alder.organisation.pk, [1])
    work.meanwhile = [1]
    relay("test")
    assert work.done == [[1], [1]]


def test_nothing_is_owed_by_a_transaction_that_rolled_back(alder: Cast, work: Work) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        owe("test", alder.organisation.pk, [1])
        raise ZeroDivisionError
    assert relay("test") == 0


def test_poison_stops_after_three_attempts_is_visible_and_delays_no_other(alder: Cast, work: Work) -> None:
    work.poison = {2}
    owe("test", alder.organisation.pk, [1, 2, 3])
    relay("test")
    assert [1] in work.done and [3] in work.done
    for _ in range(3):
        due_now()
        relay("test")
    mark = OutboxMark.objects.get(kind="test")
    assert (mark.subject_id, mark.attempts) == (2, 3)
    assert mark.dead_at is not None and "poison" in mark.last_error


def test_a_dead_letter_is_paid_after_a_retry(alder: Cast, work: Work) -> None:
    work.poison = {2}
    owe("test", alder.organisation.pk, [2])
    for _ in range(4):
        due_now()
        relay("test")
    work.poison = set()
    assert outbox_retry(organisation_id=alder.organisation.pk) == 1
    relay("test")
    assert work.done == [[2]]


def test_work_that_kills_its_worker_is_given_up_after_three_starts(alder: Cast, work: Work) -> None:
    owe("test", alder.organisation.pk, [9])
    for _ in range(outbox.ATTEMPTS):
        assert outbox._claim(HANDLERS["test"]) is not None  # claimed, and then the worker is gone
        due_now()
    assert relay("test") == 0
    assert "never came to an end" in OutboxMark.objects.get(kind="test").last_error


def test_a_claim_of_a_dead_worker_comes_due_again(alder: Cast, work: Work) -> None:
    owe("test", alder.organisation.pk, [9])
    outbox._claim(HANDLERS["test"])
    assert relay("test") == 0  # still on lease
    due_now()
    assert relay("test") == 1


def test_a_subject_held_by_another_worker_is_left_to_it_without_counting_an_attempt(alder: Cast, work: Work) -> None:
    work.held = {1}
    owe("test", alder.organisation.pk, [1, 2])
    relay("test", max_batches=1)
    assert work.done == [[2]]
    assert OutboxMark.objects.get(kind="test").attempts == 0


def test_more_marks_than_one_statement_takes_are_claimed_and_deleted(alder: Cast, work: Work) -> None:
    owe("test", alder.organisation.pk, [1] * (2 * outbox.CHUNK + 200))
    assert relay("test") == 1
    assert work.done == [[1]]
    assert not OutboxMark.objects.filter(kind="test").exists()


def test_what_kills_its_worker_takes_no_neighbour_with_it(alder: Cast, work: Work) -> None:
    owe("test", alder.organisation.pk, [7, 8, 9])
    assert outbox._claim(HANDLERS["test"]) is not None  # all three are begun, and then the worker is gone
    claimed = []
    for _ in range(3):
        due_now()
        claim = outbox._claim(HANDLERS["test"])
        assert claim is not None
        claimed.append(sorted(claim.marks))
    assert claimed == [[7], [7], []]
    assert list(OutboxMark.objects.filter(dead_at__isnull=False).values_list("subject_id", flat=True)) == [7]
    due_now()
    relay("test")
    assert work.done == [[8], [9]]


def test_a_worker_that_starts_takes_over_at_once_what_a_killed_one_had_claimed(alder: Cast, work: Work) -> None:
    owe("test", alder.organisation.pk, [9])
    outbox._claim(HANDLERS["test"])
    assert outbox_release() == 1
    assert relay("test") == 1


def test_what_another_worker_holds_is_asked_for_again_when_it_has_come_due(
    alder: Cast, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    monkeypatch.setattr(outbox, "wake", lambda task, *args, after=0.0: asked.append(after))
    owe("test", alder.organisation.pk, [1])
    work.held = {1}
    relay("test")
    assert max(asked) >= outbox.HELD.total_seconds()  # sooner, the woken worker would find nothing due and go away
    due_now()
    work.held = set()
    assert relay("test") == 1


def test_asking_in_vain_takes_no_write_lock(
    alder: Cast, work: Work, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(1):
        assert relay("test") == 0


def test_marks_of_a_project_that_is_gone_are_cleared_away(alder: Cast) -> None:
    owe("performance", alder.organisation.pk, [999_999])
    relay_all()
    assert not OutboxMark.objects.exists()
