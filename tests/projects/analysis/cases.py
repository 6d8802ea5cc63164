"""Facts for the tests of this folder, built from as few words as each test needs."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from projects.analysis.facts import CostAmount, Package, PerformanceFacts, PlannedAmount, ProgressFact

JANUARY = date(2026, 1, 1)
END_OF_JANUARY = date(2026, 1, 31)
MARCH = date(2026, 3, 1)

EMPTY = PerformanceFacts(
    project_id=1,
    currency="EUR",
    status="active",
    start=None,
    finish=None,
    actual_finish=None,
    packages=(),
    planned=(),
    costs=(),
    progress=(),
    reported_eac=None,
    reported_eac_on=None,
    bottom_up_etc=None,
    eac_method="",
    computed_through=0,
    entries=0,
)


def project(**known: Any) -> PerformanceFacts:
    """A project of which nothing is known but what is given."""
    return replace(EMPTY, **known)


def totals(*, bac: object, pv: object, ev: object, ac: object, **known: Any) -> PerformanceFacts:
    """A project that has exactly these totals at END_OF_JANUARY: one package done, one not begun."""
    bac_, pv_, ev_, ac_ = (Decimal(str(amount)) for amount in (bac, pv, ev, ac))
    done_by_now = min(pv_, ev_)
    return project(
        packages=(Package(1, "Done", None, None), Package(2, "Not begun", None, None)),
        planned=(
            PlannedAmount(1, JANUARY, done_by_now),
            PlannedAmount(1, MARCH, ev_ - done_by_now),
            PlannedAmount(2, JANUARY, pv_ - done_by_now),
            PlannedAmount(2, MARCH, bac_ - ev_ - pv_ + done_by_now),
        ),
        costs=(CostAmount(JANUARY, "actual", ac_),),
        progress=(
            ProgressFact(1, END_OF_JANUARY, Decimal(100)),
            ProgressFact(2, END_OF_JANUARY, Decimal(0)),
        ),
        **known,
    )


def monthly(amounts: list[object], *, first: date = JANUARY, **known: Any) -> PerformanceFacts:
    """A project whose whole budget is planned in consecutive months, measured as one package."""
    start = first.year * 12 + first.month - 1
    return project(
        planned=tuple(
            PlannedAmount(None, date((start + place) // 12, (start + place) % 12 + 1, 1), Decimal(str(amount)))
            for place, amount in enumerate(amounts)
        ),
        **known,
    )
