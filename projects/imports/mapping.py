"""The mapping language: which column becomes which field, and how the file is to be read. JSON in, frozen facts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pmo.kit.spreadsheet import ReadOptions
from projects.imports.targets import TARGETS, Target

DATE_ORDERS: Final = ("auto", "DMY", "MDY", "YMD")
UNMATCHED: Final = ("reject", "queue")
BUDGETS: Final = ("now", "draft")
DUPLICATES: Final = ("reject", "merge", "newest")
DEFAULT_EMPTY: Final = ("-", "–", "—", "n/a", "na", "none", "null", "nil", "#n/a", "tbd", "tbc")
_RULE_KEYS: Final = frozenset({"column", "join", "scale", "format", "values", "default", "negate"})
_OPTION_KEYS: Final = frozenset(
    {
        "encoding", "delimiter", "header_row", "skip_rows", "skip_footer", "sheet", "date_order", "swap_day_month",
        "decimal_comma", "empty_values", "key", "group_by", "on_duplicate", "status_date", "create_missing", "source",
        "unmatched", "budget_as",
    }
)  # fmt: skip


class MappingError(ValueError):
    """The mapping or an option cannot be used as it is. `field` names the part at fault: `mapping.budget.scale`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How one field is made of the columns of a row."""

    field: str
    columns: tuple[str, ...] = ()
    join: str = " "
    scale: Decimal = Decimal(1)
    format: str = ""
    values: Mapping[str, str] = made_by(default_factory=dict)
    default: str | None = None
    negate: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """How the file is read and how rows belong together. `key`, `group_by` and `status_date` name columns or fields."""

    read: ReadOptions = ReadOptions()
    date_order: str = "auto"
    swap_day_month: bool = False
    decimal_comma: bool = False
    empty_values: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    on_duplicate: str = "reject"
    status_date: str = ""
    create_missing: bool = False
    source: str = ""
    unmatched: str = "reject"  # cost entries that name no known project: "queue" has them wait for a person
    budget_as: str = "now"  # "draft": a budget's lines are a draft, to be handed in and approved here


@dataclass(frozen=True, slots=True)
class Plan:
    """A parsed mapping for one target."""

    target: Target
    rules: Mapping[str, FieldRule]
    options: Options


def parse(target: str, mapping: Mapping[str, Any], options: Mapping[str, Any] | None = None) -> Plan:
    """Raises MappingError for an unknown target, field, key or value, in a sentence that names it."""
    if target not in TARGETS:
        raise MappingError("target", f"“{target}” cannot be imported; choose one of: {', '.join(TARGETS)}.")
    goal = TARGETS[target]
    if not isinstance(mapping, Mapping):
        raise MappingError("mapping", "The mapping must be an object: field name to column.")
    rules = {name: _rule(goal, str(name), raw) for name, raw in mapping.items() if raw not in (None, "", {}, [])}
    return Plan(target=goal, rules=rules, options=parse_options(options or {}))


def _rule(target: Target, name: str, raw: Any) -> FieldRule:
    where = f"mapping.{name}"
    if name not in target.fields:
        raise MappingError(where, f"“{name}” is not a field of {target.label.lower()}.")
    if isinstance(raw, (str, list, tuple)):
        raw = {"column": raw}
    if not isinstance(raw, Mapping):
        raise MappingError(where, f"The mapping of “{name}” must be an object with a column.")
    if unknown := sorted(str(key) for key in raw if key not in _RULE_KEYS):
        raise MappingError(where, f"“{unknown[0]}” is not known in the mapping of “{name}”.")
    columns = _texts(raw.get("column"), f"{where}.column")
    default = raw.get("default")
    if default is not None and not isinstance(default, (str, int, Decimal)):
        raise MappingError(f"{where}.default", f"The default of “{name}” must be text or a whole number.")
    if not columns and default is None:
        raise MappingError(f"{where}.column", f"The mapping of “{name}” names no column.")
    values = raw.get("values") or {}
    if not isinstance(values, Mapping):
        raise MappingError(
            f"{where}.values", f"The values of “{name}” must be an object: value in the file to value here."
        )
    return FieldRule(
        field=name,
        columns=columns,
        join=_text(raw.get("join", " "), f"{where}.join"),
        scale=_scale(raw.get("scale", 1), f"{where}.scale"),
        format=_text(raw.get("format") or "", f"{where}.format"),
        values={str(key).strip().casefold(): "" if value is None else str(value) for key, value in values.items()},
        default=None if default is None else str(default),
        negate=_flag(raw.get("negate") or False, f"{where}.negate"),
    )


def parse_options(raw: Mapping[str, Any]) -> Options:
    """Raises MappingError. Absent options keep their defaults."""
    if not isinstance(raw, Mapping):
        raise MappingError("options", "The options must be an object.")
    if unknown := sorted(str(key) for key in raw if key not in _OPTION_KEYS):
        raise MappingError(f"options.{unknown[0]}", f"There is no option “{unknown[0]}”.")
    read = ReadOptions(
        encoding=_text(raw.get("encoding") or "", "options.encoding") or None,
        delimiter=_delimiter(raw.get("delimiter")),
        header_row=_count(raw.get("header_row"), "options.header_row", least=1) or None,
        skip_rows=_count(raw.get("skip_rows"), "options.skip_rows"),
        skip_footer=_count(raw.get("skip_footer"), "options.skip_footer"),
        sheet=_text(raw.get("sheet") or "", "options.sheet"),
    )
    return Options(
        read=read,
        date_order=_one_of(raw.get("date_order") or "auto", DATE_ORDERS, "options.date_order"),
        swap_day_month=_flag(raw.get("swap_day_month") or False, "options.swap_day_month"),
        decimal_comma=_flag(raw.get("decimal_comma") or False, "options.decimal_comma"),
        empty_values=_texts(raw.get("empty_values"), "options.empty_values"),
        key=_texts(raw.get("key"), "options.key"),
        group_by=_texts(raw.get("group_by"), "options.group_by"),
        on_duplicate=_one_of(raw.get("on_duplicate") or "reject", DUPLICATES, "options.on_duplicate"),
        status_date=_text(raw.get("status_date") or "", "options.status_date"),
        create_missing=_flag(raw.get("create_missing") or False, "options.create_missing"),
        source=_text(raw.get("source") or "", "options.source")[:60],
        unmatched=_one_of(raw.get("unmatched") or "reject", UNMATCHED, "options.unmatched"),
        budget_as=_one_of(raw.get("budget_as") or "now", BUDGETS, "options.budget_as"),
    )


def _text(raw: Any, where: str) -> str:
    if not isinstance(raw, str):
        raise MappingError(where, f"“{where.rpartition('.')[2]}” must be text.")
    return raw


def _texts(raw: Any, where: str) -> tuple[str, ...]:
    if raw is None or raw == "":
        return ()
    if isinstance(raw, str):
        return (raw,)
    if isinstance(raw, Sequence) and all(isinstance(item, str) for item in raw) and len(raw) <= 200:
        return tuple(item for item in raw if item)
    raise MappingError(where, f"“{where.rpartition('.')[2]}” must be text or a list of texts.")


def _flag(raw: Any, where: str) -> bool:
    if not isinstance(raw, bool):
        raise MappingError(where, f"“{where.rpartition('.')[2]}” must be true or false.")
    return raw


def _count(raw: Any, where: str, *, least: int = 0) -> int:
    if raw is None or raw == "":
        return 0
    if isinstance(raw, bool) or not isinstance(raw, int) or not least <= raw <= 100_000:
        raise MappingError(where, f"“{where.rpartition('.')[2]}” must be a whole number from {least} to 100,000.")
    return raw


def _scale(raw: Any, where: str) -> Decimal:
    try:
        scale = Decimal(str(raw)) if not isinstance(raw, bool) else Decimal("NaN")
    except InvalidOperation:
        scale = Decimal("NaN")
    if not scale.is_finite() or not Decimal("0.000000001") <= scale <= Decimal(10**12):
        raise MappingError(where, "“scale” must be a number above 0, for example 1000000 for millions.")
    return scale


def _one_of(raw: Any, allowed: Sequence[str], where: str) -> str:
    if raw not in allowed:
        raise MappingError(where, f"“{where.rpartition('.')[2]}” must be one of: {', '.join(allowed)}.")
    return str(raw)


def _delimiter(raw: Any) -> str | None:
    if raw in (None, ""):
        return None
    if raw in ("tab", "\\t"):
        return "\t"
    if not isinstance(raw, str) or len(raw) != 1:
        raise MappingError("options.delimiter", "“delimiter” must be one character, or “tab”.")
    return raw
