"""Delimited text (CSV and its kin): which encoding, which delimiter, one record after another. No domain word."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

MAX_CELL: Final = 100_000
MAX_LINE: Final = 2_000_000
MAX_LINES: Final = 1_048_576  # as many as a spreadsheet program holds, blank ones among them
DELIMITERS: Final = (",", ";", "\t", "|")
_SAMPLE: Final = 256 * 1024
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class SpreadsheetError(ValueError):
    """The file cannot be read; the message is a plain sentence for the person who sent it."""


def detect_encoding(path: Path) -> str:
    """The byte order mark decides; then UTF-8 if the whole file is valid UTF-8; else Windows-1252."""
    with path.open("rb") as stream:
        head = stream.read(4)
        for mark, name in _BOMS:
            if head.startswith(mark):
                return name
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        try:
            decoder.decode(head)
            while chunk := stream.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "windows-1252"
    return "utf-8"


def known_encoding(name: str) -> str:
    """The canonical name of a *text* encoding. Raises SpreadsheetError for one that does not exist."""
    try:
        info = codecs.lookup(name)
        "x".encode(info.name)
    except (LookupError, ValueError) as error:
        raise SpreadsheetError(f"“{name}” is not an encoding known here; try utf-8 or windows-1252.") from error
    return name


def detect_delimiter(sample: str) -> str:
    """The delimiter that cuts the first records into the most, and most evenly many, columns; a comma if none does."""
    best, best_score = ",", 1.0
    for delimiter in DELIMITERS:
        try:
            reader = csv.reader(sample.splitlines(keepends=True), delimiter=delimiter)
            widths = [len(record) for record in islice(reader, 50) if record]
        except csv.Error:
            continue
        if not widths:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        score = usual * (widths.count(usual) / len(widths)) if usual > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def read_sample(path: Path, encoding: str) -> str:
    """The beginning of the file as text (for sniffing), broken off at a line end where there is one."""
    with path.open("rb") as stream:
        raw = stream.read(_SAMPLE)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(raw)
    if len(raw) == _SAMPLE and "\n" in text:
        text = text[: text.rindex("\n") + 1]
    return text


def records(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Records in file order; a blank line is an empty list, so that the n-th record is row n of a spreadsheet.

    Raises SpreadsheetError with the row for a NUL byte, an endless quoted cell, or bytes the encoding does not know.
    """
    csv.field_size_limit(MAX_CELL)
    row = 0
    with (
        path.open("rb") as binary,
        TextIOWrapper(binary, encoding=encoding, errors=_errors(encoding), newline="") as text,
    ):
        reader = csv.reader(_sound_lines(text), delimiter=delimiter)
        while True:
            row += 1
            try:
                record = next(reader)
            except StopIteration:
                return
            except UnicodeError as error:
                raise SpreadsheetError(
                    f"Line {row} is not valid {encoding} text. Name the file's real encoding."
                ) from error
            except csv.Error as error:
                raise SpreadsheetError(_csv_sentence(row, str(error))) from error
            yield record


def _errors(encoding: str) -> str:
    # Five byte values mean nothing in Windows-1252; a file that is otherwise readable is not refused for them.
    return "replace" if encoding.casefold() in {"windows-1252", "cp1252"} else "strict"


def _sound_lines(text: TextIO) -> Iterator[str]:
    """Physical lines, as long as there are not too many, none is too long and none holds a NUL byte."""
    number = 0
    while line := text.readline(MAX_LINE):
        number += 1
        if "\x00" in line:
            raise SpreadsheetError(
                f"Line {number} holds a NUL byte, which no text has. The file is damaged or not a text file."
            )
        if len(line) == MAX_LINE:
            raise SpreadsheetError(f"Line {number} is longer than {MAX_LINE:,} characters.")
        if number > MAX_LINES:
            raise SpreadsheetError(f"The file has more than {MAX_LINES:,} lines.")
        yield line


def _csv_sentence(row: int, error: str) -> str:
    if "field larger" in error:
        return (
            f"Line {row} holds a cell of more than {MAX_CELL:,} characters; perhaps a quotation mark is never closed."
        )
    return f"Line {row} cannot be split into columns: {error}."
