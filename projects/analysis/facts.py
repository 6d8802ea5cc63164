"""What is known of one project when its figures are computed: frozen, in one currency, free of any database."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

EAC_METHODS = ("budget_rate", "cpi", "cpi_spi", "bottom_up", "reported")


class Package(NamedTuple):
    """A piece of the project that carries budget and progress of its own (a phase)."""

    id: int
    name: str
    start: date | None
    finish: date | None


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
    """A dated statement of progress, 0..100. Given in recorded order: for an equal package and date the last wins."""

    package: int | None
    status_date: date
    percent_complete: Decimal


@dataclass(frozen=True, slots=True)
class PerformanceFacts:
    """All that `measure` reads. `eac_method` is one of EAC_METHODS or "" for the default (cpi, else reported).

    `computed_through` is the highest ledger id read and `entries` the number of ledger rows behind `costs`; both are
    carried through for the caller and change no figure.
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
