from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.analysis.changes import (
    KINDS,
    BudgetRow,
    EntryRow,
    EventRow,
    FieldRow,
    Moment,
    Row,
    StatementRow,
    WhatChanged,
    movers,
    what_changed,
)
from projects.analysis.earned_value import Performance, measure
from projects.analysis.metrics import METRICS
from tests.projects.analysis.cases import END_OF_JANUARY, totals

few = settings(max_examples=50, deadline=None, database=None, derandomize=True)
FIRST = Moment(date(2026, 3, 31), datetime(2026, 3, 31, 18, tzinfo=UTC))
SECOND = Moment(date(2026, 4, 30), datetime(2026, 4, 30, 18, tzinfo=UTC))
EARLY, LATE = datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 4, 20, tzinfo=UTC)
PLAIN = measure(totals(bac=1000, pv=500, ev=400, ac=1), END_OF_JANUARY)


def entry(number: int, amount: object, day: date, at: datetime = LATE, **known: object) -> EntryRow:
    return EntryRow(number, "actual", Decimal(str(amount)), day, at, None)._replace(**known)


LEDGER = (
    entry(1, 100, date(2026, 3, 1), EARLY),
    entry(2, 30, date(2026, 4, 10)),
    entry(3, 20, date(2026, 3, 15)),
    entry(4, -10, date(2026, 3, 1), reverses=1),
    entry(5, 500, date(2026, 4, 12), kind="commitment"),
    entry(6, 999, date(2026, 5, 1)),
    entry(7, 999, date(2026, 4, 1), datetime(2026, 5, 1, tzinfo=UTC)),
)


def cost_at(moment: Moment, ledger: tuple[EntryRow, ...] | list[EntryRow]) -> Decimal:
    return sum(
        (
            row.amount
            for row in ledger
            if row.kind != "commitment"
            and row.incurred_on <= moment.as_of
            and (moment.known_at is None or row.recorded_at <= moment.known_at)
        ),
        Decimal(0),
    )


def figures(moment: Moment, ledger: tuple[EntryRow, ...] | list[EntryRow] = LEDGER) -> Performance:
    return replace(PLAIN, ac=cost_at(moment, ledger))


def compared(**rows: object) -> WhatChanged:
    return what_changed(FIRST, SECOND, figures(FIRST), figures(SECOND), entries=LEDGER, **rows)  # type: ignore[arg-type]


def test_entries_are_added_late_or_reversed_and_add_up_to_the_difference() -> None:
    found = compared()
    assert [(change.kind, change.amount, [row.id for row in change.rows]) for change in found.changes] == [
        ("late", 20, [3]),
        ("added", 30, [2]),
        ("reversed", -10, [4]),
        ("ordered", None, [5]),
    ]
    assert found.cost_difference == 40
    assert found.changes[3].text == "Commitments changed by 500.00 EUR"


def test_only_figures_that_differ_are_listed() -> None:
    assert [(change.key, change.difference) for change in compared().figures] == [("ac", 40)]


def test_a_figure_that_became_known_has_no_difference() -> None:
    after = replace(figures(SECOND), cpi=None)
    found = what_changed(FIRST, SECOND, figures(FIRST), after, entries=LEDGER)
    assert ("cpi", None) in [(change.key, change.difference) for change in found.figures]


def test_budgets_statements_people_and_dates_follow_in_the_order_they_were_recorded() -> None:
    found = compared(
        budgets=[
            BudgetRow(8, 2, Decimal(1200), date(2026, 4, 1), LATE),
            BudgetRow(7, 1, Decimal(1000), date(2026, 1, 1), EARLY),
        ],
        statements=[
            StatementRow(5, "health", "Amber", date(2026, 4, 15), LATE),
            StatementRow(4, "progress", "Build 40 %", date(2026, 3, 20), LATE),
            StatementRow(3, "progress", "Build 20 %", date(2026, 3, 20), EARLY),
        ],
        fields=[FieldRow(9, "Sponsor", "", "Dora", LATE), FieldRow(6, "Finish", "a", "b", EARLY)],
    )
    assert [(change.text, change.rows) for change in found.changes[4:]] == [
        ("Budget 2 approved: 1,200.00 EUR, 1,000.00 before", (Row("budget", 8),)),
        ("Build 40 % as at 20 March 2026, recorded late", (Row("progress", 4),)),
        ("Amber as at 15 April 2026", (Row("health", 5),)),
        ("Sponsor: – → Dora", (Row("field", 9),)),
    ]


def test_missing_entries_are_an_error_and_no_remark() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        what_changed(FIRST, SECOND, figures(FIRST), figures(SECOND), entries=LEDGER[:2])


@pytest.mark.parametrize(
    "second",
    [
        FIRST._replace(as_of=date(2026, 3, 30)),
        FIRST._replace(known_at=FIRST.known_at and FIRST.known_at - timedelta(seconds=1)),
    ],
)
def test_a_second_moment_before_the_first_is_refused(second: Moment) -> None:
    with pytest.raises(ValueError, match="before the first"):
        what_changed(FIRST, second, PLAIN, PLAIN)


def test_known_now_is_never_before_anything_but_nothing_is_after_it() -> None:
    now = Moment(SECOND.as_of, None)
    assert what_changed(FIRST, now, figures(FIRST), figures(now), entries=LEDGER).cost_difference == 1039
    with pytest.raises(ValueError, match="before the first"):
        what_changed(Moment(FIRST.as_of, None), SECOND, PLAIN, PLAIN)


days = st.dates(date(2026, 1, 1), date(2026, 6, 30))
times = st.datetimes(datetime(2026, 1, 1), datetime(2026, 6, 30), timezones=st.just(UTC))
ledgers = st.lists(
    st.builds(
        EntryRow,
        st.integers(1, 99),
        st.sampled_from(["actual", "accrual", "commitment"]),
        st.decimals(-10_000, 10_000, places=2),
        days,
        times,
        st.none() | st.integers(1, 99),
    ),
    max_size=12,
)


@few
@given(ledgers, days, days, times, times | st.none())
def test_the_amounts_add_up_to_the_difference_of_any_two_moments(
    ledger: list[EntryRow], a: date, b: date, known: datetime, later: datetime | None
) -> None:
    first = Moment(min(a, b), known if later is None else min(known, later))
    second = Moment(max(a, b), later if later is None else max(known, later))
    found = what_changed(first, second, figures(first, ledger), figures(second, ledger), entries=ledger)
    parts = sum((change.amount for change in found.changes if change.amount is not None), Decimal(0))
    assert parts == found.cost_difference == cost_at(second, ledger) - cost_at(first, ledger)


def test_what_happened_at_one_moment_counts_when_it_became_known_in_between() -> None:
    happened = (
        EventRow(1, "finding", "Opened: Cost overrun", EARLY),
        EventRow(1, "finding", "Resolved: Cost overrun", LATE),
        EventRow(2, "request", "Handed in: CR-1", LATE),
        EventRow(3, "baseline", "Baseline 2", datetime(2026, 5, 2, tzinfo=UTC)),
    )
    found = what_changed(FIRST, SECOND, PLAIN, PLAIN, events=happened)
    assert [(change.kind, change.text, change.amount) for change in found.changes] == [
        ("request", "Handed in: CR-1", None),
        ("finding", "Resolved: Cost overrun", None),
    ]


def test_what_moves_a_figure_is_what_moves_the_figures_of_its_formula() -> None:
    assert movers("ac") == {"late", "added", "reversed"}
    assert movers("cv") == movers("ev") | movers("ac")
    assert "forecast" in movers("vac")
    assert "forecast" not in movers("cpi")
    assert not movers("nothing of the kind")


def test_every_figure_can_be_moved_by_something_that_is_told() -> None:
    for metric in METRICS:
        assert movers(metric.key), metric.key
        assert movers(metric.key) <= set(KINDS)
