from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.analysis.rollup import WHY_UNDEFINED, roll_up
from projects.analysis.metrics import METRICS
from tests.portfolio.factories import figures


def test_ratios_come_from_sums_not_from_averages_of_ratios():
    total = roll_up([figures(1, ev=100, ac=200, pv=100), figures(2, ev=900, ac=800, pv=900)])["GBP"]
    assert (total.ev, total.ac, total.cv) == (1000, 1000, 0)
    assert total.cpi == 1
    assert total.spi == 1


def test_a_project_without_a_measure_of_progress_adds_cost_but_does_not_touch_cpi():
    total = roll_up([figures(1, ev=100, ac=100), figures(2, ev=None, ac=5000)])["GBP"]
    assert total.ac == 5100
    assert total.cpi == 1
    assert total.cv == 0
    assert total.left_out["ev"] == 1


def test_currencies_are_never_mixed():
    rolled = roll_up([figures(1), figures(2, currency="EUR"), figures(3, currency="EUR")])
    assert {currency: total.projects_counted for currency, total in rolled.items()} == {"EUR": 2, "GBP": 1}


def test_what_no_project_has_is_undefined_not_zero():
    total = roll_up([figures(1, bac=None, pv=None, ev=None, ac=None, eac=None)])["GBP"]
    assert (total.bac, total.cpi, total.vac_percent, total.percent_complete) == (None, None, None, None)
    assert total.projects_without_data == 1


def test_a_ratio_over_zero_is_undefined():
    total = roll_up([figures(1, ev=0, ac=0, pv=0)])["GBP"]
    assert (total.cpi, total.spi, total.cv_percent) == (None, None, None)


def test_variance_at_completion_is_over_the_budget_of_those_with_a_forecast():
    total = roll_up([figures(1, bac=100, eac=120), figures(2, bac=900, eac=None)])["GBP"]
    assert (total.bac, total.vac, total.vac_percent) == (1000, -20, -20)


AMOUNT = st.none() | st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(AMOUNT, AMOUNT, st.sampled_from(["GBP", "EUR"])), max_size=12))
def test_nothing_is_lost_and_the_order_does_not_matter(rows):
    projects = [
        figures(n, bac=bac, ac=ac, ev=None, pv=None, eac=None, currency=currency)
        for n, (bac, ac, currency) in enumerate(rows, 1)
    ]
    rolled = roll_up(projects)
    assert sum(total.projects_counted for total in rolled.values()) == len(projects)
    assert sum((total.ac or Decimal(0) for total in rolled.values()), Decimal(0)) == sum(
        (ac or Decimal(0) for _, ac, _ in rows), Decimal(0)
    )
    assert roll_up(reversed(projects)) == rolled


def test_every_metric_has_a_total_or_a_reason_why_there_is_none():
    total = roll_up([figures()])["GBP"]
    for metric in METRICS:
        assert getattr(total, metric.key, None) is not None or metric.key in WHY_UNDEFINED, metric.key


def test_the_index_to_complete_is_undefined_when_nothing_is_left_to_spend():
    total = roll_up([figures(bac=1000, ev=500, ac=600, eac=1200), figures(2, bac=None, ev=None, ac=50)])["GBP"]
    assert (total.tcpi_bac, total.tcpi_eac) == (Decimal("1.25"), Decimal(500) / 600)
    assert roll_up([figures(bac=1000, ev=500, ac=1000)])["GBP"].tcpi_bac is None
