from datetime import date
from decimal import Decimal

import pytest

from pmo.kit.spreadsheet import Row
from projects.imports import grouping, mapping
from projects.imports.mapping import MappingError
from projects.imports.rows import RowReader

HEADERS = ("Id", "Name", "Planned Cost ($ M)", "Start", "Health")


def read(rules, cells, options=None, headers=HEADERS, target="projects"):
    plan = mapping.parse(target, rules, options)
    rows = [Row(number, tuple(line)) for number, line in enumerate(cells, start=2)]
    reader = RowReader(plan, headers, rows)
    return plan, [reader.read(row) for row in rows]


RULES = {
    "external_id": "Id",
    "name": "Name",
    "budget": {"column": "Planned Cost ($ M)", "scale": 1000000},
    "start": "Start",
    "health": "Health",
}


def test_a_row_becomes_exact_values():
    _, [row] = read(RULES, [("7", "Bridge", "1.5", "13/04/2024", "Green")])
    assert row.values == {
        "external_id": "7",
        "name": "Bridge",
        "budget": Decimal("1500000.00"),
        "start": date(2024, 4, 13),
        "health": "green",
    }
    assert row.key == ("7",) and not row.errors and not row.remarks


def test_a_bad_cell_is_named_by_line_column_and_value():
    _, rows = read(RULES, [("7", "Bridge", "1", "", "")] * 12 + [("8", "Tunnel", "PNS", "", "")])
    [error] = rows[-1].errors
    assert error.message == "Line 14, column “Planned Cost ($ M)”: “PNS” is not an amount."
    assert (error.line, error.column, error.value) == (14, "Planned Cost ($ M)", "PNS")


def test_a_listed_sentinel_empties_the_field_with_a_remark_instead_of_rejecting_the_row():
    options = {"empty_values": ["PNS", "Exempt under*"]}
    _, [row] = read(RULES, [("7", "Bridge", "PNS", "Exempt under Section 43 of the Act", "")], options)
    assert not row.errors
    assert row.values["budget"] is None and row.values["start"] is None
    assert [(remark.column, remark.text) for remark in row.remarks] == [
        ("Planned Cost ($ M)", "was read as empty"),
        ("Start", "was read as empty"),
    ]


def test_a_value_the_mapping_names_counts_even_where_it_is_a_sentinel_elsewhere():
    rules = {"name": "Name", "status": {"column": "Health", "values": {"PNS": "proposed"}}}
    _, [row] = read(rules, [("7", "Bridge", "", "", "PNS")], {"empty_values": ["PNS"]})
    assert row.values["status"] == "proposed"


def test_a_missing_required_value_rejects_the_row():
    _, [row] = read(RULES, [("7", "", "1", "", "")])
    assert row.errors[0].message == "Line 2: column “Name” is empty, and no row goes without it."


def test_more_cells_than_columns_reject_only_that_row():
    plan = mapping.parse("projects", RULES, {})
    reader = RowReader(plan, HEADERS)
    assert "more cells than there are columns" in reader.read(Row(5, ("1", "A", None, None, None), 2)).errors[0].message


def test_a_column_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(MappingError, match="There is no column “Nome” in the file. It has: “Id”, “Name”"):
        read({"name": "Nome"}, [])


def test_a_required_field_without_a_column_is_refused():
    with pytest.raises(MappingError, match="Say which column holds “Name”"):
        read({"budget": "Planned Cost ($ M)"}, [])


def test_joined_columns_skip_the_empty_ones():
    _, rows = read({"name": {"column": ["Id", "Name"], "join": "/"}}, [("7", "A", "", "", ""), ("", "B", "", "", "")])
    assert [row.values["name"] for row in rows] == ["7/A", "B"]


def test_a_default_fills_what_is_empty():
    _, [row] = read(RULES | {"currency": {"default": "USD"}}, [("7", "A", "", "", "")])
    assert row.values["currency"] == "USD"


def gathered(cells, options, rules=None):
    plan, rows = read(rules or RULES, cells, options)
    result = grouping.gather(plan, rows)
    assert sum(len(record.lines) for record in result.records) + len(result.rejected) == len(cells)
    return plan, result


def test_a_repeated_key_is_rejected_naming_the_first_line():
    _, result = gathered([("7", "A", "1", "", ""), ("7", "B", "2", "", "")], {})
    assert [record.lines for record in result.records] == [[2]]
    assert result.rejected[0].message.startswith("Line 3 repeats “7” of line 2")


def test_merging_lets_the_later_row_hold_and_keeps_what_it_leaves_empty():
    _, result = gathered([("7", "A", "1", "", "Green"), ("7", "B", "", "", "Red")], {"on_duplicate": "merge"})
    [record] = result.records
    assert record.values["name"] == "B" and record.values["health"] == "red"
    assert record.values["budget"] == Decimal("1000000.00")
    assert record.lines == [2, 3]


def test_the_newest_report_counts_whatever_the_order_of_the_lines():
    cells = [("7", "New", "", "1/9/2019", ""), ("7", "Old", "1", "1/9/2017", ""), ("7", "Older", "3", "1/9/2016", "")]
    _, result = gathered(cells, {"on_duplicate": "newest", "status_date": "Start", "date_order": "DMY"})
    [record] = result.records
    assert record.values["name"] == "New"
    assert record.values["budget"] == Decimal("1000000.00"), "the newest leaves it empty: the one before counts"
    assert record.lines[0] == 2 and [row.line for row in record.older] == [3, 4]
    assert record.stamp == date(2019, 9, 1)


def test_rows_of_a_group_are_added_up_exactly():
    cells = [("7", "A", "0.1", "1/3/2024", "Green"), ("7", "A", "0.2", "1/2/2024", "Red"), ("8", "B", "", "", "")]
    plan, result = gathered(cells, {"group_by": ["Id"]})
    first, second = result.records
    assert first.values["budget"] == Decimal("300000.00")
    assert first.values["start"] == date(2024, 2, 1) and first.values["health"] == "red"
    assert [part.line for part in first.parts] == [2, 3]
    assert second.values["budget"] is None
    assert grouping.sums(plan.target, result.records) == {"budget": Decimal("300000.00")}


def test_percent_complete_of_a_group_is_weighted_by_budget_and_never_invented():
    rules = {"name": "Name", "budget": "Planned Cost ($ M)", "percent_complete": "Start"}
    _, result = gathered([("7", "A", "300", "50", ""), ("7", "A", "100", "10", "")], {"group_by": ["Id"]}, rules)
    assert result.records[0].values["percent_complete"] == Decimal("40.00")
    _, result = gathered([("7", "A", "300", "50", ""), ("7", "A", "100", "", "")], {"group_by": ["Id"]}, rules)
    assert result.records[0].values["percent_complete"] is None


def test_rows_without_a_key_are_told_apart_by_name():
    _, result = gathered([("", "A", "1", "", ""), ("", "B", "1", "", ""), ("", "A", "1", "", "")], {})
    assert [record.lines for record in result.records] == [[2], [3]]
    assert "repeats “A” of line 2" in result.rejected[0].message


def test_a_column_of_dates_that_does_not_show_its_order_follows_the_others_or_is_said():
    rules = {"name": "Name", "start": "Start", "finish": "Health"}
    plan = mapping.parse("projects", rules, {})
    rows = [Row(2, ("7", "A", None, "4/13/2026", "5/6/2026"))]
    reader = RowReader(plan, HEADERS, rows)
    assert reader.read(rows[0]).values["finish"] == date(2026, 5, 6) and not reader.notes
    rows = [Row(2, ("7", "A", None, "4/3/2026", "5/6/2026"))]
    reader = RowReader(plan, HEADERS, rows)
    assert reader.read(rows[0]).values["finish"] == date(2026, 6, 5)
    assert "Dates in column “Start” do not show their order; day before month is taken." in reader.notes
