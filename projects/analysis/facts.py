"""What is known of one project when its figures are computed: frozen, in one currency, free of any database."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

EAC_METHODS = ("budget_rate", "cpi", "cpi_spi", "bottom_up", "reported")
METHODS = ("percent", "0_100", "50_50", "milestones", "units", "level_of_effort", "apportioned")


class Milestone(NamedTuple):
    """A weighted milestone of a package; weights are relative to one another."""

    id: int
    name: str
    weight: Decimal
    planned_on: date | None = None


class Package(NamedTuple):
    """A piece of the project that carries budget and progress of its own (a phase).

    `method` is one of METHODS; `milestones`, `units_total` and `apportioned_to` (the id of another package) belong to
    the methods of those names.
    """

    id: int
    name: str
    start: date | None
    finish: date | None
    method: str = "percent"
    units_total: Decimal | None = None
    apportioned_to: int | None = None
    milestones: tuple[Milestone, ...] = ()


class PlannedAmount(NamedTuple):
    """Approved budget. `package` None: the whole project. `period` is the first of a month; None: spread over the
    working days of the package's start..finish (of the project's when the package has not both dates)."""

    package: int | None
    period: date | None
    amount: Decimal


class CostAmount(NamedTuple):
    """Ledger total of one month and kind (actual, commitment, accrual); entries up to the status date only."""

    period: date
    kind: str
    amount: Decimal


class ProgressFact(NamedTuple):
    """A dated statement of progress, 0..100. Given in recorded order: for an equal package and date the last wins.

    `milestone` is the id of the milestone it reports reached (or, at 0 %, not reached after all).
    """

    package: int | None
    status_date: date
    percent_complete: Decimal
    units_done: Decimal | None = None
    milestone: int | None = None
    actual_start: date | None = None
    actual_finish: date | None = None


class RemainingAmount(NamedTuple):
    """A month of an estimate to complete."""

    period: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PerformanceFacts:
    """All that `measure` reads. `eac_method` is one of EAC_METHODS or "" for the default (cpi, else reported).

    `computed_through` is the highest ledger id read and `entries` the number of ledger rows behind `costs`; both are
    carried through for the caller and change no figure. `remaining` is the estimate to complete given on
    `remaining_on`; a `bottom_up_etc` that is not None stands in its place.
    """

    project_id: int
    currency: str
    status: str
    start: date | None
    finish: date | None
    actual_finish: date | None
    packages: tuple[Package, ...]
    planned: tuple[PlannedAmount, ...]
    costs: tuple[CostAmount, ...]
    progress: tuple[ProgressFact, ...]
    reported_eac: Decimal | None
    reported_eac_on: date | None
    bottom_up_etc: Decimal | None
    eac_method: str
    computed_through: int
    entries: int
    remaining: tuple[RemainingAmount, ...] = ()
    remaining_on: date | None = None
