"""What the demo portfolio consists of before it is written: frozen, in whole pence, free of any database."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Shape(NamedTuple):
    """How a project fares at the day of the demo. Shares and indices are plain numbers: no amount is kept in them.

    `elapsed`: share of its months gone. `said`, `spent`: days since the last progress and the last cost; None = never.
    `reported`: latest reported estimate as a share of the budget, None = none. `declared`: the manager's own colour.
    """

    bac: int  # pounds
    months: int
    elapsed: float
    cpi: float
    spi: float
    said: int | None = 4
    spent: int | None = 3
    approved: bool = True
    reported: float | None = None
    declared: str = "green"
    reason: str = ""
    status: str = "active"
    missing: tuple[str, ...] = ()


class Story(NamedTuple):
    """Who and what a project is. `kind` chooses categories and vendors: works, digital or green."""

    code: str
    name: str
    description: str
    portfolio: str
    programme: str
    kind: str
    manager: str
    sponsor: str
    budget_owner: str
    vendors: tuple[str, ...]
    tags: tuple[str, ...] = ()


class PhaseDraft(NamedTuple):
    order: int  # 1..5, as in the built-in standard
    start: date
    finish: date
    actual_start: date | None
    actual_finish: date | None


class LineDraft(NamedTuple):
    phase: int
    category: str
    expense_type: str
    period: date
    pence: int
    funding_source: str


class EntryDraft(NamedTuple):
    """One line of the ledger. `reverses`: place in the same tuple of the entry it reverses, or -1."""

    phase: int
    kind: str
    category: str
    pence: int
    incurred_on: date
    recorded_on: date
    vendor: str
    reference: str
    description: str
    reverses: int = -1


class ProgressDraft(NamedTuple):
    """`phase` None: of the whole project. `hundredths`: percent complete times 100."""

    phase: int | None
    status_date: date
    hundredths: int
    recorded_on: date


class ForecastDraft(NamedTuple):
    status_date: date
    pence: int
    note: str


class DeclarationDraft(NamedTuple):
    status_date: date
    health: str
    reason: str
    expires_on: date


class ProjectDraft(NamedTuple):
    story: Story
    shape: Shape
    tier: int
    start: date
    finish: date
    actual_start: date | None
    actual_finish: date | None
    forecast_finish: date | None
    current_phase: int
    phases: tuple[PhaseDraft, ...]
    approved_on: date
    lines: tuple[LineDraft, ...]
    reserve: int  # pence
    entries: tuple[EntryDraft, ...]
    progress: tuple[ProgressDraft, ...]
    forecasts: tuple[ForecastDraft, ...]
    declarations: tuple[DeclarationDraft, ...]
