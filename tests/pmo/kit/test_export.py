"""An export is exactly the list: all pages, chosen columns, exact numbers, harmless text."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from pmo.kit import listing as listing_module
from pmo.kit.errors import ApplicationError
from pmo.kit.export import csv_cell, csv_lines, export_response, safe_text, xlsx_file, xlsx_value
from pmo.kit.listing import Column, Listing
from pmo.models import Organisation

COLUMNS = (
    Column("name", "Name"),
    Column("budget", "Budget", kind="money"),
    Column("start", "Start", kind="date"),
    Column("at", "At", kind="datetime"),
    Column("health", "Health", kind="health", choices=(("red", "Red"),)),
    Column("late", "Late", kind="bool"),
    Column("tags", "Tags"),
)
ROW = {
    "name": '=HYPERLINK("http://x","y")',
    "budget": Decimal("1234567890123456.78"),
    "start": date(2026, 3, 31),
    "at": datetime(2026, 3, 31, 10, 0, 5, tzinfo=UTC),
    "health": "red",
    "late": True,
    "tags": ["a", "b"],
}
EMPTY = dict.fromkeys(ROW)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-cmd",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\n=1",
        "＝1+1",
        "＋x",
        "\ufeff=1",
        "-2+3",
    ],
)
def test_a_formula_gets_an_apostrophe(text):
    assert safe_text(text).startswith("'")


@pytest.mark.parametrize("text", ["Bridge", "A=B", "-5", "+44", "2026-01", "", "a-b"])
def test_plain_text_stays_as_it_is(text):
    assert safe_text(text) == text


def test_control_characters_do_not_reach_a_file():
    assert safe_text("a\x00b\x1bc") == "abc"


def test_the_csv_has_a_mark_of_its_encoding_exact_numbers_and_iso_dates():
    text = "".join(csv_lines(COLUMNS, [ROW, EMPTY]))
    assert text.startswith("\ufeffName,Budget")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[1] == [
        "'" + ROW["name"],
        "1234567890123456.78",
        "2026-03-31",
        "2026-03-31T10:00:05Z",
        "Red",
        "true",
        "a, b",
    ]
    assert rows[2] == [""] * 7


def test_a_text_still_to_be_translated_is_no_list_of_letters():
    column = Column("state", "State", kind="choice", choices=(("draft", gettext_lazy("Draft")),))
    assert csv_cell(column, "draft") == "Draft"
    assert csv_cell(Column("x", "X"), gettext_lazy("Draft")) == "Draft"
    assert xlsx_value(column, "draft") == "Draft"


def test_a_number_keeps_its_digits_whatever_its_exponent():
    assert csv_cell(COLUMNS[1], Decimal("1E+3")) == "1000"
    assert csv_cell(COLUMNS[1], Decimal("-0.50")) == "-0.50"


def test_the_workbook_holds_numbers_and_dates_as_such_and_no_formula():
    target = io.BytesIO()
    xlsx_file(COLUMNS, [{**ROW, "budget": Decimal("1250.50")}, EMPTY], "A/B: *list*", target)
    sheet = openpyxl.load_workbook(target).active
    cells = sheet[2]
    assert cells[0].value == "'" + ROW["name"]
    assert cells[0].data_type == "s"
    assert cells[1].value == 1250.5
    assert cells[1].number_format == "#,##0.00"
    assert cells[2].value == datetime(2026, 3, 31)
    assert cells[2].number_format == "yyyy-mm-dd"
    assert cells[3].value == datetime(2026, 3, 31, 10, 0, 5)
    assert [cell.value for cell in sheet[3]] == [None] * 7
    assert not any(cell.data_type == "f" for row in sheet for cell in row)


ORGANISATIONS = Listing(
    name="organisations",
    columns=(
        Column("name", "Name", sort="name"),
        Column("slug", "Slug", default=False),
        Column("x", "X", export=False, value="pk"),
    ),
    default_sort=("name",),
    page_size=1,
)


@pytest.fixture
def organisations(db):
    for slug in ("c", "a", "b"):
        Organisation.objects.create(slug=slug, name=f"{slug} works")
    return Organisation.objects.all()


def test_an_export_holds_all_pages_in_the_order_and_columns_shown(organisations):
    query = ORGANISATIONS.parse(QueryDict("columns=slug,name,x&ordering=-name&page=1"))
    response = export_response(ORGANISATIONS, organisations, query, file_format="csv", stem="my organisations!")
    text = b"".join(response).decode("utf-8-sig")
    assert text.splitlines() == ["Slug,Name", "c,c works", "b,b works", "a,a works"]
    assert response["Content-Disposition"] == 'attachment; filename="my-organisations.csv"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_an_export_as_workbook_opens(organisations):
    query = ORGANISATIONS.parse(QueryDict(""))
    response = export_response(ORGANISATIONS, organisations, query, file_format="xlsx", stem="x")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response))).active
    assert [row[0].value for row in sheet.rows] == ["Name", "a works", "b works", "c works"]


def test_too_many_rows_are_refused_before_anything_is_sent(organisations, monkeypatch):
    monkeypatch.setattr(listing_module, "EXPORT_LIMIT", 2)
    with pytest.raises(ApplicationError, match="3 rows; an export holds at most 2"):
        export_response(ORGANISATIONS, organisations, ORGANISATIONS.parse(QueryDict("")), file_format="csv", stem="x")
