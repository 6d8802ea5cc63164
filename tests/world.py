"""Two organisations full of rows, made once for a whole module: what the tests of permissions ask about.

In each, everything exists three times over: in a project that everybody is assigned to ("own"), in one that nobody is
assigned to ("unassigned"), and, seen from the other organisation, as something foreign. Every text of an organisation
holds its canary ("Alder", "Birch"); every text of an unassigned project holds SEALED as well; every amount of money of
the own project is SECRET.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from pmo.models import (
    ApiToken,
    AuditEvent,
    Membership,
    Person,
    SavedView,
    User,
)
from pmo.selectors.actors import Actor, actor_for
from pmo.services.audit import audit_record
from pmo.services.outbox import relay_all
from pmo.services.rates import rate_record
from pmo.services.tokens import token_create
from portfolio.models import Finding, FindingProject, Portfolio, PortfolioAssignment, Programme
from projects.models import (
    Budget,
    Forecast,
    ForecastLine,
    ImportBatch,
    ImportMapping,
    ImportRow,
    PhaseMilestone,
    Progress,
    Project,
    UnmatchedCost,
)
from projects.services.budgets import LineDraft, budget_approve, budget_propose, budget_submit
from projects.services.change_requests import ChangeDraft, change_request_propose, change_request_submit
from projects.services.costs import Posting, cost_entry_post
from projects.services.progress import forecast_record, health_declare, progress_record
from projects.services.projects import ProjectDraft, project_create
from tests.conftest import Cast, make_cast
from tests.world_communication import communication
from tests.world_compliance import compliance, packs
from tests.world_lifecycle import annex, checklist, personal_lifecycle
from tests.world_skills import asked_as_well, skills
from tests.world_standards import standards

SEALED = "Sealed"
SECRET = Decimal("613377.13")
# As it is, in thousands, and as the budget of four such amounts.
SECRET_SHOWN = r"613[,.\u00a0\u202f ]?377|613(\.4)?\u202f?k\b|>\s*(613(\.4)?|2,45[34](\.5)?)\s*<|2[,.]?453[,.]?508"
WRITE_SCOPES = ["projects:*", "costs:*", "finance:*", "standards:*", "portfolio:*", "imports:write", "audit:read"]
READ_SCOPES = ["projects:read", "costs:read", "finance:read", "standards:read", "portfolio:read", "audit:read"]
IMPORTERS = ("pmo_director", "pmo_analyst", "portfolio_manager", "project_manager")


@dataclass
class House:
    """One organisation. `objects[kind][which]` is a key; which is own, unassigned, or a role for what is personal."""

    cast: Cast
    canary: str
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.cast.organisation.slug

    def id(self, kind: str, which: str) -> Any:
        """The key of a thing; of the shared one where it does not matter whose it is."""
        known = self.objects[kind]
        return next(known[key] for key in (which, "own", "pmo_director") if key in known)

    def keep(self, kind: str, which: str, thing: Any) -> None:
        self.objects.setdefault(kind, {})[which] = getattr(thing, "pk", thing)

    def client(self, role: str) -> Client:
        """A browser signed in as the person of that role; one for the whole module."""
        return self.clients[role]


@dataclass
class World:
    alder: House
    birch: House

    def house(self, name: str) -> House:
        return getattr(self, name)

    def other(self, name: str) -> House:
        return self.birch if name == "alder" else self.alder


def build() -> World:
    """Both houses, and somebody who has a role in each. Call inside a transaction that is rolled back."""
    world = World(_house("alder", "Alder"), _house("birch", "Birch"))
    double = User.objects.create(email="double@agent.example", name="Double agent")
    for house, role in ((world.alder, "pmo_director"), (world.birch, "auditor")):
        Membership.objects.create(organisation=house.cast.organisation, user=double, role=role)
        house.cast.people["double"] = double
        personal(house, "double", double)
        asked_as_well(house, "double", double)
        house.clients = {role: house.cast.client(role) for role in house.cast.people}
    return world


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside leaves no trace in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def writes() -> Iterator[list[str]]:
    """Collects the tables written to meanwhile. The mark of a token's last use is none of its holder's doing."""
    written: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        words = sql.split(None, 3)
        if words[0] in ("INSERT", "UPDATE", "DELETE", "REPLACE") and '"last_used_at" = ' not in sql:
            written.append(" ".join(words[:3]).replace('"', ""))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield written


def _house(slug: str, canary: str) -> House:
    house = House(make_cast(slug, canary), canary)
    cast = house.cast
    _colleagues(house)
    sealed = Portfolio.objects.create(
        organisation=cast.organisation, code="OPS", name=f"{canary} {SEALED} operations", currency="GBP"
    )
    second = Portfolio.objects.create(
        organisation=cast.organisation, code="NEXT", name=f"{canary} next", currency="GBP"
    )
    PortfolioAssignment.objects.create(
        organisation=cast.organisation, portfolio=second, person=cast.person("portfolio_manager")
    )
    behind = Programme.objects.create(
        organisation=cast.organisation, portfolio=sealed, code="OPS1", name=f"{canary} {SEALED} programme"
    )
    house.keep("second_portfolio", "own", second)
    for which, portfolio, programme in (("own", cast.portfolio, cast.programme), ("unassigned", sealed, behind)):
        house.keep("portfolio", which, portfolio)
        house.keep("programme", which, programme)
        word = canary if which == "own" else f"{canary} {SEALED}"
        project = cast.project if which == "own" else _project(house, f"{word} vault", portfolio, programme)
        _fill(house, which, project, word)
    _office(house)
    relay_all()
    for which in ("own", "unassigned"):
        _findings(house, which)
    return house


def _colleagues(house: House) -> None:
    """An analyst who does what is found already there, and somebody whose role is there to be taken."""
    organisation = house.cast.organisation
    for key, name, role in (("colleague", "Zoe", "pmo_analyst"), ("spare", "Sam", "team_member")):
        user = User.objects.create(email=f"{name.lower()}@{organisation.slug}.example", name=f"{name} {house.canary}")
        Person.objects.create(organisation=organisation, user=user, name=user.name, email=user.email)
        membership = Membership.objects.create(organisation=organisation, user=user, role=role)
        house.cast.people[key] = user
        house.keep("membership", "own", membership)


def _project(house: House, name: str, portfolio: Portfolio, programme: Programme, code: str = "VAULT") -> Project:
    draft = ProjectDraft(
        code=f"{house.slug.upper()}-{code}", name=name, portfolio_id=portfolio.pk, programme_id=programme.pk,
        currency="GBP", values={"description": name, "start": date(2026, 1, 1), "finish": date(2026, 12, 31)},
    )  # fmt: skip
    return project_create(actor=house.cast.actor("pmo_director"), draft=draft)


def _fill(house: House, which: str, project: Project, word: str) -> None:
    actor = _colleague(house)
    house.keep("project", which, project)
    house.keep("project_code", which, project.code)
    house.keep("project_phase", which, project.phases.first())
    lines = [LineDraft(SECRET, date(2026, month, 1), funding_source=f"{word} fund") for month in (1, 4, 7, 10)]
    approved = _budget(house, project, lines, "approved", word)
    house.keep("budget", which, approved)
    house.keep("budget_line", which, approved.lines.first())
    house.keep("budget_draft", which, _budget(house, project, lines[:1], "draft", word))
    for kind in ("change", "change_submitted"):
        draft = ChangeDraft(title=f"{word} change", reason=f"{word} needs it", scope_effect=f"{word} more")
        request = change_request_propose(actor=actor, project_id=project.pk, draft=draft)
        if kind == "change_submitted":
            request = change_request_submit(actor=actor, request_id=request.pk, version=request.version)
        house.keep(kind, which, request)
    house.keep("baseline", which, approved.baseline)
    checklist(house, which, project, word)
    posting = Posting(
        project_id=project.pk, amount=SECRET, incurred_on=date(2026, 5, 4), vendor_name=f"{word} builders",
        reference=f"{word} invoice", description=f"{word} works",
    )  # fmt: skip
    entry = cost_entry_post(actor=actor, posting=posting).entry
    house.keep("cost_entry", which, entry)
    house.keep("vendor", which, entry.vendor_id)
    day = {"actor": actor, "project_id": project.pk, "status_date": date(2026, 10, 1)}
    house.keep("progress", which, progress_record(**day, percent_complete=Decimal(30), note=f"{word} note"))
    house.keep("forecast", which, forecast_record(**day, eac=SECRET * 5, note=f"{word} guess"))
    _measured(house, project)
    house.keep("health_declaration", which, health_declare(**day, health="amber", reason=f"{word} reason"))
    house.keep("audit_event", which, AuditEvent.objects.filter(project_ref=project.pk).first())
    first = _alike(house, project, which, f"{word} annex", f"ANNEX-{which}")
    annex(house, which, first, word)
    house.keep("annex_code", which, first.code)
    house.keep("budget_submitted", which, _budget(house, first, lines[:1], "submitted", word))
    archived = _alike(house, project, which, f"{word} attic", f"ATTIC-{which}")
    archived.archived_at = timezone.now()
    archived.save()
    house.keep("project_archived", which, archived)
    compliance(house, which, project)
    communication(house, which, project, word)


def _measured(house: House, project: Project) -> None:
    """A milestone that was reached, and an estimate to complete by month, older than the rest."""
    mine = {"organisation": house.cast.organisation}
    phase = project.phases.order_by("order").first()
    milestone = PhaseMilestone.objects.create(
        **mine, project_phase=phase, order=1, name=f"{house.canary} roof", weight=1
    )
    Progress.objects.create(
        **mine, project=project, project_phase=phase, milestone=milestone, status_date=date(2026, 9, 1),
        percent_complete=Decimal(10),
    )  # fmt: skip
    forecast = Forecast.objects.create(
        **mine, project=project, kind=Forecast.Kind.ETC, status_date=date(2026, 9, 1), eac=SECRET * 5
    )
    ForecastLine.objects.create(**mine, forecast=forecast, period=date(2026, 10, 1), amount=SECRET)


def _alike(house: House, project: Project, which: str, name: str, code: str) -> Project:
    """A second project beside it, with the same people."""
    other = _project(house, name, project.portfolio, project.programme, code)
    if which == "own":
        other.project_manager, other.budget_owner = project.project_manager, project.budget_owner
        for member in project.members.all():
            member.pk, member.project = None, other
            member.save()
        other.save()
    return other


def _colleague(house: House) -> Actor:
    return actor_for(house.cast.people["colleague"], house.cast.organisation)


def _budget(house: House, project: Project, lines: list[LineDraft], state: str, word: str) -> Budget:
    actor = _colleague(house)
    budget = budget_propose(actor=actor, project_id=project.pk, lines=lines, label=f"{word} plan")
    if state != "draft":
        budget = budget_submit(actor=actor, budget_id=budget.pk, version=budget.version)
    if state == "approved":
        budget = budget_approve(
            actor=house.cast.actor("pmo_director"), budget_id=budget.pk, version=budget.version,
            effective_on=date(2026, 1, 1),
        )  # fmt: skip
    return budget


def _findings(house: House, which: str) -> None:
    project = Project.objects.get(pk=house.id("project", which))
    word = house.canary if which == "own" else f"{house.canary} {SEALED}"
    for kind, status in (("finding", "open"), ("finding_suppressed", "suppressed")):
        finding = Finding.objects.create(
            organisation=house.cast.organisation, rule="cost-overrun", scope="project", severity="high",
            severity_rank=1, fingerprint=f"{kind}-{which}-{house.slug}", subject=f"project:{project.pk}",
            title=f"{word} costs more", detail=f"{word} costs {SECRET} more", status=status,
            evidence=[{"label": f"{word} over", "value": str(SECRET), "unit": "GBP", "project": None, "metric": "cv"}],
        )  # fmt: skip
        FindingProject.objects.create(organisation=house.cast.organisation, finding=finding, project=project)
        house.keep(kind, which, finding)


def _office(house: House) -> None:
    organisation, canary = house.cast.organisation, house.canary
    house.keep("organisation", "own", organisation)
    house.keep("person", "own", house.cast.person("spare"))
    rate = rate_record(
        actor=house.cast.actor("pmo_analyst"), base="USD", quote="GBP", rate=Decimal("0.75"),
        valid_on=date(2026, 1, 1), source=f"{canary} bank",
    )  # fmt: skip
    house.keep("exchange_rate", "own", rate)
    standards(house)
    skills(house)
    mapping = ImportMapping.objects.create(organisation=organisation, name=f"{canary} file", target="projects")
    house.keep("import_mapping", "own", mapping)
    for role in (*house.cast.people, "other"):
        owner = house.cast.people["colleague" if role == "other" else role]
        personal(house, role, owner)
    for role in house.cast.people:
        audit_record(
            actor=_colleague(house), action="person.update", object_type="person", object_id=1, label=f"{canary} {role}"
        )


def personal(house: House, which: str, owner: User) -> None:
    """A token, a view and an import in each of its states, all `owner`'s."""
    organisation, canary = house.cast.organisation, house.canary
    which = "unassigned" if which == "other" else which
    personal_lifecycle(house, which, owner)
    token = ApiToken.objects.create(
        organisation=organisation, user=owner, name=f"{canary} token", prefix=f"{house.slug[0]}{which}"[:12],
        secret_sha256="0" * 64, scopes=READ_SCOPES, expires_at=timezone.now() + timedelta(days=9),
    )  # fmt: skip
    house.keep("token", which, token)
    view = SavedView.objects.create(
        organisation=organisation, user=owner, listing="projects", name=f"{canary} {which}", query="status=active"
    )
    house.keep("saved_view", which, view)
    packs(house, which, owner)
    if which not in (*IMPORTERS, "unassigned"):
        return
    for state in ("previewed", "applied", "queued"):
        batch = ImportBatch(
            organisation=organisation, target="cost-entries", file_name=f"{canary}.csv", file_sha256="0" * 64,
            state=state, created_by=owner, columns=[{"header": f"{canary} amount", "samples": [f"{canary} 12"]}],
        )  # fmt: skip
        batch.file.save("matrix.csv", ContentFile(f"project,{canary} amount\nX,12\n".encode()), save=False)
        batch.save()
        ImportRow.objects.create(
            organisation=organisation, batch=batch, line=2, outcome="rejected", key=f"{canary} key",
            message=f"{canary} is unknown", raw={f"{canary} amount": f"{canary} 12"},
        )  # fmt: skip
        house.keep(f"import_{state}", which, batch)
    waiting = UnmatchedCost.objects.create(
        organisation=organisation, import_batch=batch, line=9, hint=f"{canary} unknown", amount=SECRET, currency="GBP",
        incurred_on=date(2026, 5, 4), vendor=f"{canary} waiting", external_id=f"{which}-9", source=f"{owner.pk}",
    )  # fmt: skip
    house.keep("unmatched_cost", which, waiting)


def token_of(house: House, role: str, scopes: list[str]) -> str:
    """The text of a new token of that person."""
    actor = actor_for(house.cast.people[role], house.cast.organisation)
    return token_create(actor=actor, name="probe", scopes=scopes)[1]
