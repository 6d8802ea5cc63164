"""The rows of demo projects, in the order in which they refer to one another."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import count, islice
from typing import Any, Final

from django.db import connection, models

from pmo.kit.bulk import insert_rows, reserve_ids
from pmo.models import Organisation, Person, Phase, Role, StandardVersion
from portfolio.analysis.demo_drafts import ProjectDraft
from projects.models import (
    Budget,
    BudgetLine,
    CostEntry,
    Forecast,
    HealthDeclaration,
    Progress,
    Project,
    ProjectMember,
    ProjectPhase,
    Vendor,
)

SOURCE: Final = "ledger"
Row = tuple[Any, ...]


@dataclass
class Home:
    """Where the projects go, by id; people and vendors are named once and kept here from batch to batch."""

    organisation: Organisation
    version: StandardVersion
    portfolios: dict[str, int]
    programmes: dict[str, int]
    users: dict[str, int]
    manager: str  # the one project manager who has an account
    people: dict[str, int] = field(default_factory=dict)
    vendors: dict[str, int] = field(default_factory=dict)
    phases: list[tuple[int, str]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    abroad: Mapping[str, str] = field(default_factory=dict)  # currency by code, of projects in another than ours

    def currency_of(self, draft: ProjectDraft) -> str:
        return self.abroad.get(draft.story.code, self.organisation.currency)


def projects_write(home: Home, drafts: Sequence[ProjectDraft], today: date) -> int:
    """Insert the projects with everything that belongs to them. Answers how many ledger entries."""
    if not drafts:
        return 0
    _know(home, drafts)
    ids = reserve_ids(Project, len(drafts))
    phase_ids = iter(reserve_ids(ProjectPhase, 5 * len(drafts)))
    phases = {pk: list(islice(phase_ids, 5)) for pk in ids}
    budgets = dict(zip(ids, reserve_ids(Budget, len(drafts)), strict=True))
    pairs = list(zip(ids, drafts, strict=True))
    _insert(home, Project, PROJECT, (_project(home, pk, draft, today) for pk, draft in pairs))
    _insert(home, ProjectPhase, PHASE, (row for pk, draft in pairs for row in _phases(home, pk, draft, phases[pk])))
    for pk, draft in pairs:
        Project.objects.filter(pk=pk).update(phase_id=phases[pk][draft.current_phase - 1])
    _insert(home, Budget, BUDGET, (_budget(home, pk, draft, budgets[pk]) for pk, draft in pairs))
    _insert(home, BudgetLine, LINE, (row for pk, draft in pairs for row in _lines(pk, draft, budgets[pk], phases[pk])))
    fresh = iter(reserve_ids(CostEntry, sum(len(draft.entries) for draft in drafts)))
    entries = _insert(
        home, CostEntry, ENTRY, (row for pk, draft in pairs for row in _entries(home, pk, draft, phases[pk], fresh))
    )
    _insert(home, Progress, PROGRESS, (row for pk, draft in pairs for row in _progress(home, pk, draft, phases[pk])))
    _insert(home, Forecast, FORECAST, (row for pk, draft in pairs for row in _forecasts(home, pk, draft, today)))
    _insert(home, HealthDeclaration, HEALTH, (row for pk, draft in pairs for row in _health(home, pk, draft)))
    _insert(home, ProjectMember, MEMBER, (row for pk, draft in pairs for row in _members(home, pk, draft)))
    return entries


def _insert(home: Home, model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
    pk = home.organisation.pk
    return insert_rows(model, ("organisation_id", *columns), ((pk, *row) for row in rows))


def _know(home: Home, drafts: Sequence[ProjectDraft]) -> None:
    """Name the people and vendors that are new in these drafts."""
    organisation = home.organisation
    if not home.people:
        home.people.update(Person.objects.filter(organisation=organisation).values_list("name", "id"))
        home.vendors.update(Vendor.objects.filter(organisation=organisation).values_list("name", "id"))
        phases = Phase.objects.filter(version=home.version).order_by("order")
        home.phases = list(phases.values_list("id", "name"))
    named = (name for draft in drafts for name in draft.story[6:9])
    fresh = [name for name in dict.fromkeys(named) if name and name not in home.people]
    people = Person.objects.bulk_create([Person(organisation=organisation, name=name) for name in fresh])
    home.people.update((person.name, person.pk) for person in people)
    paid = dict.fromkeys(name for draft in drafts for name in draft.story.vendors)
    vendors = Vendor.objects.bulk_create(
        [Vendor(organisation=organisation, name=name) for name in paid if name not in home.vendors]
    )
    home.vendors.update((vendor.name, vendor.pk) for vendor in vendors)


def moment(day: date, hour: int = 9, minute: int = 0) -> str:
    """A moment of that day as the database takes it."""
    at = datetime.combine(day, time(hour, minute), tzinfo=UTC)
    return at.strftime("%Y-%m-%d %H:%M:%S") if connection.vendor == "sqlite" else at.isoformat()


def money(pence: int) -> str:
    sign, pence = ("-", -pence) if pence < 0 else ("", pence)
    return f"{sign}{pence // 100}.{pence % 100:02}"


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


PROJECT: Final = (
    "id", "code", "name", "description", "portfolio_id", "programme_id", "status", "standard_version_id", "tier",
    "project_manager_id", "sponsor_id", "budget_owner_id", "start", "finish", "actual_start", "actual_finish",
    "forecast_finish", "currency", "tags", "source", "external_id", "eac_method", "eac_method_reason", "version",
    "created_at",
)  # fmt: skip


def _project(home: Home, pk: int, draft: ProjectDraft, today: date) -> Row:
    story, shape = draft.story, draft.shape
    sponsor, owner = (
        None if role in shape.missing else home.people.get(name)
        for role, name in (("sponsor", story.sponsor), ("budget_owner", story.budget_owner))
    )
    return (
        pk, story.code, story.name, story.description, home.portfolios[story.portfolio],
        home.programmes[story.programme], shape.status, home.version.pk, draft.tier, home.people[story.manager],
        sponsor, owner, _iso(draft.start), _iso(draft.finish), _iso(draft.actual_start), _iso(draft.actual_finish),
        _iso(draft.forecast_finish), home.currency_of(draft), json.dumps(list(story.tags)), "", "", "", "", 1,
        moment(min(draft.approved_on, today)),
    )  # fmt: skip


PHASE: Final = (
    "id", "project_id", "phase_id", "order", "name", "start", "finish", "actual_start", "actual_finish",
)  # fmt: skip


def _phases(home: Home, pk: int, draft: ProjectDraft, ids: Sequence[int]) -> Iterator[Row]:
    for phase, own, (shipped, name) in zip(draft.phases, ids, home.phases, strict=True):
        yield own, pk, shipped, phase.order, name, *(_iso(day) for day in phase[1:])


BUDGET: Final = (
    "id", "project_id", "number", "label", "state", "origin", "management_reserve", "effective_on", "proposed_by_id",
    "approved_by_id", "approved_at", "decision_reason", "version", "created_at",
)  # fmt: skip


def _budget(home: Home, pk: int, draft: ProjectDraft, own: int) -> Row:
    director = home.users[Role.PMO_DIRECTOR]
    proposer = home.users.get(Role.PMO_ANALYST, home.users[Role.PROJECT_MANAGER])
    made = moment(draft.approved_on, 8)
    reserve = money(draft.reserve)
    if not draft.shape.approved:
        return own, pk, 1, "First budget", "submitted", "entered", reserve, None, proposer, None, None, "", 1, made
    when, at = _iso(draft.approved_on), moment(draft.approved_on, 16)
    return own, pk, 1, "First budget", "approved", "entered", reserve, when, proposer, director, at, "", 1, made


LINE: Final = (
    "budget_id", "project_id", "project_phase_id", "category", "expense_type", "period", "amount", "funding_source",
)  # fmt: skip


def _lines(pk: int, draft: ProjectDraft, budget: int, phases: Sequence[int]) -> Iterator[Row]:
    for line in draft.lines:
        yield (
            budget, pk, phases[line.phase - 1], line.category, line.expense_type, line.period.isoformat(),
            money(line.pence), line.funding_source,
        )  # fmt: skip


ENTRY: Final = (
    "id", "project_id", "project_phase_id", "kind", "category", "amount", "currency", "incurred_on", "recorded_at",
    "vendor_id", "reference", "description", "source", "external_id", "reverses_id",
)  # fmt: skip


def _entries(home: Home, pk: int, draft: ProjectDraft, phases: Sequence[int], fresh: Iterator[int]) -> Iterator[Row]:
    ids = list(islice(fresh, len(draft.entries)))
    currency = home.currency_of(draft)
    for own, entry in zip(ids, draft.entries, strict=True):
        yield (
            own, pk, phases[entry.phase - 1], entry.kind, entry.category, money(entry.pence), currency,
            entry.incurred_on.isoformat(), moment(entry.recorded_on), home.vendors.get(entry.vendor), entry.reference,
            entry.description, SOURCE, f"{draft.story.code}-{next(home.numbers)}",
            ids[entry.reverses] if entry.reverses >= 0 else None,
        )  # fmt: skip


def _speaker(home: Home, draft: ProjectDraft) -> int:
    """Who enters what is said of the project: its manager where that is the one with an account, else the analyst."""
    role = Role.PROJECT_MANAGER if draft.story.manager == home.manager else Role.PMO_ANALYST
    return home.users.get(role, home.users[Role.PROJECT_MANAGER])


PROGRESS: Final = (
    "project_id", "project_phase_id", "status_date", "percent_complete", "note", "recorded_at", "recorded_by_id",
)  # fmt: skip


def _progress(home: Home, pk: int, draft: ProjectDraft, phases: Sequence[int]) -> Iterator[Row]:
    by = _speaker(home, draft)
    for said in draft.progress:
        phase = None if said.phase is None else phases[said.phase - 1]
        yield pk, phase, said.status_date.isoformat(), money(said.hundredths), "", moment(said.recorded_on, 15), by


FORECAST: Final = ("project_id", "status_date", "eac", "note", "recorded_at", "recorded_by_id")


def _forecasts(home: Home, pk: int, draft: ProjectDraft, today: date) -> Iterator[Row]:
    by = _speaker(home, draft)
    for told in draft.forecasts:
        day = min(told.status_date, today)
        yield pk, day.isoformat(), money(told.pence), told.note, moment(day, 17), by


HEALTH: Final = ("project_id", "status_date", "health", "reason", "expires_on", "recorded_at", "declared_by_id")


def _health(home: Home, pk: int, draft: ProjectDraft) -> Iterator[Row]:
    by = _speaker(home, draft)
    for word in draft.declarations:
        day = word.status_date.isoformat()
        yield pk, day, word.health, word.reason, word.expires_on.isoformat(), moment(word.status_date, 17), by


MEMBER: Final = ("project_id", "person_id", "kind")
TEAM_IN: Final = ("COR-021", "COR-029", "SRV-024", "HSG-009")
LOOKS_ON: Final = ("TRN-011", "EST-025", "ENV-006", "HSG-018")


def _members(home: Home, pk: int, draft: ProjectDraft) -> Iterator[Row]:
    for code, name, kind in (
        *((code, "Jonty Marsh", "team") for code in TEAM_IN),
        *((code, "Winifred Lacey", "stakeholder") for code in LOOKS_ON),
    ):
        if draft.story.code == code and name in home.people:
            yield pk, home.people[name], kind
