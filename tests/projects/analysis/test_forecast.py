from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from projects.analysis.earned_value import measure
from projects.analysis.facts import EAC_METHODS
from projects.analysis.forecast import EAC_FORMULAS, EAC_SAYS, FINISHED
from tests.projects.analysis.cases import END_OF_JANUARY, monthly, project, totals

RUNNING = totals(bac=1000, pv=500, ev=400, ac=500, reported_eac=Decimal(1100), bottom_up_etc=Decimal(650))


@pytest.mark.parametrize(
    ("method", "eac"),
    [("budget_rate", 1100), ("cpi", 1250), ("cpi_spi", "1437.5"), ("bottom_up", 1150), ("reported", 1100)],
)
def test_each_estimate_can_be_chosen(method: str, eac: object) -> None:
    performance = measure(replace(RUNNING, eac_method=method), END_OF_JANUARY)
    assert performance.eac_method == method
    assert performance.eac == performance.eacs[method] == Decimal(str(eac))
    assert performance.etc == performance.eac - 500
    assert performance.vac == 1000 - performance.eac


def test_with_nothing_chosen_the_cost_index_decides() -> None:
    assert measure(RUNNING, END_OF_JANUARY).eac_method == "cpi"


def test_with_nothing_chosen_and_no_index_the_reported_estimate_counts() -> None:
    performance = measure(replace(RUNNING, progress=()), END_OF_JANUARY)
    assert (performance.eac_method, performance.eac) == ("reported", 1100)


def test_work_that_cost_nothing_so_far_does_not_forecast_a_free_project() -> None:
    performance = measure(totals(bac=1000, pv=500, ev=400, ac=0), END_OF_JANUARY)
    assert (performance.eacs["cpi"], performance.eacs["cpi_spi"], performance.eac) == (None, None, None)
    assert performance.eacs["budget_rate"] == 600


def test_with_no_index_and_no_report_there_is_no_estimate() -> None:
    performance = measure(replace(RUNNING, progress=(), reported_eac=None), END_OF_JANUARY)
    assert (performance.eac_method, performance.eac, performance.etc) == ("", None, None)
    assert performance.undefined["eac"] == (
        "No progress has been reported up to 31 January 2026. No estimate was reported either."
    )


@pytest.mark.parametrize(
    ("method", "reason"),
    [
        ("bottom_up", "The project has given no estimate of its remaining work."),
        ("reported", "No estimate was reported up to 31 January 2026."),
        ("cpi", "Nothing has been earned yet."),
        ("cpi_spi", "Nothing has been earned yet."),
    ],
)
def test_a_chosen_estimate_that_is_undefined_is_not_replaced_by_another(method: str, reason: str) -> None:
    facts = totals(bac=1000, pv=500, ev=0, ac=500, eac_method=method)
    performance = measure(facts, END_OF_JANUARY)
    assert (performance.eac_method, performance.eac) == (method, None)
    assert performance.undefined["eac"] == performance.undefined["vac"] == reason


def test_the_schedule_burdened_estimate_tells_when_it_is_the_plan_that_is_missing() -> None:
    facts = totals(bac=1000, pv=0, ev=400, ac=500, eac_method="cpi_spi")
    assert measure(facts, END_OF_JANUARY).undefined["eac"] == "Nothing was planned up to the status date."


def test_an_estimate_reported_after_the_status_date_does_not_count_yet() -> None:
    facts = replace(RUNNING, progress=(), reported_eac_on=date(2026, 2, 1))
    assert measure(facts, END_OF_JANUARY).eacs["reported"] is None
    assert measure(facts, date(2026, 2, 1)).eac == 1100


@pytest.mark.parametrize("method", ["", *EAC_METHODS])
def test_a_finished_project_cost_what_it_cost(method: str) -> None:
    for finished in (
        replace(RUNNING, status="closed", eac_method=method),
        replace(RUNNING, actual_finish=END_OF_JANUARY, eac_method=method),
    ):
        performance = measure(finished, END_OF_JANUARY)
        assert (performance.eac_method, performance.eac, performance.etc) == (FINISHED, 500, 0)
        assert performance.tcpi_eac is None
        assert performance.undefined["tcpi_eac"] == "Nothing is left to spend."


def test_a_project_that_finished_later_was_running_at_the_status_date() -> None:
    facts = replace(RUNNING, status="closed", actual_finish=date(2026, 2, 1))
    assert measure(facts, END_OF_JANUARY).eac_method == "cpi"


def test_a_finished_project_with_an_empty_ledger_takes_the_reported_final_cost() -> None:
    facts = monthly([1000], status="closed", reported_eac=Decimal(900))
    performance = measure(facts, END_OF_JANUARY)
    assert (performance.eac_method, performance.eac, performance.vac_percent) == ("reported", 900, 10)


def test_a_finished_project_of_unknown_cost_is_not_free_of_charge() -> None:
    performance = measure(monthly([1000], status="closed"), END_OF_JANUARY)
    assert (performance.eac_method, performance.eac, performance.vac) == ("", None, None)
    assert "neither its costs nor a final cost" in performance.undefined["vac"]


def test_without_a_budget_the_reported_estimate_still_stands() -> None:
    performance = measure(project(reported_eac=Decimal(900)), END_OF_JANUARY)
    assert (performance.eac, performance.vac) == (900, None)
    assert performance.undefined["vac"] == "No budget has been approved."


def test_no_rounded_quotient_enters_an_estimate() -> None:
    eacs = measure(totals(bac=500_000, pv=250_000, ev=200_000, ac=290_000), END_OF_JANUARY).eacs
    assert (eacs["cpi"], eacs["cpi_spi"]) == (725_000, 833_750)  # exactly; 500,000 / 0.6896… is not


def test_every_estimate_has_its_formula_and_its_sentence() -> None:
    assert set(EAC_FORMULAS) == set(EAC_SAYS) == {*EAC_METHODS, FINISHED}
