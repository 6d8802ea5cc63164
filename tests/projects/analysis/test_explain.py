from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from projects.analysis.earned_value import measure
from projects.analysis.explain import WHOLE_PROJECT, Explanation, PackageLine, explain
from projects.analysis.facts import CostAmount, Package, PerformanceFacts, PlannedAmount, ProgressFact
from projects.analysis.methods import INHERITED, OWN, UNMEASURED
from projects.analysis.metrics import METRICS
from tests.projects.analysis.cases import JANUARY, monthly, project

T = date(2026, 2, 28)
MARCH_10 = date(2026, 3, 10)
FACTS = project(
    packages=(Package(1, "Design", None, None), Package(2, "Build", None, None)),
    planned=(
        PlannedAmount(2, JANUARY, Decimal(3000)),
        PlannedAmount(1, JANUARY, Decimal(1000)),
        PlannedAmount(None, date(2026, 3, 1), Decimal(500)),
    ),
    costs=(
        CostAmount(date(2026, 2, 1), "actual", Decimal(1500)),
        CostAmount(JANUARY, "accrual", Decimal(500)),
        CostAmount(JANUARY, "commitment", Decimal(70)),
    ),
    progress=(ProgressFact(1, JANUARY, Decimal(100)), ProgressFact(2, T, Decimal(20))),
)


def told(key: str, facts: PerformanceFacts = FACTS, t: date = T) -> Explanation:
    return explain(key, facts, measure(facts, t))


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("cpi", "EV / AC = 1,600.00 / 2,000.00 = 0.80"),
        ("cv", "EV − AC = 1,600.00 − 2,000.00 = −400.00"),
        ("cv_percent", "(EV − AC) / EV × 100 = (1,600.00 − 2,000.00) / 1,600.00 × 100 = −25.0 %"),
        ("eac", "BAC / CPI = 4,500.00 / 0.80 = 5,625.00"),
        ("tcpi_bac", "(BAC − EV) / (BAC − AC) = (4,500.00 − 1,600.00) / (4,500.00 − 2,000.00) = 1.16"),
        (
            "ac",
            "actual cost entries + accruals up to the status date = 1,500.00 (actual) + 500.00 (accrual) = 2,000.00",
        ),
        ("committed", "commitments (ordered, not invoiced) up to the status date = 70.00 (commitment) = 70.00"),
        ("pv", "approved budget planned up to the status date = 4,000.00 (months passed) = 4,000.00"),
        (
            "ev",
            "sum over packages of budget × share earned by the package’s method of measurement = "
            "3,000.00 × 20.0 % + 1,000.00 × 100.0 % + 500.00 × 0.0 % = 1,600.00",
        ),
        (
            "es",
            "the time at which the plan reached today's EV = 0.00 + (1,600.00 − 0.00) / (4,000.00 − 0.00) = 0.4 months",
        ),
        ("sv_t", "ES − AT = 0.4 − 2.0 = −1.6 months"),
        ("ieac_t", "PD / SPI(t) = 3.0 / 0.20 = 15.0 months"),
    ],
)
def test_the_formula_is_told_with_its_numbers(key: str, text: str) -> None:
    assert told(key).formula_with_numbers == text


def test_the_month_of_the_status_date_shows_its_working_days() -> None:
    assert told("pv", t=MARCH_10).formula_with_numbers.endswith(
        "= 4,000.00 (months passed) + 500.00 × 7 / 22 (working days of March) = 4,159.09"
    )


def test_every_package_tells_how_it_was_measured() -> None:
    assert told("ev").packages == (
        PackageLine("Design", Decimal(1000), Decimal(100), OWN, Decimal(1000), JANUARY),
        PackageLine("Build", Decimal(3000), Decimal(20), OWN, Decimal(600), T),
        PackageLine(WHOLE_PROJECT, Decimal(500), None, UNMEASURED, Decimal(0), None),
    )


def test_a_package_measured_by_the_whole_project_says_so() -> None:
    facts = replace(FACTS, progress=(ProgressFact(None, T, Decimal(10)),))
    assert [line.method for line in told("ev", facts).packages] == [INHERITED, INHERITED, OWN]


def test_the_rows_add_up_to_the_figure() -> None:
    performance = measure(FACTS, MARCH_10)
    assert sum(line.earned for line in told("ev", t=MARCH_10).packages) == performance.ev
    assert sum(line.amount for line in told("ac").costs) == performance.ac
    assert sum(line.amount for line in told("bac").planned) == performance.bac
    assert sum(line.counted or 0 for line in told("pv", t=MARCH_10).planned) == performance.pv


@pytest.mark.parametrize(
    ("key", "packages", "kinds", "planned"),
    [
        ("bac", False, set(), True),
        ("pv", False, set(), True),
        ("ev", True, set(), False),
        ("ac", False, {"actual", "accrual"}, False),
        ("committed", False, {"commitment"}, False),
        ("cpi", True, {"actual", "accrual"}, False),
        ("spi_t", True, set(), True),
        ("vac", True, {"actual", "accrual"}, True),
    ],
)
def test_only_the_rows_a_figure_rests_on_are_listed(key: str, packages: bool, kinds: set[str], planned: bool) -> None:
    explanation = told(key)
    assert bool(explanation.packages) == packages
    assert {line.kind for line in explanation.costs} == kinds
    assert bool(explanation.planned) == planned


def test_rows_after_the_status_date_are_not_listed() -> None:
    assert [(line.period, line.amount) for line in told("ac", t=JANUARY).costs] == [(JANUARY, 500)]


def test_ledger_rows_are_in_order_of_time() -> None:
    assert [line.period for line in told("ac").costs] == [JANUARY, date(2026, 2, 1)]


def test_inputs_carry_their_value_and_where_they_come_from() -> None:
    assert [tuple(known) for known in told("etc").inputs] == [
        ("eac", "Estimate at completion", Decimal(5625), "BAC / CPI"),
        ("ac", "Actual cost", Decimal(2000), ""),
    ]


def test_an_undefined_figure_keeps_its_formula_and_tells_the_reason_at_the_input() -> None:
    explanation = told("cpi", replace(FACTS, progress=()))
    assert explanation.formula_with_numbers == "EV / AC = – / 2,000.00 = –"
    assert explanation.value is None and explanation.sentence == ""
    assert explanation.reason == explanation.inputs[0].note == "No progress has been reported up to 28 February 2026."


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ({"reported_eac": Decimal(4800), "eac_method": "reported"}, "reported EAC = 4,800.00"),
        ({"bottom_up_etc": Decimal(3000), "eac_method": "bottom_up"}, "AC + own ETC = 2,000.00 + 3,000.00 = 5,000.00"),
        ({"status": "closed"}, "AC = 2,000.00"),
        ({"progress": ()}, "the chosen one of five estimates; AC once finished = –"),
    ],
)
def test_the_estimate_is_told_by_the_method_really_used(known: dict[str, object], text: str) -> None:
    assert told("eac", replace(FACTS, **known)).formula_with_numbers == text  # type: ignore[arg-type]


def test_the_estimate_says_what_it_assumes() -> None:
    assert told("eac").sentence == (
        "The project is expected to cost 5,625.00 in all. "
        "The rest costs as much per unit of work as the work done so far."
    )


def test_everything_earned_needs_no_interpolation() -> None:
    facts = monthly([100, 100], progress=(ProgressFact(None, JANUARY, Decimal(100)),))
    assert told("es", facts).formula_with_numbers.endswith("EV = the whole planned duration = 2.0 months")


def test_many_packages_are_counted_not_written_out() -> None:
    facts = project(
        planned=tuple(PlannedAmount(number, JANUARY, Decimal(10)) for number in range(9)),
        progress=(ProgressFact(None, JANUARY, Decimal(50)),),
    )
    assert told("ev", facts).formula_with_numbers.endswith("= 9 packages = 45.00")
    assert told("ev", facts).packages[3].name == "Phase 3"


def test_every_figure_can_be_explained_even_of_a_project_nobody_knows_anything_of() -> None:
    for facts in (FACTS, project(), replace(FACTS, planned=(PlannedAmount(1, None, Decimal(-5)),))):
        for metric in METRICS:
            explanation = told(metric.key, facts)
            assert (explanation.value is None) == (explanation.reason is not None)
            assert explanation.formula_with_numbers.startswith(explanation.formula)


def test_an_unknown_figure_is_refused() -> None:
    with pytest.raises(KeyError):
        told("wealth")
