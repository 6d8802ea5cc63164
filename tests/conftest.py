"""The fixed cast of the tests: two organisations strictly apart, the people of each, and one project with money."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

os.environ.setdefault("PMO_DATA", tempfile.mkdtemp(prefix="plumbline-test-"))
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser tests' driver runs an event loop
os.environ.setdefault("API_THROTTLES", "false")
os.environ.setdefault("CACHE_URL", "memory")  # of each process its own: several test beside one another

import pytest
from django.db import connections
from django.test import Client, TransactionTestCase

from pmo.kit.constraints import append_only_lifted
from pmo.models import Membership, Organisation, Person, User
from pmo.selectors.actors import Actor, actor_for
from pmo.services.organisations import organisation_create
from pmo.services.outbox import relay_all
from portfolio.models import Portfolio, PortfolioAssignment, Programme
from projects.models import Budget, Project, ProjectMember
from projects.services.budgets import LineDraft, budget_approve, budget_propose, budget_submit
from projects.services.projects import ProjectDraft, project_create

SHARED = Path(os.environ.get("PMO_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
PASSWORD = "correct horse battery"
STATUS_DATE = date(2026, 10, 31)

_empty_database = TransactionTestCase._fixture_teardown


def _teardown(self: TransactionTestCase) -> None:
    """Emptying a test database is the operator's act: the append-only guard is lifted for it and put back."""
    if connections["default"].vendor == "sqlite":
        with append_only_lifted(connections["default"]):
            _empty_database(self)
    else:
        _empty_database(self)


TransactionTestCase._fixture_teardown = _teardown


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files beside the project; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"the folder of real data is not there: {SHARED.name}")
    return SHARED


@dataclass
class Cast:
    """One organisation with its people and a project."""

    organisation: Organisation
    portfolio: Portfolio
    programme: Programme
    people: dict[str, User] = field(default_factory=dict)
    project: Project | None = None

    def actor(self, role: str) -> Actor:
        """The person who has that role and no other."""
        return actor_for(self.people[role], self.organisation)

    def person(self, role: str) -> Person:
        return Person.objects.get(organisation=self.organisation, user=self.people[role])

    def client(self, role: str) -> Client:
        """A browser signed in as that person."""
        client = Client()
        client.force_login(self.people[role])
        return client


def make_cast(slug: str, canary: str) -> Cast:
    """An organisation with one person for each role, a portfolio, a programme, a project they are all assigned to."""
    organisation = organisation_create(slug=slug, name=f"{canary} council", currency="GBP")
    organisation.status_date = STATUS_DATE
    organisation.save()
    portfolio = Portfolio.objects.create(
        organisation=organisation, code="CAP", name=f"{canary} capital", currency="GBP"
    )
    programme = Programme.objects.create(
        organisation=organisation, portfolio=portfolio, code="HOME", name=f"{canary} homes"
    )
    cast = Cast(organisation, portfolio, programme)
    from_role = {
        "administrator": "Ada", "pmo_director": "Dora", "pmo_analyst": "Anil", "portfolio_manager": "Petra",
        "project_manager": "Milo", "budget_owner": "Bea", "team_member": "Tom", "stakeholder": "Sven",
        "auditor": "Olga",
    }  # fmt: skip
    for role, name in from_role.items():
        user = User.objects.create(email=f"{name.lower()}@{slug}.example", name=f"{name} {canary}")
        Person.objects.create(organisation=organisation, name=user.name, email=user.email, user=user)
        Membership.objects.create(
            organisation=organisation,
            user=user,
            role=role,
            approval_limit=Decimal(5_000_000) if role == "budget_owner" else None,
        )
        cast.people[role] = user
    PortfolioAssignment.objects.create(
        organisation=organisation, portfolio=portfolio, person=cast.person("portfolio_manager")
    )
    cast.project = project_create(
        actor=cast.actor("pmo_director"),
        draft=ProjectDraft(
            code=f"{canary.upper()}-1",
            name=f"{canary} court retrofit",
            portfolio_id=portfolio.pk,
            programme_id=programme.pk,
            currency="GBP",
            values={
                "description": f"{canary} flats get new heating.",
                "start": date(2026, 1, 1),
                "finish": date(2026, 12, 31),
                "project_manager": cast.person("project_manager"),
                "sponsor": cast.person("pmo_director"),
                "budget_owner": cast.person("budget_owner"),
            },
        ),
    )
    for role, kind in (("team_member", "team"), ("stakeholder", "stakeholder")):
        ProjectMember.objects.create(
            organisation=organisation, project=cast.project, person=cast.person(role), kind=kind
        )
    return cast


def without_phases(project: Project) -> None:
    """Take away the phases that a project was made with, and what its standard asks in them."""
    Project.objects.filter(pk=project.pk).update(phase=None)
    for asked in (project.activities, project.deliverables, project.gates, project.phases):
        asked.all().delete()


@pytest.fixture
def alder(db: None) -> Cast:
    """Alder council: where most tests happen."""
    return make_cast("alder", "Alder")


@pytest.fixture
def birch(db: None) -> Cast:
    """Birch council: whose texts must never be seen in Alder."""
    return make_cast("birch", "Birch")


@pytest.fixture
def approved_budget() -> Callable[..., Budget]:
    """Gives a project an approved baseline of 1,200,000 spread over 2026 by month, or the lines given."""

    def approve(cast: Cast, project: Project | None = None, lines: list[LineDraft] | None = None) -> Budget:
        project = project or cast.project
        assert project is not None
        lines = lines or [LineDraft(Decimal(100_000), date(2026, month, 1)) for month in range(1, 13)]
        budget = budget_propose(actor=cast.actor("pmo_analyst"), project_id=project.pk, lines=lines)
        budget = budget_submit(actor=cast.actor("pmo_analyst"), budget_id=budget.pk, version=budget.version)
        return budget_approve(
            actor=cast.actor("pmo_director"), budget_id=budget.pk, version=budget.version, effective_on=date(2026, 1, 1)
        )

    return approve


@pytest.fixture
def settle() -> Callable[[], int]:
    """Does what a worker would do: pays everything owed."""
    return relay_all


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[list[tuple[Any, ...]]]:
    """Wake-ups go to a list, unless a test is marked `broker`."""
    woken: list[tuple[Any, ...]] = []
    if "broker" not in request.keywords:
        monkeypatch.setattr("pmo.kit.queue._waker.wake", lambda task, *args, after=0: woken.append((task, *args)))
    yield woken
