"""One cell to one value: exact, or a plain sentence saying why not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from pmo.kit.spreadsheet import Cell, cell_text
from projects.imports.targets import CHOICE_WORDS

MAX_AMOUNT: Final = Decimal("999999999999.99")
CENT: Final = Decimal("0.01")
_CURRENCY_SIGN: Final = re.compile(r"^(?:[A-Z]{0,2}[$£€¥₹]|[A-Z]{3}(?=[\s\d(+-]))\s*|\s*(?:[$£€¥₹]|[A-Z]{3})$")
_POINT: Final = re.compile(r"^(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:,[0-9]{2})*,[0-9]{3})?(?:\.[0-9]*)?$")
_COMMA: Final = re.compile(r"^(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)?(?:,[0-9]*)?$")
_GROUPED: Final = re.compile(r"^[0-9]{1,3}(?:[ \u00a0\u202f'’][0-9]{3})+(?=$|[.,])")
_LOOSE: Final = re.compile(r"[\s_\-/]+")


class ValueProblem(ValueError):
    """The value cannot be what the field needs; the message goes on from the quoted value: `is not an amount`."""


def number(cell: Cell, *, decimal_comma: bool) -> Decimal:
    """An exact decimal from a cell. Text may carry a currency sign, thousands separators, brackets for a minus.

    Raises ValueProblem. Never guesses: `1,5` is no number while the point is the decimal sign, and `1.2E+06` has lost
    its digits.
    """
    if isinstance(cell, Decimal):
        return cell
    if isinstance(cell, (bool, date)):
        raise ValueProblem("is not a number")
    text = cell_text(cell).strip()
    negative = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1].strip()
    text, flipped = _sign(text)
    stripped = _CURRENCY_SIGN.sub("", _CURRENCY_SIGN.sub("", text)).strip()
    if stripped != text:
        text, again = _sign(stripped)
        flipped ^= again
    text = text.replace("−", "-")
    if _GROUPED.match(text):
        text = re.sub(r"[ \u00a0\u202f'’]", "", text)
    shape = _COMMA if decimal_comma else _POINT
    if not text.isascii() or not any(c.isdigit() for c in text) or len(text) > 60 or not shape.match(text):
        raise ValueProblem(_number_problem(text, decimal_comma))
    plain = text.replace(".", "").replace(",", ".") if decimal_comma else text.replace(",", "")
    value = Decimal(plain)
    return -value if negative ^ flipped else value


def _sign(text: str) -> tuple[str, bool]:
    if text[:1] in ("-", "−"):
        return text[1:].strip(), True
    if text[-1:] in ("-", "−") and text[:-1].strip()[-1:].isdigit():
        return text[:-1].strip(), True
    return (text[1:].strip(), False) if text[:1] == "+" else (text, False)


def _number_problem(text: str, decimal_comma: bool) -> str:
    if re.match(r"^[0-9.,]+[eE][+-]?[0-9]+$", text):
        return "is written with an exponent, so its digits are lost"
    other = _POINT if decimal_comma else _COMMA
    if text and any(c.isdigit() for c in text) and other.match(text):
        sign = "point" if decimal_comma else "comma"
        return f"is not an amount; if the {sign} is the decimal sign in this file, say so in the options"
    return "is not an amount"


def money(cell: Cell, *, scale: Decimal, negate: bool, decimal_comma: bool) -> tuple[Decimal, str]:
    """An amount to the cent, and a remark where it had to be rounded (half to even). Raises ValueProblem."""
    value = number(cell, decimal_comma=decimal_comma) * scale
    if abs(value) > MAX_AMOUNT:
        raise ValueProblem("is too large an amount")
    exact = value.quantize(CENT, rounding=ROUND_HALF_EVEN)
    remark = "" if exact == value else "was rounded to the cent"
    exact = -exact if negate else exact
    return exact + 0, remark  # + 0: no negative zero


def percent(cell: Cell, *, scale: Decimal, decimal_comma: bool) -> Decimal:
    """Percent points 0 to 100, two decimals: `45`, `45 %`, and `0.45` with scale 100. Raises ValueProblem."""
    text = cell_text(cell).strip()
    bare: Cell = text[:-1].strip() if isinstance(cell, str) and text.endswith("%") else cell
    try:
        value = number(bare, decimal_comma=decimal_comma)
    except ValueProblem as problem:
        raise ValueProblem("is not a percentage") from problem
    value = value if bare is not cell else value * scale
    if not 0 <= value <= 100:
        raise ValueProblem("is not between 0 and 100 %")
    return value.quantize(CENT, rounding=ROUND_HALF_EVEN)


def whole(cell: Cell) -> int:
    """A small whole number, also out of words: `3`, `Tier 1`. Raises ValueProblem."""
    digits = re.findall(r"[0-9]+", cell_text(cell))
    if len(digits) != 1 or int(digits[0]) > 32_767:
        raise ValueProblem("holds no single whole number")
    return int(digits[0])


def text(cell: Cell, *, limit: int, one_line: bool) -> str:
    """Clean text with plain line ends. Raises ValueProblem where it is longer than `limit`."""
    value = cell_text(cell).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if "\x00" in value:
        raise ValueProblem("holds a NUL byte")
    if one_line:
        value = " ".join(value.split())
    if limit and len(value) > limit:
        raise ValueProblem(f"is {len(value):,} characters long; at most {limit:,} fit")
    return value


def tags(value: str) -> list[str]:
    """A comma or semicolon separated list, each tag once."""
    parts = [part.strip()[:60] for part in re.split(r"[;,]", value)]
    return list(dict.fromkeys(part for part in parts if part))


def choice(value: str, choices: Sequence[str], own: Mapping[str, str]) -> str | None:
    """The choice that a word means: by the mapping's own values, as it stands, or by common words.

    `own` has casefolded keys; a mapped value may be empty: the field is empty. None where the word means nothing.
    """
    plain = " ".join(value.split()).casefold()
    if plain in own:
        return own[plain]
    squeezed = _LOOSE.sub("", plain)
    for option in choices:
        if squeezed == option.replace("_", ""):
            return option
    known = CHOICE_WORDS.get(squeezed)
    return known if known in choices else None


def currency(value: str) -> str:
    """Three capital letters. Raises ValueProblem."""
    code = {"£": "GBP", "€": "EUR", "$": "USD"}.get(value.strip(), value.strip().upper())
    if not re.match(r"^[A-Z]{3}$", code):
        raise ValueProblem("is not a currency, such as GBP")
    return code


def as_day(cell: Cell) -> date | None:
    """The day of a date cell of a workbook; None for anything else."""
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else None
