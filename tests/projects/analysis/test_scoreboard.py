from dataclasses import replace
from datetime import date
from decimal import Decimal

from projects.analysis.facts import CostAmount, PerformanceFacts, ProgressFact, RemainingAmount
from projects.analysis.scoreboard import NOT_FINISHED, DatedEstimate, by_type, score
from tests.projects.analysis.cases import monthly

T = date(2026, 12, 31)


def finished(percents: list[int], costs: list[int], **known: object) -> PerformanceFacts:
    """Four months of 250 planned; percent complete and cost by month end from January on."""
    return monthly(
        [250, 250, 250, 250],
        status="closed",
        actual_finish=date(2026, len(costs), 28),
        progress=tuple(
            ProgressFact(None, date(2026, month, 28), Decimal(percent)) for month, percent in enumerate(percents, 1)
        ),
        costs=tuple(CostAmount(date(2026, month, 1), "actual", Decimal(cost)) for month, cost in enumerate(costs, 1)),
        **known,
    )


FACTS = finished([20, 50, 80, 100, 100], [200, 350, 300, 200, 150])


def errors(facts: PerformanceFacts, place: int, estimates: tuple[DatedEstimate, ...] = ()) -> dict[str, Decimal | None]:
    found = score(facts, T, estimates).checkpoints[place]
    return {miss.method: miss.error_percent and round(miss.error_percent, 1) for miss in found.misses}


def test_every_method_is_held_against_the_final_cost_half_way() -> None:
    found = score(FACTS, T)
    half = found.checkpoints[1]
    assert found.final == 1200
    assert (half.on, half.percent, half.best) == (date(2026, 2, 28), 50, "cpi")
    assert errors(FACTS, 1) == {
        "budget_rate": Decimal("-12.5"),
        "cpi": Decimal("-8.3"),
        "cpi_spi": Decimal("-8.3"),
        "bottom_up": None,
        "reported": None,
    }


def test_a_checkpoint_is_the_first_month_end_at_which_it_was_reached() -> None:
    assert [(point.on, point.percent) for point in score(FACTS, T).checkpoints] == [
        (date(2026, 2, 28), 50),
        (date(2026, 2, 28), 50),
        (date(2026, 3, 31), 80),
    ]


def test_what_was_reached_only_at_the_finish_predicted_nothing() -> None:
    found = score(finished([0, 100], [500, 500]), T)
    assert [point.on for point in found.checkpoints] == [None, None, None]
    assert found.checkpoints[0].reason == "25 % was not reached at a month end before the project finished."


def test_people_are_held_to_what_they_had_said_by_then() -> None:
    said = (
        DatedEstimate(date(2026, 2, 10), "reported", Decimal(900)),
        DatedEstimate(date(2026, 2, 20), "reported", Decimal(1260)),
        DatedEstimate(date(2026, 3, 20), "reported", Decimal(1200)),
        DatedEstimate(date(2026, 2, 28), "bottom_up", Decimal(650), (RemainingAmount(date(2026, 3, 1), Decimal(650)),)),
    )
    assert errors(FACTS, 1, said)["reported"] == 5
    assert errors(FACTS, 1, said)["bottom_up"] == 0
    assert errors(FACTS, 2, said)["reported"] == 0
    assert score(FACTS, T, said).checkpoints[1].best == "bottom_up"


def test_a_running_project_has_no_score() -> None:
    running = replace(FACTS, status="active", actual_finish=None)
    assert (score(running, T).reason, score(running, T).checkpoints) == (NOT_FINISHED, ())


def test_without_costs_or_progress_the_reason_is_told() -> None:
    free = score(replace(FACTS, costs=()), T)
    assert free.final is None and free.reason is not None and "costs" in free.reason
    silent = score(replace(FACTS, progress=()), T)
    assert silent.reason == "No progress has been reported up to 31 December 2026."


def test_types_are_compared_by_mean_absolute_error() -> None:
    over = score(finished([50, 75, 100], [600, 300, 300]), T)
    table = by_type(
        [("ward", score(FACTS, T)), ("ward", over), ("school", over), ("shed", score(replace(FACTS, costs=()), T))]
    )
    half = next(row for row in table if row.kind == "ward" and row.at == 50)
    assert (half.compared, half.counts["cpi"], half.counts["reported"]) == (2, 2, 0)
    # FACTS: 1,100 for 1,200; the other: 1,200 for 1,200.
    assert half.errors["cpi"] is not None and round(half.errors["cpi"], 4) == Decimal("4.1667")
    assert (half.errors["reported"], half.best) == (None, "cpi")
    assert [row.kind for row in table] == ["school"] * 3 + ["ward"] * 3


def test_one_lucky_guess_does_not_win_a_type() -> None:
    lucky = score(FACTS, T, (DatedEstimate(date(2026, 1, 5), "reported", Decimal(1200)),))
    plain = score(FACTS, T)
    half = by_type([("ward", lucky), ("ward", plain), ("ward", plain)])[1]
    assert (half.counts["reported"], half.errors["reported"], half.best) == (1, 0, "cpi")


def test_a_checkpoint_nobody_reached_has_no_best_method() -> None:
    row = by_type([("ward", score(finished([0, 100], [500, 500]), T))])[0]
    assert (row.compared, row.best) == (0, "")
    assert row.reason is not None
