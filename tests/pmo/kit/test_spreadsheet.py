import time
from datetime import date, datetime
from decimal import Decimal
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from pmo.kit import spreadsheet, workbook
from pmo.kit.spreadsheet import ReadOptions, Row, SpreadsheetError, harmless, open_table


def written(tmp_path, content, name="file.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def saved(tmp_path, *rows, name="file.xlsx"):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


def test_a_plain_csv_file_is_read_with_the_row_numbers_a_spreadsheet_shows(tmp_path):
    table = open_table(written(tmp_path, 'Name,Note\nA,"two\nlines"\n\nB,x\n'))
    assert (table.headers, table.encoding, table.delimiter) == (("Name", "Note"), "utf-8", ",")
    assert list(table.rows) == [Row(2, ("A", "two\nlines")), Row(4, ("B", "x"))]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("\ufeffName;Ort\nÄ;Köln\n".encode(), "utf-8-sig"),
        ("Name;Ort\nÄ;Köln\n".encode(), "utf-8"),
        ("Name;Ort\nÄ;Köln\n".encode("windows-1252"), "windows-1252"),
        ("Name;Ort\nÄ;Köln\n".encode("utf-16"), "utf-16"),
    ],
)
def test_encoding_and_delimiter_are_found_out(tmp_path, content, encoding):
    table = open_table(written(tmp_path, content))
    assert (table.encoding, table.delimiter, table.headers) == (encoding, ";", ("Name", "Ort"))
    assert next(table.rows).cells == ("Ä", "Köln")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_usual_delimiter_is_recognised(tmp_path, delimiter):
    lines = [["Name", "Amount", "Note"], ["A", "1", "x"], ["B", "2", "y"]]
    table = open_table(written(tmp_path, "\n".join(delimiter.join(line) for line in lines)))
    assert table.delimiter == delimiter and len(table.headers) == 3


def test_titles_above_the_table_and_blank_or_repeated_headers_are_no_obstacle(tmp_path):
    table = open_table(written(tmp_path, "Portfolio 2024,,\n,,\n,Cost,Cost\nA,1,2\n"))
    assert table.header_row == 3
    assert table.headers == ("Column 1", "Cost", "Cost (2)")
    assert [row.number for row in table.rows] == [4]


def test_rows_above_and_below_can_be_left_out(tmp_path):
    path = written(tmp_path, "x,y\nA,B\n1,2\n3,4\nTotal,6\n")
    table = open_table(path, ReadOptions(skip_rows=1, skip_footer=1))
    assert table.headers == ("A", "B")
    assert [row.number for row in table.rows] == [3, 4]
    assert open_table(path, ReadOptions(header_row=3)).headers == ("1", "2")


def test_cells_beyond_the_headers_are_counted(tmp_path):
    assert next(open_table(written(tmp_path, "A,B\n1,2,3,4\n")).rows) == Row(2, ("1", "2"), surplus=2)


def test_a_nul_byte_is_refused_naming_the_line(tmp_path):
    with pytest.raises(SpreadsheetError, match="Line 3 holds a NUL byte"):
        list(open_table(written(tmp_path, b"A,B\n1,2\n3,\x004\n")).rows)


def test_a_quotation_mark_that_is_never_closed_is_named(tmp_path):
    with pytest.raises(SpreadsheetError, match="quotation mark is never closed"):
        list(open_table(written(tmp_path, 'A,B\n1,"2\n' + "3,4\n" * 50_000)).rows)


def test_wrong_bytes_for_the_named_encoding_are_refused(tmp_path):
    path = written(tmp_path, "A,B\nÄ,2\n".encode("windows-1252"))
    with pytest.raises(SpreadsheetError, match="not valid utf-8"):
        list(open_table(path, ReadOptions(encoding="utf-8")).rows)
    with pytest.raises(SpreadsheetError, match="not an encoding known here"):
        open_table(path, ReadOptions(encoding="klingon"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\n\n , \n", "no row with anything in it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old Excel"),
        (b"%PDF-1.7", "not a CSV or XLSX file"),
        (b"PK\x03\x04 but no archive", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path, content, sentence):
    with pytest.raises(SpreadsheetError, match=sentence):
        open_table(written(tmp_path, content))


def test_too_many_rows_and_columns_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 3)
    monkeypatch.setattr(spreadsheet, "MAX_COLUMNS", 2)
    with pytest.raises(SpreadsheetError, match="more than 3 rows"):
        list(open_table(written(tmp_path, "A\n1\n2\n3\n4\n")).rows)
    with pytest.raises(SpreadsheetError, match="more than 2 columns"):
        open_table(written(tmp_path, "A,B,C\n1,2,3\n"))
    with pytest.raises(SpreadsheetError, match="Line 2 has more than 2 columns"):
        list(open_table(written(tmp_path, "A,B\n1,2,3\n")).rows)


def test_a_workbook_keeps_dates_numbers_and_text_apart_and_exact(tmp_path):
    path = saved(tmp_path, ["Name", "Amount", "Day", "At", "Yes"])
    path = saved(
        tmp_path,
        ["Name", "Amount", "Day", "At", "Yes"],
        ["007", 0.1 + 0.2, date(2024, 2, 29), datetime(2024, 2, 29, 8, 30), True],
        [None, 20147, None, None, None],
    )
    table = open_table(path)
    assert table.kind == "xlsx" and table.sheets == ("Sheet",)
    assert list(table.rows) == [
        Row(2, ("007", Decimal("0.3"), date(2024, 2, 29), datetime(2024, 2, 29, 8, 30), True)),
        Row(3, (None, Decimal(20147), None, None, None)),
    ]


def test_a_sheet_is_chosen_by_name_and_a_wrong_name_lists_those_there_are(tmp_path):
    book = Workbook()
    book.active.title = "Notes"
    book.create_sheet("Data").append(["Name"])
    book["Data"].append(["A"])
    book.save(tmp_path / "two.xlsx")
    assert open_table(tmp_path / "two.xlsx", ReadOptions(sheet="Data")).headers == ("Name",)
    with pytest.raises(SpreadsheetError, match="It has: Notes, Data"):
        open_table(tmp_path / "two.xlsx", ReadOptions(sheet="Sheet9"))


def archive(tmp_path, entries):
    path = tmp_path / "bad.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as target:
        for name, content in entries:
            target.writestr(name, content)
    return path


def test_archive_bombs_are_refused_before_anything_is_unpacked(tmp_path):
    many = archive(tmp_path, [(f"part{number}", b"x") for number in range(2_001)])
    with pytest.raises(SpreadsheetError, match="more than 2,000 parts"):
        open_table(many)
    big = archive(tmp_path, [("xl/workbook.xml", b"0" * (65 * 1024 * 1024))])
    with pytest.raises(SpreadsheetError, match="unpacks to 65 MiB"):
        open_table(big)
    dense = archive(tmp_path, [("xl/workbook.xml", b"0" * (8 * 1024 * 1024))])
    with pytest.raises(SpreadsheetError, match="hundredfold"):
        open_table(dense)
    with pytest.raises(SpreadsheetError, match="not an Excel workbook"):
        open_table(archive(tmp_path, [("readme.txt", b"hello")]))


def test_an_entity_bomb_and_broken_xml_are_refused(tmp_path):
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>'
    )
    for content in (bomb, b"<workbook", b""):
        path = archive(tmp_path, [("[Content_Types].xml", content), ("xl/workbook.xml", content)])
        with pytest.raises(SpreadsheetError, match="damaged"):
            open_table(path)


def test_a_workbook_that_takes_too_long_is_given_up(tmp_path, monkeypatch):
    path = saved(tmp_path, ["A"], *([number] for number in range(30_000)))
    monkeypatch.setattr(workbook, "SECONDS", 0.3)
    began = time.monotonic()
    with pytest.raises(SpreadsheetError, match="seconds to read"):
        list(open_table(path).rows)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("text", "shown"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("-5", "-5"), ("+44 20", "'+44 20"), ("-1,5%", "-1,5%"), ("a=b", "a=b")],
)
def test_formulas_are_exported_harmless(text, shown):
    assert harmless(text) == shown


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="999999999"><c r="A999999999"><v>2</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>99999</v></c></row>',
        '<row r="1"><c r="A1"><v>nonsense</v></c></row>',
        '<row r="x"><c r="??"><v>1</v></c></row>',
    ],
)
def test_a_sheet_that_lies_about_itself_is_refused_quickly(tmp_path, rows):
    honest = saved(tmp_path, ["A"])
    hostile = tmp_path / "hostile.xlsx"
    with ZipFile(honest) as source, ZipFile(hostile, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, SHEET.format(rows) if name.endswith("sheet1.xml") else content)
    began = time.monotonic()
    with pytest.raises(SpreadsheetError, match="damaged"):
        list(open_table(hostile).rows)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a," * 3_000_000, "longer than"),
        (b"A\n" + b"\n" * 1_200_000, "more than 1,048,576 lines"),
        (b'"' * 3_000_000, "longer than|never closed"),
        (b"\xff\xfe\x00\xd8\x00\xd8\n", "not valid utf-16"),
    ],
)
def test_hostile_text_is_refused_quickly(tmp_path, content, sentence):
    began = time.monotonic()
    with pytest.raises(SpreadsheetError, match=sentence):
        list(open_table(written(tmp_path, content)).rows)
    assert time.monotonic() - began < 5
