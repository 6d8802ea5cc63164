"""The five estimates at completion side by side."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from projects.analysis.earned_value import measure
from projects.analysis.estimates import STANDARD_CPI, side_by_side, why_chosen, why_undefined
from projects.analysis.facts import EAC_METHODS
from projects.analysis.forecast import FINISHED
from tests.projects.analysis.cases import END_OF_JANUARY, totals


def five(facts, day=END_OF_JANUARY):
    performance = measure(facts, day)
    found = side_by_side(
        performance.eacs, performance.undefined, bac=performance.bac, method=performance.eac_method, status_date=day,
        final=performance.eac,
    )  # fmt: skip
    return {each.method: each for each in found}


def test_each_method_has_its_value_and_what_it_leaves_of_the_budget() -> None:
    found = five(replace(totals(bac=1000, pv=500, ev=400, ac=500), reported_eac=Decimal(1100)))
    assert tuple(found) == EAC_METHODS
    assert {key: each.value for key, each in found.items()} == {
        "budget_rate": 1100, "cpi": 1250, "cpi_spi": Decimal("1437.5"), "bottom_up": None, "reported": 1100
    }  # fmt: skip
    assert found["cpi"].vac == -250
    assert [key for key, each in found.items() if each.chosen] == ["cpi"]
    assert found["cpi"].formula == "BAC / CPI"
    assert found["bottom_up"].vac is None
    assert found["bottom_up"].reason == "The project gave no estimate of its remaining work up to 31 January 2026."


def test_every_undefined_method_says_why_and_a_defined_one_says_nothing() -> None:
    for facts in (
        totals(bac=1000, pv=500, ev=0, ac=500),
        totals(bac=1000, pv=500, ev=400, ac=0),
        totals(bac=1000, pv=0, ev=400, ac=500),
        replace(totals(bac=1000, pv=500, ev=400, ac=500), progress=()),
        replace(totals(bac=1000, pv=500, ev=400, ac=500), planned=()),
    ):
        for each in five(facts).values():
            assert (each.reason is None) == (each.value is not None), each
            assert each.value is not None or each.reason


def test_a_finished_project_shows_its_final_cost_before_the_estimates() -> None:
    found = five(replace(totals(bac=1000, pv=1000, ev=1000, ac=900), actual_finish=END_OF_JANUARY))
    assert tuple(found) == (FINISHED, *EAC_METHODS)
    assert (found[FINISHED].value, found[FINISHED].vac, found[FINISHED].chosen) == (900, 100, True)


@pytest.mark.parametrize(
    ("undefined", "method", "says"),
    [
        ({"bac": "No budget.", "ev": "No budget either."}, "budget_rate", "No budget."),
        ({"ev": "No progress."}, "cpi", "No progress."),
        ({"cpi": "Nothing spent."}, "cpi_spi", "Nothing spent."),
        ({}, "cpi", "Nothing has been earned yet."),
    ],
)
def test_the_reason_is_that_of_the_figure_it_rests_on(undefined: dict[str, str], method: str, says: str) -> None:
    assert why_undefined(method, dict.fromkeys(EAC_METHODS), undefined, date(2026, 1, 31)) == says


def test_the_choice_is_told_with_the_reason_people_gave() -> None:
    assert why_chosen("budget_rate", "budget_rate", "One-off strike.") == "Chosen for this project: One-off strike."
    assert why_chosen("cpi", "", "") == STANDARD_CPI
    assert "reported" in why_chosen("reported", "", "")
    assert why_chosen("", "", "") == ""
