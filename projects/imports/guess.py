"""A first mapping for a file nobody has seen before, so that a newcomer's own file mostly maps itself.

Headers are compared with the words people use for a field; what stands in the column has to agree. Nothing here is
final: the person sees the proposal beside samples of the file and changes it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from pmo.kit.spreadsheet import Cell, Row, blank, cell_text
from projects.imports import dates, headers, values
from projects.imports.footer import footer_rows
from projects.imports.mapping import DEFAULT_EMPTY
from projects.imports.targets import TARGETS, Field
from projects.imports.values import ValueProblem

_SCALES: Final = (
    (re.compile(r"(£|\$|€)\s*m\b|\bmillions?\b|\bmn\b|\([^)]*\bm\)", re.IGNORECASE), 1_000_000),
    (re.compile(r"\bthousands?\b|(£|\$|€)\s*k\b|\bk(£|\$|€)|\(\s*k\s*\)|'000|,000s", re.IGNORECASE), 1_000),
    (re.compile(r"(£|\$|€)\s*bn\b|\bbillions?\b", re.IGNORECASE), 1_000_000_000),
)
_SIGNS: Final = (("£", "GBP"), ("€", "EUR"), ("R$", "BRL"), ("A$", "AUD"))
_COMMA_DECIMAL: Final = re.compile(r"^[^\d]{0,4}\d{1,3}(\.\d{3})*,\d{1,2}$|^[^\d]{0,4}\d+,\d{1,2}$")
_POINT_DECIMAL: Final = re.compile(r"^[^\d]{0,4}[\d,]*\.\d{1,2}$")
_UNIT_WORDS: Final = re.compile(
    r"\b(gbp|usd|eur|aud|m|k|bn|in|of|the|millions?|thousands?|including|incl|inc|vat|ex|p)\b|[%$£€]"
)
_BRACKETS: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]")
# Words after which a header is about something else: a change of the budget is no budget.
_OTHER_THINGS: Final = frozenset(
    {
        "change", "changes", "variance", "narrative", "commentary", "comment", "comments", "days", "reason", "notes",
        "benefit", "benefits", "type", "count", "confidence", "assessment", "rating", "year", "annual", "email",
    }
)  # fmt: skip
_LOOSE_KINDS: Final = ("money", "date", "percent", "person")
_SAMPLE: Final = 500
_ENOUGH: Final = 0.5


def guess(target: str, names: Sequence[str], rows: Sequence[Row]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A mapping and options for the target, both as JSON. Fields for which no column looks right are left out."""
    sample = rows[:_SAMPLE]
    columns = [[row.cells[index] for row in sample if not blank(row.cells[index])] for index in range(len(names))]
    comma = _decimal_comma(columns)
    scored = sorted(
        (
            (score, -order, -index, field.key, index)
            for order, field in enumerate(TARGETS[target].fields.values())
            for index, name in enumerate(names)
            if (score := _score(field, name, columns[index], comma)) > 0
        ),
        reverse=True,
    )
    mapping: dict[str, Any] = {}
    taken: set[int] = set()
    for _, _, _, key, index in scored:
        if key in mapping or index in taken:
            continue
        mapping[key] = {"column": names[index]}
        taken.add(index)
    fields = TARGETS[target].fields
    mapping = {key: _refine(fields[key], mapping[key], columns, names, comma) for key in fields if key in mapping}
    return _with_currency(target, mapping, names, columns), _options(target, mapping, names, rows, comma)


def guess_target(names: Sequence[str], rows: Sequence[Row]) -> str:
    """What the file most likely holds; projects where nothing speaks for another."""
    found = {target: set(guess(target, names, rows)[0]) for target in TARGETS}
    facts = {"budget", "actual_cost", "reported_eac", "percent_complete", "health", "status", "start", "finish"}
    is_ledger = {"project", "amount", "incurred_on"} <= found["cost-entries"]
    if {"start", "finish"} <= found["projects"]:
        return "projects"
    if is_ledger and found["cost-entries"] & {"vendor", "reference", "kind"}:
        return "cost-entries"
    if "name" in found["projects"] and len(found["projects"] & facts) > 1:
        return "projects"
    if is_ledger:
        return "cost-entries"
    return "budget-lines" if {"project", "amount", "period"} <= found["budget-lines"] else "projects"


def _score(field: Field, name: str, cells: Sequence[Cell], comma: bool) -> float:
    """10 for the very word, about 4 for a header that begins or ends with it, 0 where the contents disagree."""
    bare, unbracketed = _bare(name), _bare(_BRACKETS.sub(" ", name))
    if field.kind == "percent" and "%" in name and not bare:
        bare = "percent complete"
    best = 0.0
    for place, synonym in enumerate(field.synonyms):
        word = _bare(synonym)
        if word and word in (bare, unbracketed):
            best = max(best, 10 - place * 0.1)
        elif " " in word or field.kind in _LOOSE_KINDS:
            left = f" {unbracketed} "
            if left.startswith(f" {word} ") or left.endswith(f" {word} "):
                rest = unbracketed.replace(word, "").split()
                if not _OTHER_THINGS.intersection(rest):
                    best = max(best, 4 + len(word) / 20 - place * 0.05 - 0.2 * len(rest))
    if field.kind == "money" and "%" in name:
        return 0.0
    return best if best and _agrees(field, cells, comma) else 0.0


def _bare(name: str) -> str:
    return " ".join(_UNIT_WORDS.sub(" ", headers.words(name)).split())


def _agrees(field: Field, cells: Sequence[Cell], comma: bool) -> bool:
    """Does enough of what stands in the column have the kind the field needs? An empty column says nothing: yes."""
    if not cells:
        return True
    if field.kind == "choice":
        fitting = sum(values.choice(cell_text(cell), field.choices, {}) is not None for cell in cells)
        return field.key == "health" or fitting >= len(cells) * 0.3
    if field.kind in ("text", "code", "reference", "person", "vendor", "tags"):
        return True
    return sum(_is(field, cell, comma) for cell in cells) >= len(cells) * _ENOUGH * 0.5


def _is(field: Field, cell: Cell, comma: bool) -> bool:
    try:
        if field.kind in ("date", "month"):
            try:
                dates.parse(cell, order="DMY")
            except ValueProblem:
                dates.parse(cell, order="MDY")
        elif field.kind == "percent":
            values.percent(cell, scale=Decimal(1), decimal_comma=comma)
        elif field.kind == "number":
            values.whole(cell)
        else:
            values.number(cell, decimal_comma=comma)
    except ValueProblem:
        return False
    return True


def _refine(
    field: Field, rule: dict[str, Any], columns: Sequence[Sequence[Cell]], names: Sequence[str], comma: bool
) -> dict[str, Any]:
    name = rule["column"]
    cells = columns[names.index(name)]
    if field.kind == "money":
        for pattern, scale in _SCALES:
            if pattern.search(name):
                return rule | {"scale": scale}
    if field.kind == "percent":
        numbers = [values.number(cell, decimal_comma=comma) for cell in cells if _plain_number(cell, comma)]
        if numbers and max(numbers) <= 1 and any(0 < value < 1 for value in numbers):
            return rule | {"scale": 100}
    if field.kind == "choice":
        unknown = {
            cell_text(cell).strip() for cell in cells if values.choice(cell_text(cell), field.choices, {}) is None
        }
        if 0 < len(unknown) <= 20:
            return rule | {"values": dict.fromkeys(sorted(unknown), "")}
    return rule


def _plain_number(cell: Cell, comma: bool) -> bool:
    try:
        values.number(cell, decimal_comma=comma)
    except ValueProblem:
        return False
    return True


def _with_currency(
    target: str, mapping: dict[str, Any], names: Sequence[str], columns: Sequence[Sequence[Cell]]
) -> dict[str, Any]:
    if "currency" in mapping:
        return mapping
    places = [names.index(mapping[key]["column"]) for key in TARGETS[target].money if key in mapping]
    seen = [names[place] for place in places]
    seen += [cell_text(cell) for place in places for cell in columns[place][:50]]
    for sign, code in _SIGNS:
        if any(sign in text for text in seen):
            return mapping | {"currency": {"default": code}}
    return mapping


def _decimal_comma(columns: Sequence[Sequence[Cell]]) -> bool:
    texts = [cell_text(cell).strip() for cells in columns for cell in cells if isinstance(cell, str) and len(cell) < 30]
    return sum(bool(_COMMA_DECIMAL.match(text)) for text in texts) > sum(
        bool(_POINT_DECIMAL.match(text)) for text in texts
    )


def _options(
    target: str,
    mapping: Mapping[str, Any],
    names: Sequence[str],
    rows: Sequence[Row],
    comma: bool,
) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if comma:
        options["decimal_comma"] = True
    if footer := footer_rows(rows):
        options["skip_footer"] = footer
    if sentinels := _sentinels(target, mapping, names, rows, comma):
        options["empty_values"] = sentinels
    if target == "projects" and "status_date" in mapping and _repeats(target, mapping, names, rows):
        options["on_duplicate"] = "newest"
    if any(
        key in mapping for key in ("programme", "portfolio", "project_manager", "sponsor", "budget_owner", "vendor")
    ):
        options["create_missing"] = True
    return options


def _repeats(target: str, mapping: Mapping[str, Any], names: Sequence[str], rows: Sequence[Row]) -> bool:
    key = next((key for key in TARGETS[target].key_fields if "column" in mapping.get(key, {})), None)
    if key is None:
        return False
    place = names.index(mapping[key]["column"])
    keys = [cell_text(row.cells[place]).strip() for row in rows]
    return len(set(keys)) * 2 < len(keys)


def _sentinels(
    target: str, mapping: Mapping[str, Any], names: Sequence[str], rows: Sequence[Row], comma: bool
) -> list[str]:
    """Words without a digit that stand where amounts, dates or percentages should: NFP, PNS, “to be confirmed”."""
    found: Counter[str] = Counter()
    for key, rule in mapping.items():
        field = TARGETS[target].fields[key]
        if field.kind not in ("money", "date", "month", "percent") or "column" not in rule:
            continue
        place = names.index(rule["column"])
        for cell in (row.cells[place] for row in rows if not blank(row.cells[place])):
            text = " ".join(cell_text(cell).split())
            if not any(c.isdigit() for c in text) and len(text) <= 60 and not _is(field, cell, comma):
                found[text] += 1
    return [text for text, _ in found.most_common(20) if text.casefold() not in DEFAULT_EMPTY]
