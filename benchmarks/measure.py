"""Cost of one project's figures, as a multiple of merely adding up the same amounts.

    python benchmarks/measure.py [rounds]

The project: 24 monthly budget lines over four phases, 24 months of actual cost and commitment, 12 statements of
progress; status date in the middle of month 19. Prints microseconds per project, the best of five runs.
"""

import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from projects.analysis.earned_value import cpi_trend, measure
from projects.analysis.facts import CostAmount, Package, PerformanceFacts, PlannedAmount, ProgressFact
from projects.analysis.periods import month_first, month_last

STATUS_DATE = date(2026, 7, 15)
FIRST = 2025 * 12


def project() -> PerformanceFacts:
    """The measured project, its amounts uneven so that no addition is trivially short."""
    phases = tuple(
        Package(number, f"Phase {number}", month_first(FIRST + 6 * number), month_last(FIRST + 6 * number + 5))
        for number in range(4)
    )
    planned = tuple(
        PlannedAmount(month // 6, month_first(FIRST + month), Decimal(f"{41_000 + 137 * month}.{month:02}"))
        for month in range(24)
    )
    costs = tuple(
        CostAmount(month_first(FIRST + month), kind, Decimal(f"{amount + 211 * month}.{month + 31:02}"))
        for month in range(24)
        for kind, amount in (("actual", 39_000), ("commitment", 2_500))
    )
    progress = tuple(
        ProgressFact(
            number % 4, month_last(FIRST + 6 * (number % 4) + 2 * (number // 4)), Decimal(30 + 25 * (number // 4))
        )
        for number in range(12)
    )
    return PerformanceFacts(
        project_id=1,
        currency="EUR",
        status="active",
        start=month_first(FIRST),
        finish=month_last(FIRST + 23),
        actual_finish=None,
        packages=phases,
        planned=planned,
        costs=costs,
        progress=progress,
        reported_eac=Decimal("1250000.00"),
        reported_eac_on=date(2026, 6, 30),
        bottom_up_etc=None,
        eac_method="",
        computed_through=0,
        entries=48,
    )


def added_up(facts: PerformanceFacts) -> Decimal:
    """The floor: every amount and percentage of the project added once."""
    total = Decimal(0)
    for _, _, amount in facts.planned:
        total += amount
    for _, _, amount in facts.costs:
        total += amount
    for fact in facts.progress:
        total += fact[2]
    return total


def microseconds(call: Callable[[], object], rounds: int) -> float:
    """Per call, the best of five runs of `rounds` calls."""
    best = float("inf")
    for _ in range(5):
        begin = perf_counter()
        for _ in range(rounds):
            call()
        best = min(best, perf_counter() - begin)
    return best / rounds * 1_000_000


def main(rounds: int = 2_000) -> dict[str, float]:
    """Measure, print and return microseconds per project by part."""
    facts = project()
    found = {
        "adding up": microseconds(lambda: added_up(facts), rounds),
        "measure": microseconds(lambda: measure(facts, STATUS_DATE), rounds),
        "cpi_trend": microseconds(lambda: cpi_trend(facts, STATUS_DATE), rounds),
        "both": microseconds(lambda: (measure(facts, STATUS_DATE), cpi_trend(facts, STATUS_DATE)), rounds),
    }
    for part, spent in found.items():
        print(f"{part:<10} {spent:8.1f} µs   {spent / found['adding up']:6.1f} × adding up")
    return found


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
