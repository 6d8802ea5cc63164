"""What holds for any project, tried on generated ones."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from projects.analysis.earned_value import Performance, cpi_trend, measure, series
from projects.analysis.explain import explain
from projects.analysis.facts import EAC_METHODS, CostAmount, Package, PerformanceFacts, PlannedAmount, ProgressFact
from projects.analysis.metrics import METRICS
from tests.projects.analysis.cases import project

few = settings(max_examples=50, deadline=None, database=None, derandomize=True)
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
months = days.map(lambda day: day.replace(day=1))
amounts = st.decimals(-1_000_000, 1_000_000, places=2)
sizes = st.decimals(1, 1_000_000, places=2)
packages = st.sampled_from([None, 1, 2, 3])
percents = st.decimals(0, 100, places=1)
phases = st.tuples(
    *(st.builds(Package, st.just(number), st.just("Phase"), st.none() | days, st.none() | days) for number in (1, 2, 3))
)


def projects(amount: st.SearchStrategy[Decimal] = amounts) -> st.SearchStrategy[PerformanceFacts]:
    """Projects of three phases with anything planned, spent, reported and chosen."""
    return st.builds(
        project,
        status=st.sampled_from(["active", "on_hold", "closed"]),
        start=st.none() | days,
        finish=st.none() | days,
        actual_finish=st.none() | days,
        packages=phases,
        planned=st.lists(st.builds(PlannedAmount, packages, st.none() | months, amount), max_size=8).map(tuple),
        costs=st.lists(
            st.builds(CostAmount, months, st.sampled_from(["actual", "accrual", "commitment"]), amount), max_size=8
        ).map(tuple),
        progress=st.lists(
            st.builds(ProgressFact, packages, days, percents), max_size=6, unique_by=lambda fact: fact[:2]
        ).map(tuple),
        reported_eac=st.none() | amount,
        bottom_up_etc=st.none() | amount,
        eac_method=st.sampled_from(["", *EAC_METHODS]),
    )


def same(a: Performance, b: Performance) -> bool:
    return {metric.key: getattr(a, metric.key) for metric in METRICS} == {
        metric.key: getattr(b, metric.key) for metric in METRICS
    }


@few
@given(projects(), days)
def test_the_identities_of_the_figures_hold(facts: PerformanceFacts, t: date) -> None:
    p = measure(facts, t)
    assert p.ac is not None
    if p.ev is not None:
        assert p.cv == p.ev - p.ac
        assert p.bac is not None and p.eacs["budget_rate"] == p.ac + p.bac - p.ev
    if p.ev is not None and p.pv is not None:
        assert p.sv == p.ev - p.pv
    if p.pv is not None:
        assert p.budget_variance == p.pv - p.ac
    if p.eac is not None:
        assert p.etc == p.eac - p.ac
    if p.eac is not None and p.bac is not None:
        assert p.vac == p.bac - p.eac


@few
@given(projects(st.sampled_from([Decimal("0.01"), Decimal("-0.01"), Decimal("999999999999.99"), Decimal(0)])), days)
def test_every_figure_fits_its_column_whatever_the_amounts(facts: PerformanceFacts, t: date) -> None:
    p = measure(facts, t)
    for metric in METRICS:
        value = getattr(p, metric.key)
        assert value is None or abs(value) < 10**18


@few
@given(projects(), days)
def test_a_figure_is_defined_or_has_a_reason_never_both(facts: PerformanceFacts, t: date) -> None:
    p = measure(facts, t)
    assert set(p.undefined) == {metric.key for metric in METRICS if getattr(p, metric.key) is None}
    assert all(p.undefined.values())


@few
@given(projects(), days, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_changes_nothing(facts: PerformanceFacts, t: date, random: object) -> None:
    def mixed(rows: tuple[object, ...]) -> tuple[object, ...]:
        order = list(rows)
        random.shuffle(order)  # type: ignore[attr-defined]
        return tuple(order)

    shuffled = replace(
        facts,
        packages=mixed(facts.packages),
        planned=mixed(facts.planned),
        costs=mixed(facts.costs),
        progress=mixed(facts.progress),  # no two statements for one package and date: their order would count
    )
    assert same(measure(shuffled, t), measure(facts, t))
    assert cpi_trend(shuffled, t) == cpi_trend(facts, t)
    assert series(shuffled, t) == series(facts, t)


@few
@given(projects(), days, st.decimals(-500, 500, places=2))
def test_splitting_a_cost_or_a_budget_line_changes_nothing(facts: PerformanceFacts, t: date, part: Decimal) -> None:
    costs = [
        piece
        for cost in facts.costs
        for piece in (cost._replace(amount=part), cost._replace(amount=cost.amount - part))
    ]
    planned = [
        piece
        for line in facts.planned
        for piece in (line._replace(amount=part), line._replace(amount=line.amount - part))
    ]
    assert same(measure(replace(facts, costs=tuple(costs), planned=tuple(planned)), t), measure(facts, t))


@few
@given(projects(), days, st.sampled_from([Decimal(10), Decimal(1000), Decimal("0.1")]))
def test_another_unit_of_money_changes_amounts_and_no_index(facts: PerformanceFacts, t: date, factor: Decimal) -> None:
    scaled = replace(
        facts,
        planned=tuple(line._replace(amount=line.amount * factor) for line in facts.planned),
        costs=tuple(cost._replace(amount=cost.amount * factor) for cost in facts.costs),
        reported_eac=None if facts.reported_eac is None else facts.reported_eac * factor,
        bottom_up_etc=None if facts.bottom_up_etc is None else facts.bottom_up_etc * factor,
    )
    before, after = measure(facts, t), measure(scaled, t)
    for metric in METRICS:
        expected, found = getattr(before, metric.key), getattr(after, metric.key)
        if expected is None:
            assert found is None
        else:
            expected = expected * factor if metric.unit == "money" else expected
            assert abs(found - expected) <= abs(expected) * Decimal("1e-15") + Decimal("1e-15")


@few
@given(projects(), days)
def test_the_curve_and_the_trend_end_in_the_measured_figures(facts: PerformanceFacts, t: date) -> None:
    p = measure(facts, t)
    assert cpi_trend(facts, t)[-1] == p.cpi
    for point in series(facts, t):
        if point.period_end == t:
            assert (point.pv, point.ev, point.ac, point.cpi, point.spi) == (p.pv, p.ev, p.ac, p.cpi, p.spi)
        elif point.period_end > t:
            assert point.ev is None and point.ac is None


@few
@given(projects(sizes), days)
def test_the_plan_only_rises_from_nothing_to_the_whole_budget(facts: PerformanceFacts, t: date) -> None:
    values = [point.pv for point in series(facts, t)]
    if None not in values and values and facts.planned:
        assert values == sorted(values)  # type: ignore[type-var]
        assert values[-1] == measure(facts, t).bac
        assert measure(facts, date(2020, 1, 1)).pv == 0


@few
@given(projects(sizes), days)
def test_earned_schedule_stays_within_the_plan_and_agrees_with_its_index(facts: PerformanceFacts, t: date) -> None:
    p = measure(facts, t)
    if p.es is not None:
        assert p.es >= 0
        if p.spi_t is not None and p.sv_t is not None:
            assert abs(p.es - p.sv_t - p.es / p.spi_t if p.spi_t else 0) < Decimal("1e-15")
        if p.ieac_t is not None and p.spi_t is not None:
            assert p.ieac_t * p.spi_t >= p.es - Decimal("1e-15")


@few
@given(projects(), days, st.sampled_from([metric.key for metric in METRICS]))
def test_the_listed_rows_add_up_to_the_figure(facts: PerformanceFacts, t: date, key: str) -> None:
    p = measure(facts, t)
    explanation = explain(key, facts, p)
    assert explanation.value == getattr(p, key)
    if explanation.packages and p.ev is not None:
        assert abs(sum((line.earned for line in explanation.packages), Decimal(0)) - p.ev) < Decimal("1e-15")
    if explanation.costs and key != "committed":
        assert sum(line.amount for line in explanation.costs) == p.ac
    if explanation.planned and p.pv is not None:
        counted = sum((line.counted or Decimal(0) for line in explanation.planned), Decimal(0))
        assert abs(counted - p.pv) < Decimal("1e-15")
