"""The form that says which column becomes which field: from a mapping to rows of the page, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.imports import headers
from projects.imports.headers import shorten
from projects.imports.targets import TARGETS, Field

JOINED: Final = "*"  # the choice that keeps several columns as they are joined
SCALES: Final = {
    "money": (
        ("1", gettext_lazy("as it stands")),
        ("1000", gettext_lazy("thousands")),
        ("1000000", gettext_lazy("millions")),
        ("1000000000", gettext_lazy("billions")),
    ),
    "percent": (("1", gettext_lazy("0 to 100")), ("100", gettext_lazy("0 to 1"))),
}
FLAGS: Final = ("swap_day_month", "decimal_comma", "create_missing")
TEXTS: Final = (
    "encoding", "delimiter", "sheet", "date_order", "on_duplicate", "status_date", "source", "unmatched", "budget_as",
)  # fmt: skip
AT_REST: Final = (("date_order", "auto"), ("on_duplicate", "reject"), ("unmatched", "reject"), ("budget_as", "now"))
NUMBERS: Final = ("header_row", "skip_rows", "skip_footer")
LISTS: Final = ("key", "group_by")


@dataclass(slots=True)
class Choice:
    """One column of the file as an option of the select."""

    value: str
    text: str
    samples: str
    selected: bool = False


@dataclass(slots=True)
class Line:
    """One field of the target as a row of the page."""

    spec: Field
    choices: list[Choice]
    samples: str
    scales: list[tuple[str, Any, bool]] = field(default_factory=list)
    default: str = ""
    negate: bool = False
    words: str = ""
    takes: str = ""

    @property
    def mapped(self) -> bool:
        return any(choice.selected for choice in self.choices) or bool(self.default)


def lines_of(target: str, mapping: Mapping[str, Any], columns: Sequence[Mapping[str, Any]]) -> list[Line]:
    """The fields of a target, in their order, with what the mapping says of each."""
    return [_line(spec, _rule(mapping.get(spec.key)), columns) for spec in TARGETS[target].fields.values()]


def _rule(raw: Any) -> dict[str, Any]:
    if isinstance(raw, Mapping):
        return dict(raw)
    return {"column": raw} if raw else {}


def _line(spec: Field, rule: Mapping[str, Any], columns: Sequence[Mapping[str, Any]]) -> Line:
    names = [str(column["header"]) for column in columns]
    wanted = rule.get("column") or []
    wanted = [wanted] if isinstance(wanted, str) else list(wanted)
    chosen = headers.find(wanted[0], names) if len(wanted) == 1 else None
    choices = [
        Choice(name, shorten(name, 60), _shown(column), selected=index == chosen)
        for index, (name, column) in enumerate(zip(names, columns, strict=True))
    ]
    samples = choices[chosen].samples if chosen is not None else ""
    if len(wanted) > 1:
        choices.insert(0, Choice(JOINED, shorten(" + ".join(wanted), 60), "", selected=True))
    elif wanted and chosen is None:
        samples = _("“%s” is not in this file") % shorten(wanted[0], 40)
    words = "\n".join(f"{word} = {meaning}" for word, meaning in (rule.get("values") or {}).items())
    scales = [(value, label, Decimal(value) == _scale(rule)) for value, label in SCALES.get(spec.kind, ())]
    if scales and not any(selected for _value, _label, selected in scales):
        scales.append((str(rule["scale"]), f"× {rule['scale']}", True))
    return Line(
        spec=spec,
        choices=choices,
        samples=samples,
        scales=scales,
        default="" if rule.get("default") is None else str(rule["default"]),
        negate=bool(rule.get("negate")),
        words=words,
        takes=", ".join(spec.choices),
    )


def _scale(rule: Mapping[str, Any]) -> Decimal:
    return Decimal(str(rule.get("scale", 1)))


def _shown(column: Mapping[str, Any]) -> str:
    return " · ".join(str(sample) for sample in column.get("samples", ()))


def mapping_from(post: QueryDict, target: str, base: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping as the form says it; what the form does not show (a format, joined columns) is taken from `base`."""
    mapping: dict[str, Any] = {}
    for spec in TARGETS[target].fields.values():
        known = _rule(base.get(spec.key))
        column = post.get(f"col-{spec.key}", "")
        default = post.get(f"default-{spec.key}", "").strip()
        if not column and not default:
            continue
        rule: dict[str, Any] = {}
        if column == JOINED:
            rule = {name: known[name] for name in ("column", "join") if name in known}
        elif column:
            rule = {"column": column}
        if known.get("format") and column:
            rule["format"] = known["format"]
        if (scale := post.get(f"scale-{spec.key}", "1")) != "1" and column:
            rule["scale"] = scale
        if post.get(f"negate-{spec.key}"):
            rule["negate"] = True
        words = _words(post.get(f"words-{spec.key}", ""))
        if not spec.choices and "values" in known:
            words = dict(known["values"])
        if words and column:
            rule["values"] = words
        if default:
            rule["default"] = default
        mapping[spec.key] = rule
    return mapping


def _words(text: str) -> dict[str, str]:
    pairs = (line.rpartition("=") for line in text.splitlines() if "=" in line)
    return {word.strip(): meaning.strip() for word, _sign, meaning in pairs if word.strip()}


def options_from(post: QueryDict, base: Mapping[str, Any]) -> dict[str, Any]:
    """The options as the form says them; ones at rest are left out."""
    options: dict[str, Any] = {}
    for name in TEXTS:
        value = post.get(f"option-{name}", str(base.get(name) or "")).strip()
        if value and (name, value) not in AT_REST:
            options[name] = value
    for name in NUMBERS:
        value = post.get(f"option-{name}", "").strip()
        if value:
            options[name] = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value
    for name in FLAGS:
        if post.get(f"option-{name}"):
            options[name] = True
    for name in LISTS:
        chosen = [value for value in post.getlist(f"option-{name}") if value]
        if chosen:
            options[name] = chosen
    empty = [line.strip() for line in post.get("option-empty_values", "").splitlines() if line.strip()]
    if empty:
        options["empty_values"] = empty
    return options


def options_shown(options: Mapping[str, Any], columns: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The options as the template reads them: columns chosen as key and group, empty values one a line."""
    names = [str(column["header"]) for column in columns]
    shown: dict[str, Any] = {name: options.get(name, "") for name in (*TEXTS, *NUMBERS, *FLAGS)}
    for name in LISTS:
        given = options.get(name) or []
        given = [given] if isinstance(given, str) else list(given)
        places = {headers.find(wanted, names) for wanted in given}
        shown[name] = [(header, shorten(header, 60), index in places) for index, header in enumerate(names)]
    empty = options.get("empty_values") or []
    shown["empty_values"] = "\n".join([empty] if isinstance(empty, str) else empty)
    return shown
