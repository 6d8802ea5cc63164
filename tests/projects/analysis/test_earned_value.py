from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest

from projects.analysis.earned_value import Performance, earned_value, measure
from projects.analysis.facts import CostAmount, Package, PlannedAmount, ProgressFact
from projects.analysis.metrics import METRICS
from tests.projects.analysis.cases import END_OF_JANUARY, JANUARY, MARCH, monthly, project, totals

DESIGN, BUILD = Package(1, "Design", None, None), Package(2, "Build", None, None)
TWO_PHASES = project(
    packages=(DESIGN, BUILD),
    planned=(
        PlannedAmount(1, JANUARY, Decimal(100)),
        PlannedAmount(2, JANUARY, Decimal(300)),
        PlannedAmount(None, MARCH, Decimal(600)),
    ),
)
EV_FIGURES = {
    "ev", "cv", "cv_percent", "sv", "sv_percent", "cpi", "spi", "tcpi_bac", "tcpi_eac", "es", "sv_t", "spi_t", "ieac_t",
    "percent_complete",
}  # fmt: skip


def said(package: int | None, day: date, percent: object) -> ProgressFact:
    return ProgressFact(package, day, Decimal(str(percent)))


def earned(*progress: ProgressFact, t: date = END_OF_JANUARY) -> Decimal | None:
    return earned_value(replace(TWO_PHASES, progress=progress), t)


def test_every_metric_is_a_field_of_performance() -> None:
    assert {metric.key for metric in METRICS} <= {field.name for field in fields(Performance)}


def test_packages_earn_their_budget_times_their_percentage() -> None:
    assert earned(said(1, JANUARY, 50), said(2, JANUARY, 10), said(None, JANUARY, 5)) == 50 + 30 + 30


def test_the_latest_statement_up_to_the_status_date_holds() -> None:
    assert earned(said(1, date(2026, 1, 20), 60), said(1, date(2026, 1, 10), 40), said(1, date(2026, 2, 1), 90)) == 60


def test_of_two_statements_for_one_date_the_later_recorded_holds() -> None:
    assert earned(said(1, JANUARY, 80), said(1, JANUARY, 30)) == 30


def test_a_phase_without_its_own_statement_takes_that_of_the_project() -> None:
    assert earned(said(None, JANUARY, 20), said(1, JANUARY, 100)) == 100 + 60 + 120


def test_a_phase_nobody_reports_on_counts_nothing_while_others_are_reported() -> None:
    assert earned(said(1, JANUARY, 100)) == 100


def test_progress_of_parts_without_budget_measures_nothing() -> None:
    facts = monthly([100], packages=(DESIGN,), progress=(said(1, JANUARY, 70),))
    performance = measure(facts, END_OF_JANUARY)
    assert performance.ev is None
    assert performance.undefined["ev"] == "Progress is reported only for parts of the project that carry no budget."


def test_without_progress_everything_earned_is_undefined_and_says_why() -> None:
    facts = replace(TWO_PHASES, progress=(said(1, date(2026, 11, 1), 10),), reported_eac=Decimal(1200))
    performance = measure(facts, date(2026, 10, 31))
    undefined = {key for key, reason in performance.undefined.items() if "No progress has been reported" in reason}
    assert undefined == EV_FIGURES
    assert performance.undefined["cpi"] == "No progress has been reported up to 31 October 2026."
    assert (performance.vac, performance.budget_variance, performance.spend_percent) == (-200, 1000, 0)


def test_exactly_the_undefined_figures_have_a_reason() -> None:
    for facts in (project(), TWO_PHASES, totals(bac=0, pv=0, ev=0, ac=0), totals(bac=9, pv=5, ev=4, ac=3)):
        performance = measure(facts, END_OF_JANUARY)
        missing = {metric.key for metric in METRICS if getattr(performance, metric.key) is None}
        assert set(performance.undefined) == missing
        assert all(reason.endswith(".") for reason in performance.undefined.values())


def test_without_a_budget_actual_cost_is_still_a_figure() -> None:
    facts = project(costs=(CostAmount(JANUARY, "actual", Decimal(70)),), progress=(said(None, JANUARY, 50),))
    performance = measure(facts, END_OF_JANUARY)
    assert (performance.ac, performance.committed) == (70, 0)
    assert {performance.bac, performance.pv, performance.ev, performance.vac, performance.spend_percent} == {None}
    assert set(performance.undefined.values()) == {
        "No budget has been approved.",
        "No budget has been approved. No estimate was reported either.",
    }


def test_accruals_are_cost_and_commitments_stand_beside() -> None:
    costs = tuple(
        CostAmount(JANUARY, kind, Decimal(amount))
        for kind, amount in (("actual", 50), ("accrual", 7), ("commitment", 900), ("actual", -10))
    )
    performance = measure(project(costs=costs), END_OF_JANUARY)
    assert (performance.ac, performance.committed) == (47, 900)


def test_costs_of_later_months_do_not_count_yet() -> None:
    facts = project(costs=(CostAmount(JANUARY, "actual", Decimal(5)), CostAmount(MARCH, "actual", Decimal(90))))
    assert measure(facts, END_OF_JANUARY).ac == 5


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("cpi", {"bac": 100, "pv": 50, "ev": 40, "ac": 0}),
        ("cpi", {"bac": 100, "pv": 50, "ev": 40, "ac": -5}),
        ("spi", {"bac": 100, "pv": 0, "ev": 40, "ac": 5}),
        ("sv_percent", {"bac": 100, "pv": 0, "ev": 40, "ac": 5}),
        ("cv_percent", {"bac": 100, "pv": 50, "ev": 0, "ac": 5}),
        ("vac_percent", {"bac": 0, "pv": 0, "ev": 0, "ac": 5, "reported_eac": Decimal(9)}),
        ("spend_percent", {"bac": 0, "pv": 0, "ev": 0, "ac": 5}),
        ("percent_complete", {"bac": 0, "pv": 0, "ev": 0, "ac": 5}),
        ("tcpi_bac", {"bac": 100, "pv": 50, "ev": 40, "ac": 100}),
        ("tcpi_bac", {"bac": 100, "pv": 50, "ev": 40, "ac": 130}),
    ],
)
def test_a_denominator_not_above_zero_leaves_the_figure_undefined(key: str, given: dict[str, object]) -> None:
    performance = measure(totals(**given), END_OF_JANUARY)  # type: ignore[arg-type]
    assert getattr(performance, key) is None
    assert key in performance.undefined


def test_nothing_left_to_do_needs_no_efficiency() -> None:
    assert measure(totals(bac=100, pv=100, ev=100, ac=80), END_OF_JANUARY).tcpi_bac == 0


def test_percentages_are_numbers_of_percent() -> None:
    performance = measure(totals(bac=1000, pv=500, ev=400, ac=450), END_OF_JANUARY)
    assert (performance.cv_percent, performance.sv_percent) == (Decimal("-12.5"), -20)
    assert (performance.spend_percent, performance.percent_complete) == (45, 40)


def test_budget_variance_is_plan_against_spending_and_knows_no_progress() -> None:
    facts = monthly([100, 100], costs=(CostAmount(JANUARY, "actual", Decimal(130)),))
    assert measure(facts, END_OF_JANUARY).budget_variance == -30


def test_dividing_by_next_to_nothing_gives_no_figure() -> None:
    facts = totals(bac=10**12, pv=10**12, ev="0.000001", ac=10**12, reported_eac=Decimal(7))
    performance = measure(facts, END_OF_JANUARY)
    assert performance.undefined["cv_percent"].endswith("too large to mean anything.")
    assert (performance.eacs["cpi"], performance.eacs["cpi_spi"]) == (None, None)
    assert (performance.eac_method, performance.eac) == ("reported", 7)
    chosen = measure(replace(facts, eac_method="cpi"), END_OF_JANUARY)
    assert chosen.undefined["eac"] == "Almost nothing has been earned yet."


def test_huge_and_tiny_amounts_are_not_rounded() -> None:
    performance = measure(
        totals(bac="9999999999999999.99", pv="0.01", ev="0.01", ac="9999999999999999.98"), END_OF_JANUARY
    )
    assert performance.cv == Decimal("-9999999999999999.97")
    assert performance.budget_variance == Decimal("-9999999999999999.97")
