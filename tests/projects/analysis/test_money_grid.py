from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from projects.analysis.money_grid import Money, Planned, budget_of, grid_of, laid

LABOUR, GOODS = ("operating", "labour"), ("capital", "material")
JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))
amounts = st.decimals(min_value=1, max_value=10**9, places=2)
places = st.tuples(st.sampled_from([LABOUR, GOODS]), st.sampled_from([JAN, FEB, MAR, APR]))


def test_a_line_without_a_month_is_spread_over_its_working_days_to_the_cent():
    budget = budget_of([Planned(LABOUR, None, Decimal("100.00"), JAN, date(2026, 2, 28))], "GBP")
    assert budget == {(LABOUR, JAN): Decimal("52.38"), (LABOUR, FEB): Decimal("47.62")}  # 22 and 20 working days


def test_without_dates_either_it_has_no_month():
    assert budget_of([Planned(LABOUR, None, Decimal(5))], "GBP") == {(LABOUR, None): Decimal(5)}


def test_what_is_left_follows_the_budget_planned_after_the_month():
    budget = {(LABOUR, JAN): Decimal(50), (LABOUR, MAR): Decimal(10), (GOODS, APR): Decimal(30)}
    found = laid(Decimal(80), budget, date(2026, 2, 10), None, "GBP", LABOUR)
    assert found == {(LABOUR, MAR): Decimal(20), (GOODS, APR): Decimal(60)}


def test_where_nothing_is_planned_ahead_it_runs_evenly_to_the_finish():
    found = laid(Decimal("10.01"), {(LABOUR, JAN): Decimal(1)}, date(2026, 2, 10), date(2026, 4, 9), "GBP", GOODS)
    assert found == {(LABOUR, MAR): Decimal("5.01"), (LABOUR, APR): Decimal("5.00")}


def test_past_its_finish_it_falls_due_next_month_and_without_a_budget_on_the_rest():
    assert laid(Decimal(7), {}, date(2026, 2, 28), JAN, "GBP", GOODS) == {(GOODS, MAR): Decimal(7)}


def test_variance_is_budget_less_actual_and_forecast():
    money = Money(
        "GBP", {(LABOUR, JAN): Decimal(10)}, {(LABOUR, JAN): Decimal(12)}, {(GOODS, FEB): Decimal(3)}
    )  # fmt: skip
    assert money.cells("variance") == {(LABOUR, JAN): Decimal(-2), (GOODS, FEB): Decimal(-3)}
    assert money.cells("forecast") == {(LABOUR, JAN): Decimal(12), (GOODS, FEB): Decimal(3)}


def test_months_stand_in_their_fiscal_years_without_a_gap():
    grid = grid_of({(LABOUR, FEB): Decimal(1), (LABOUR, APR): Decimal(2)}, 4)
    assert [(year.label, year.months) for year in grid.years] == [
        ("FY 2025/26", (FEB, MAR)),
        ("FY 2026/27", (APR,)),
    ]


@given(st.dictionaries(places, amounts, min_size=1), amounts, st.sampled_from(["GBP", "JPY"]))
def test_what_is_laid_out_adds_up_to_what_is_left(budget, left, currency):
    left = left.quantize(Decimal(1)) if currency == "JPY" else left
    found = laid(left, budget, date(2026, 2, 10), APR, currency, GOODS)
    assert sum(found.values()) == left


@given(st.dictionaries(places, amounts, min_size=1))
def test_rows_columns_and_years_add_up_to_the_whole(cells):
    grid = grid_of(cells, 4)
    whole = sum(cells.values())
    assert grid.total() == whole
    assert sum(grid.total(lines=[line]) for line in (LABOUR, GOODS)) == whole
    assert sum(grid.total(months=year.months) for year in grid.years) == whole
