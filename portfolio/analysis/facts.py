"""What the rules look at: frozen figures of projects at one status date, loaded elsewhere, never changed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from portfolio.analysis.lifecycle_facts import NOTHING, Answers, Lifecycle
from portfolio.analysis.skill_facts import LeadGap

# A project that is being worked on; the others have no cause left that anybody could remove.
LIVE: Final = frozenset({"active", "on_hold"})


@dataclass(frozen=True, slots=True)
class ProjectFigures:
    """One project at the status date. Money in `currency`; None means undefined, never zero.

    Percentages (`*_percent`, `percent_complete`) are in percentage points, as the metrics of one project are: 12.5 is
    12.5 %. `spend_since_progress` is the actual cost dated after the last change of progress (all of it where there
    never was one).
    """

    id: int
    code: str
    name: str
    status: str
    portfolio_id: int
    portfolio_name: str
    programme_id: int | None
    programme_name: str
    currency: str
    project_manager: str | None
    sponsor: str | None
    budget_owner: str | None
    start: date | None
    finish: date | None
    has_baseline: bool
    bac: Decimal | None
    pv: Decimal | None
    ev: Decimal | None
    ac: Decimal | None
    committed: Decimal | None
    cv: Decimal | None
    cv_percent: Decimal | None
    cpi: Decimal | None
    spi: Decimal | None
    sv: Decimal | None
    sv_percent: Decimal | None
    eac: Decimal | None
    vac: Decimal | None
    vac_percent: Decimal | None
    spend_percent: Decimal | None
    percent_complete: Decimal | None
    eac_method: str
    last_progress_on: date | None
    last_cost_on: date | None
    spend_since_progress: Decimal
    created_on: date
    contingency: Decimal | None = None  # in the approved budget; None where it holds none
    contingency_spent: Decimal = Decimal(0)
    reported_eac: Decimal | None = None
    reported_eac_on: date | None = None
    reported_before: Decimal | None = None  # what was reported at the status date before that
    reported_before_on: date | None = None
    spend_outside: Decimal = Decimal(0)  # actual cost dated before the start or after the finish
    accruals_open: Decimal = Decimal(0)  # accruals that nothing has reversed and that no day is set for
    oldest_accrual_on: date | None = None

    @property
    def live(self) -> bool:
        return self.status in LIVE

    @property
    def subject(self) -> str:
        return f"project:{self.id}"


@dataclass(frozen=True, slots=True)
class VendorSpend:
    """Actual cost booked to one vendor in one project, in the project's currency."""

    vendor_id: int
    vendor: str
    project_id: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PortfolioSpend:
    """Actual cost of a portfolio's live projects in one currency."""

    portfolio_id: int
    portfolio: str
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Invoice:
    """An actual cost that has a like: another of the same vendor, amount and currency."""

    id: int
    vendor_id: int
    vendor: str
    project_id: int
    amount: Decimal
    currency: str
    reference: str
    incurred_on: date


@dataclass(frozen=True, slots=True)
class PortfolioFacts:
    """Everything one evaluation looks at.

    `changed`: the projects that rules about one project look at; None = all of them. `subjects`: the wider subjects
    (`vendor:7`, `programme:3`, `portfolio:1`) whose projects and spend are loaded completely, so that rules across
    projects may judge them; None = all of them. What is not covered is neither found nor resolved.
    """

    status_date: date
    projects: tuple[ProjectFigures, ...]
    vendor_spend: tuple[VendorSpend, ...] = ()
    portfolio_spend: tuple[PortfolioSpend, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    lifecycle: Mapping[int, Lifecycle] = field(default_factory=dict)  # by project, those in scope
    accountable: tuple[Answers, ...] = ()  # always of all live projects
    lead_gaps: Mapping[int, tuple[LeadGap, ...]] = field(default_factory=dict)  # by hard project, those in scope
    changed: frozenset[int] | None = None
    subjects: frozenset[str] | None = None

    def live_in_scope(self) -> Iterator[ProjectFigures]:
        """The projects that a rule about one project has to judge."""
        for project in self.projects:
            if project.live and (self.changed is None or project.id in self.changed):
                yield project

    def lifecycle_of(self, project: ProjectFigures) -> Lifecycle:
        """How the project is run; nothing to tell where nothing was laid for it."""
        return self.lifecycle.get(project.id, NOTHING)

    def live(self) -> Iterator[ProjectFigures]:
        """All loaded projects that are being worked on: what a rule across projects starts from."""
        return (project for project in self.projects if project.live)

    def covers(self, subject: str) -> bool:
        """Whether a finding about `subject` may be opened or resolved from these facts."""
        kind, _, rest = subject.partition(":")
        root = rest.partition(":")[0]
        if kind == "project":
            return self.changed is None or int(root) in self.changed
        if kind == "person":  # who is accountable for what is always loaded whole
            return True
        return self.subjects is None or f"{kind}:{root}" in self.subjects
