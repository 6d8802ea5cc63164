"""Writing the demo portfolio: an organisation, its people, and its projects by bulk insert."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.models import Membership, Organisation, Person, Role, User
from pmo.selectors.clock import today_in
from pmo.services.organisations import organisation_create
from pmo.services.skill_frameworks import frameworks_install
from pmo.services.standard_writing import standards_install
from portfolio.analysis.demo import RICH, projects
from portfolio.analysis.demo_drafts import ProjectDraft, Shape, Story
from portfolio.analysis.demo_finished import finished_projects
from portfolio.analysis.demo_names import structure
from portfolio.analysis.demo_stories import (
    ACME_PORTFOLIOS,
    ACME_PROGRAMMES,
    THREE,
    TWENTY_FOUR,
)
from portfolio.models import Portfolio, PortfolioAssignment, Programme
from portfolio.services.demo_compliance import compliance_write
from portfolio.services.demo_finished import estimates_write
from portfolio.services.demo_history import history_write
from portfolio.services.demo_people import people_write
from portfolio.services.demo_rates import rates_write
from portfolio.services.demo_rows import Home, projects_write
from portfolio.services.demo_skills import skills_write
from portfolio.services.demo_standards import standards_work
from portfolio.services.demo_work import findings_work, log_write
from portfolio.services.rebuild import organisation_rebuild, unhurried
from projects.models import Project
from projects.services.projects import standard_of

DIRECTOR: Final = "Imogen Farrant"


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in: one for each role of the permission matrix."""

    local: str
    name: str
    role: str


ACCOUNTS: Final = (
    Account("director", DIRECTOR, Role.PMO_DIRECTOR),
    Account("analyst", "Priya Sandoval", Role.PMO_ANALYST),
    Account("portfolio.manager", "Cosmo Verrall", Role.PORTFOLIO_MANAGER),
    Account("project.manager", "Saskia Castellane", Role.PROJECT_MANAGER),
    Account("budget.owner", "Tamsin Orrell", Role.BUDGET_OWNER),
    Account("team.member", "Jonty Marsh", Role.TEAM_MEMBER),
    Account("stakeholder", "Winifred Lacey", Role.STAKEHOLDER),
    Account("auditor", "Conrad Thistle", Role.AUDITOR),
    Account("admin", "Odile Rask", Role.ADMINISTRATOR),
)
ACME_ACCOUNTS: Final = (
    Account("director", "Ludger Hain", Role.PMO_DIRECTOR),
    Account("project.manager", "Henrike Voss", Role.PROJECT_MANAGER),
)


@dataclass(frozen=True)
class Made:
    """What a seeding made. `password` is that of every account made; "" where all were there already.

    `finished` projects are in neither of the other two numbers.
    """

    organisation: Organisation
    projects: int
    cost_entries: int
    password: str
    finished: int = 0


@transaction.atomic
def demo_seed(
    *,
    count: int,
    cost_entries: int,
    seed: int,
    slug: str = "demo",
    password: str | None = None,
    today: date | None = None,
    finished: int = 0,
) -> Made:
    """Make the demo council `slug` with `count` projects and their ledgers, everything derived included, and beside
    them up to eight that are `finished`, which the scoreboard of estimates looks back on.

    The same seed on the same day makes the same data. Refused where the organisation has projects already.
    """
    return _seed(
        _organisation(slug, "Harrowmere Council", "GBP", "Europe/London", 4),
        ACCOUNTS, TWENTY_FOUR, *structure(count),
        count=count, cost_entries=cost_entries, seed=seed, password=password, today=today, finished=finished,
    )  # fmt: skip


@transaction.atomic
def acme_seed(*, seed: int, password: str | None = None, today: date | None = None) -> Made:
    """Make the second organisation, with three projects and nothing in common with the first."""
    return _seed(
        _organisation("acme", "Acme Instruments", "EUR", "Europe/Berlin", 1),
        ACME_ACCOUNTS, THREE, ACME_PORTFOLIOS, ACME_PROGRAMMES,
        count=3, cost_entries=240, seed=seed, password=password, today=today, abroad={"ACM-104": "USD"},
    )  # fmt: skip


def _organisation(slug: str, name: str, currency: str, zone: str, month: int) -> Organisation:
    organisation = Organisation.objects.filter(slug=slug).first()
    if organisation is None:
        if slug not in ("demo", "acme"):
            name = f"{name} ({slug})"
        return organisation_create(
            slug=slug, name=name, currency=currency, timezone_name=zone, fiscal_year_start_month=month
        )
    if Project.objects.filter(organisation=organisation).exists():
        raise ApplicationError(_("The organisation “%s” has projects already.") % slug, code="not_empty", status=409)
    standards_install(organisation)
    frameworks_install(organisation)
    return organisation


def _seed(
    organisation: Organisation,
    accounts: Sequence[Account],
    told: Sequence[tuple[Story, Shape]],
    portfolios: dict[str, tuple[str, str]],
    programmes: dict[str, tuple[str, str, str]],
    *,
    count: int,
    cost_entries: int,
    seed: int,
    password: str | None,
    today: date | None,
    finished: int = 0,
    abroad: Mapping[str, str] = MappingProxyType({}),
) -> Made:
    unhurried()
    today = today or today_in(organisation)
    for currency in sorted(set(abroad.values())):
        rates_write(organisation, currency, Decimal("0.9150"), today)
    users, given = _accounts(organisation, accounts, password or "-".join(secrets.token_hex(2) for _ in range(4)))
    folders = {
        code: Portfolio.objects.create(
            organisation=organisation, code=code, name=name, description=text, currency=organisation.currency
        )
        for code, (name, text) in portfolios.items()
    }
    groups = {
        code: Programme.objects.create(
            organisation=organisation, portfolio=folders[folder], code=code, name=name, description=text
        )
        for code, (folder, name, text) in programmes.items()
    }
    if manager := users.get(Role.PORTFOLIO_MANAGER):
        person = Person.objects.get(organisation=organisation, user=manager)
        PortfolioAssignment.objects.create(
            organisation=organisation, portfolio=next(iter(folders.values())), person=person
        )
    home = Home(
        organisation=organisation,
        version=standard_of(organisation.pk),
        portfolios={code: folder.pk for code, folder in folders.items()},
        programmes={code: group.pk for code, group in groups.items()},
        users={role: user.pk for role, user in users.items()},
        manager=users[Role.PROJECT_MANAGER].name,
        abroad=abroad,
    )
    drafts: list[ProjectDraft] = []
    entries = 0
    for draft in projects(count, cost_entries, seed, today, told):
        drafts.append(draft)
        if len(drafts) == 500:
            entries += projects_write(home, drafts, today)
            drafts = []
    entries += projects_write(home, drafts, today)
    over = list(finished_projects(finished, seed, today))
    projects_write(home, over, today)
    estimates_write(home, over, users[Role.PROJECT_MANAGER].pk)
    standards_work(organisation, users, today)
    skills_write(organisation, users, today)
    compliance_write(organisation, users, today)  # last: it computes the past year from what the others laid
    organisation_rebuild(organisation.pk)
    people_write(organisation, users, today)  # its documents tell the figures
    if count <= RICH:
        log_write(organisation, users)
        findings_work(organisation, users)
        history_write(organisation, today)
    return Made(organisation, count, entries, given, len(over))


def _accounts(organisation: Organisation, accounts: Sequence[Account], password: str) -> tuple[dict[str, User], str]:
    """The accounts by role, and the password where at least one of them was made."""
    users: dict[str, User] = {}
    given = ""
    for account in accounts:
        email = f"{account.local}@{organisation.slug}.example"
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, password, name=account.name)
            given = password
        Membership.objects.get_or_create(organisation=organisation, user=user, role=account.role)
        Person.objects.get_or_create(
            organisation=organisation, user=user, defaults={"name": account.name, "email": email}
        )
        users[account.role] = user
    return users, given


def demo_is_wanted() -> bool:
    """Whether the installation holds no project yet."""
    return not Project.objects.exists()
