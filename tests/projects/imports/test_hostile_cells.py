"""Whatever stands in a file: an answer or a plain refusal, never a crash."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pmo.kit.spreadsheet import Row, SpreadsheetError, open_table
from projects.imports import dates, grouping, guess, mapping, preset, values
from projects.imports.mapping import MappingError
from projects.imports.rows import RowReader
from projects.imports.values import ValueProblem

NUMBERISH = st.text("0123456789.,'- ()£$€%eE\u00a0\u202f−+_１", max_size=20)
DATEISH = st.text("0123456789/-. TZ:JanuaryMayDec,", max_size=24)
CELL = st.one_of(
    st.none(),
    st.text(max_size=40),
    NUMBERISH,
    DATEISH,
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(),
    st.booleans(),
)
QUICK = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(st.one_of(NUMBERISH, st.text(max_size=30)), st.booleans())
@example("(", False)
@example("£", True)
@example("-", False)
def test_a_number_or_a_refusal(text, comma):
    try:
        assert values.number(text, decimal_comma=comma).is_finite()
    except ValueProblem as problem:
        assert str(problem)


@QUICK
@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2))
def test_an_amount_comes_back_as_it_was_written(amount):
    for text in (f"{amount}", f"{amount:,}", f"£{amount:,}" if amount >= 0 else f"-£{-amount:,}"):
        assert values.number(text, decimal_comma=False) == amount
    swapped = f"{amount:,}".replace(",", " ").replace(".", ",")
    assert values.number(swapped, decimal_comma=True) == amount


@QUICK
@given(
    st.one_of(CELL, DATEISH),
    st.sampled_from(["DMY", "MDY", "YMD"]),
    st.booleans(),
    st.sampled_from(["start", "finish"]),
)
def test_a_date_or_a_refusal(cell, order, swap, edge):
    try:
        assert 1900 <= dates.parse(cell, order=order, swap=swap, edge=edge).year < 2200
    except ValueProblem as problem:
        assert str(problem)


@QUICK
@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2199, 12, 31)))
def test_a_day_comes_back_in_every_order(day):
    assert dates.parse(day.strftime("%d/%m/%Y"), order="DMY") == day
    assert dates.parse(day.strftime("%m/%d/%Y"), order="MDY") == day
    assert dates.parse(day.isoformat(), order="DMY") == day
    assert dates.parse(day.strftime("%d %B %Y"), order="MDY") == day


@QUICK
@given(
    st.lists(st.text(max_size=12), min_size=1, max_size=8),
    st.data(),
    st.sampled_from(["projects", "budget-lines", "cost-entries"]),
)
def test_any_table_is_guessed_mapped_and_gathered_without_a_crash(headers, data, target):
    names = tuple(f"{index} {header}" for index, header in enumerate(headers))
    lines = data.draw(st.lists(st.tuples(*[CELL] * len(names)), max_size=6))
    rows = [Row(number, line) for number, line in enumerate(lines, start=2)]
    preset.sniff(names)
    guess.guess_target(names, rows)
    proposed, options = guess.guess(target, names, rows)
    for spec in mapping.TARGETS[target].fields.values():
        proposed.setdefault(spec.key, {"column": names[len(spec.key) % len(names)]})
    try:
        plan = mapping.parse(target, proposed, options)
        reader = RowReader(plan, names, rows)
    except MappingError as refusal:
        assert refusal.message
        return
    gathered = grouping.gather(plan, map(reader.read, rows))
    assert sum(len(record.lines) for record in gathered.records) + len(gathered.rejected) == len(rows)
    assert all(isinstance(total, Decimal) for total in grouping.sums(plan.target, gathered.records).values())


JSONISH = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=10)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=10), inner, max_size=3)),
    max_leaves=8,
)


@QUICK
@given(
    st.dictionaries(st.sampled_from(["name", "budget", "start", "health", "x"]), JSONISH, max_size=3),
    st.dictionaries(st.sampled_from(["key", "skip_rows", "delimiter", "date_order", "encoding"]), JSONISH, max_size=3),
)
def test_any_mapping_is_understood_or_refused_naming_the_part(rules, options):
    try:
        mapping.parse("projects", rules, options)
    except MappingError as refusal:
        assert refusal.field and refusal.message.endswith(".")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_a_table_or_a_refusal(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        path.write_bytes(content)
        try:
            table = open_table(path)
            assert all(len(row.cells) == len(table.headers) for row in table.rows)
        except SpreadsheetError as refusal:
            assert str(refusal)


def test_a_moment_of_a_workbook_is_its_day():
    assert dates.parse(datetime(2024, 2, 29, 23, 59), order="DMY") == date(2024, 2, 29)
