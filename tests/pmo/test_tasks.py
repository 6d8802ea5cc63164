"""A message may come twice, late or in any order: each task and outbox handler then leaves the same state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from celery import current_app
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from pmo.models import IdempotencyKey, OutboxMark
from pmo.services.outbox import HANDLERS
from portfolio.services.evidence_packs import evidence_pack_request
from portfolio.services.standings import standings_owe
from projects.models import CostEntry, ImportBatch, TailoringChange
from projects.services.costs import Posting, cost_entry_post
from projects.services.imports import import_create
from projects.services.performance import performance_owed
from projects.services.standard_moves import moves_run, standard_move
from tests.world import House, World, build, undone

pytestmark = pytest.mark.django_db
OURS = ("pmo", "projects", "portfolio")
# When something was looked at, and how often: no state of anything.
MOMENTS = {
    "at", "computed_at", "first_seen", "last_seen", "resolved_at", "started_at", "finished_at", "recorded_at",
    "created_at", "revision", "file", "sha256", "size",  # an evidence pack tells when it was made
}  # fmt: skip
CSV = b"project,amount,date\nALDER-1,12.00,2026-03-01\nALDER-1,7.50,2026-04-01\n"
COLUMNS = {"project": "project", "amount": "amount", "incurred_on": "date"}
MAPPING = {field: {"column": column} for field, column in COLUMNS.items()}


def nothing(house: House) -> list[Any]:
    return []


def owing(house: House) -> list[Any]:
    """A mark of every kind of figure."""
    organisation = house.cast.organisation.pk
    performance_owed(organisation, [house.id("project", "own"), house.id("project", "unassigned")])
    standings_owe(organisation)
    return []


def of_kind(kind: str) -> Callable[[House], list[Any]]:
    def prepare(house: House) -> list[Any]:
        owing(house)
        return [kind]

    return prepare


def claimed(house: House) -> list[Any]:
    """Marks that a killed worker had taken."""
    owing(house)
    OutboxMark.objects.update(attempts=1, next_at=timezone.now() + timedelta(seconds=75))
    return []


def yesterday(house: House) -> list[Any]:
    house.cast.organisation.status_date = date(2026, 11, 30)
    house.cast.organisation.save()
    return []


def answers(house: House) -> list[Any]:
    """An answer kept for long enough, and one that is not."""
    for key, age in (("old", 80), ("new", 1)):
        kept = IdempotencyKey.objects.create(
            organisation=house.cast.organisation, actor_key="a", route="POST /", key=key, request_sha256="0"
        )
        IdempotencyKey.objects.filter(pk=kept.pk).update(created_at=timezone.now() - timedelta(hours=age))
    return []


def file(house: House) -> list[Any]:
    """A file of two costs to be applied."""
    batch = import_create(
        actor=house.cast.actor("pmo_director"), file=ContentFile(CSV, name="costs.csv"), file_name="costs.csv",
        target="cost-entries", mapping=MAPPING, mode="apply",
    )  # fmt: skip
    return [str(batch.pk)]


def pack(house: House) -> list[Any]:
    """An evidence pack that was asked for."""
    code = house.cast.project.code if house.cast.project else ""
    return [str(evidence_pack_request(actor=house.cast.actor("pmo_director"), project_code=code).pk)]


def accrual(house: House) -> list[int]:
    """An accrual whose day of reversal has come."""
    posting = Posting(
        project_id=house.id("project", "own"), amount=Decimal(50), incurred_on=date(2026, 9, 30), kind="accrual",
        reverse_on=date(2026, 10, 1),
    )  # fmt: skip
    return [cost_entry_post(actor=house.cast.actor("pmo_director"), posting=posting).entry.pk]


# What each task is given something to do by. A new task needs a line here.
TASKS: dict[str, Callable[[House], list[Any]]] = {
    "pmo.relay": of_kind("performance"),
    "pmo.sweep": owing,
    "pmo.release": claimed,
    "pmo.heartbeat": nothing,
    "pmo.seal_audit": nothing,
    "pmo.tidy": answers,
    "portfolio.evidence_pack": pack,
    "portfolio.new_day": yesterday,
    "projects.import_run": file,
}


def moving(house: House) -> list[int]:
    """Two projects that are to follow another standard."""
    ids = [house.id("project", "own"), house.id("project", "unassigned")]
    version = house.id("standard_version", "own")
    batch = standard_move(actor=house.cast.actor("pmo_director"), version_id=version, project_ids=ids)
    return list(TailoringChange.objects.filter(batch=batch).values_list("pk", flat=True))


def moved(house: House) -> list[int]:
    """The same, moved, and to be taken back."""
    subjects = moving(house)
    moves_run(house.cast.organisation.pk, subjects)
    return subjects


SUBJECTS: dict[str, Callable[[House], list[int]]] = {
    "performance": lambda house: [house.id("project", "own"), house.id("project", "unassigned")],
    "portfolio": lambda house: [house.id("project", "own"), house.id("project", "unassigned")],
    "compliance": lambda house: [house.id("project", "own"), house.id("project", "unassigned")],
    "evidence-pack": lambda house: [int(pack(house)[0])],
    "import": lambda house: [int(file(house)[0])],
    "accrual": accrual,
    "standard-move": moving,
    "standard-move-undo": moved,
    "rates": lambda house: [0],
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), undone():
        yield build()


def registered() -> dict[str, Any]:
    return {name: task for name, task in current_app.tasks.items() if name.split(".")[0] in OURS}


def state() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of ours, without the moments. Of what is owed: what, not how often it was said."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label in OURS and model is not OutboxMark:
            names = [field.attname for field in model._meta.concrete_fields if field.name not in MOMENTS]
            rows = model.objects.order_by("pk").values_list(*names)
            found[model._meta.label] = [tuple(map(str, row)) for row in rows]
    owed = OutboxMark.objects.values_list("organisation", "kind", "subject_id", "dead_at")
    return {**found, "owed": sorted({tuple(map(str, row)) for row in owed})}


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [
        f"{label}: {set(map(str, one[label])) ^ set(map(str, other[label]))}"
        for label in one
        if one[label] != other[label]
    ]


def test_every_task_and_every_handler_has_a_case():
    assert set(registered()) == set(TASKS)
    assert set(HANDLERS.names()) == set(SUBJECTS)


@pytest.mark.parametrize("name", sorted(TASKS))
def test_a_task_that_runs_twice_leaves_what_it_left(world: World, name: str):
    with undone():
        given = TASKS[name](world.alder)
        registered()[name](*given)
        once = state()
        registered()[name](*given)
        registered()[name](*given)
        assert differences(once, state()) == []


@pytest.mark.skipif(
    connection.vendor == "postgresql", reason="sequences go on after a rollback: new rows have other keys each time"
)
def test_tasks_in_another_order_leave_the_same_state_in_the_end(world: World):
    ends = []
    for order in (sorted(TASKS), sorted(TASKS, reverse=True)):
        with undone():
            given = {name: TASKS[name](world.alder) for name in sorted(TASKS)}
            for name in order:
                registered()[name](*given[name])
            registered()["pmo.sweep"]()
            registered()["pmo.seal_audit"]()
            assert not OutboxMark.objects.exclude(kind__in=["import", "evidence-pack"]).exists(), (
                "these are watched for a while"
            )
            ends.append({label: rows for label, rows in state().items() if label not in ORDERED})
            ends[-1]["marks"] = [CostEntry.objects.count(), ImportBatch.objects.filter(state="applied").count()]
    assert differences(*ends) == []


# Numbered in the order of what happened: the same events stand in another order, which is what the log is for.
ORDERED = {"pmo.AuditSeal", "portfolio.FindingEvent", "owed"}


@pytest.mark.parametrize("kind", sorted(SUBJECTS))
def test_a_handler_given_the_same_twice_and_in_reverse_leaves_what_it_left(world: World, kind: str):
    handler = HANDLERS[kind]
    with undone():
        subjects, organisation = SUBJECTS[kind](world.alder), world.alder.cast.organisation.pk
        handler.run(organisation, handler.lock(organisation, subjects))
        once = state()
        for again in (subjects, subjects[::-1]):
            handler.run(organisation, handler.lock(organisation, again))
        assert differences(once, state()) == []


@pytest.mark.parametrize("kind", sorted(SUBJECTS))
def test_a_handler_leaves_the_rows_of_another_organisation_alone(world: World, kind: str):
    """Told of a subject that lives elsewhere, it finds nothing to do there."""
    handler = HANDLERS[kind]
    with undone():
        subjects, elsewhere = SUBJECTS[kind](world.alder), world.birch.cast.organisation.pk
        before = {label: rows for label, rows in state().items() if label.startswith("projects.")}
        locked = handler.lock(elsewhere, subjects)
        if locked:
            handler.run(elsewhere, locked)
        after = {label: rows for label, rows in state().items() if label.startswith("projects.")}
        assert differences(before, after) == []


def test_a_file_applied_twice_is_posted_once(world: World):
    with undone():
        before = CostEntry.objects.count()
        given = TASKS["projects.import_run"](world.alder)
        for _ in range(2):
            registered()["projects.import_run"](*given)
        assert ImportBatch.objects.get(pk=given[0]).state == "applied", ImportBatch.objects.get(pk=given[0]).error
        assert CostEntry.objects.count() == before + 2
