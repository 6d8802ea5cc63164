"""A version of a standard as one readable YAML file, and back. Pure; the two are exact inverses of one another.

The file is not trusted: its size, depth and number of nodes are capped, references (anchors and aliases) and tags are
refused, every plain value is text until a field says otherwise, and each refusal names the place and the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final

import yaml

from pmo.analysis import standard_check
from pmo.analysis.standard_content import (
    ActivityContent,
    CriterionContent,
    DeliverableContent,
    GateContent,
    PhaseContent,
    RuleContent,
    StandardContent,
)
from pmo.analysis.standard_fields import SPECS, Problem, read, shown

FORMAT: Final = "plumbline-standard-1"
MOST_BYTES: Final = 512 * 1024
MOST_DEPTH: Final = 10
MOST_NODES: Final = 60_000


class _Loader(yaml.BaseLoader):  # every scalar is text: "no" stays "no"
    depth = 0
    nodes = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1
        if isinstance(event, yaml.events.AliasEvent) or getattr(event, "anchor", None):
            raise Problem(f"line {line}", "references (& and *) are not taken; write the text out.")
        if getattr(event, "tag", None):
            raise Problem(f"line {line}", f"the tag {shown(event.tag)} is not taken.")
        self.depth += 1
        self.nodes += 1
        if self.depth > MOST_DEPTH:
            raise Problem(f"line {line}", f"is nested deeper than {MOST_DEPTH} levels.")
        if self.nodes > MOST_NODES:
            raise Problem(f"line {line}", f"the file holds more than {MOST_NODES} values.")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise Problem(f"line {key.start_mark.line + 1}", "the name of a field is text.")
            if key.value in seen:
                raise Problem(f"line {key.start_mark.line + 1}", f"the field {shown(key.value)} is there twice.")
            seen.add(key.value)
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return found


def standard_from_yaml(data: bytes | str) -> StandardContent:
    """The standard of a file. Raises Problem with the place, the value and what is wrong with it."""
    given = loaded(data)
    if not isinstance(given, Mapping):
        raise Problem("", f"The file is {shown(given)}; a standard begins with “format: {FORMAT}”.")
    given = dict(given)
    if given.pop("format", None) != FORMAT:
        raise Problem("format", f"A standard begins with “format: {FORMAT}”.")
    phases = _each(given.pop("phases", []), "phases", standard_check.MOST_PHASES)
    rules = _each(given.pop("rules", []), "rules", standard_check.MOST_RULES)
    content = StandardContent(
        **read("standard", given),
        phases=tuple(_phase(phase, path) for phase, path in phases),
        rules=tuple(RuleContent(**read("rule", rule, path)) for rule, path in rules),
    )
    for problem in standard_check.problems(content):
        raise problem
    return content


def loaded(data: bytes | str) -> Any:
    """What an untrusted YAML file holds, inside the caps above, every plain value as text. Raises Problem."""
    raw = data.encode() if isinstance(data, str) else data
    if len(raw) > MOST_BYTES:
        raise Problem("", f"The file has {len(raw) // 1024} KB; at most {MOST_BYTES // 1024} KB are taken.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem("", f"The file is not UTF-8 text: byte {error.start + 1} cannot be read.") from None
    try:
        return yaml.load(text, Loader=_Loader)  # nosec B506: makes nothing but text, lists and mappings
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise Problem(where, f"this is not YAML: {error.problem or error.context}.") from None
    except yaml.YAMLError as error:
        raise Problem("", f"This is not YAML: {str(error).splitlines()[0][:120]}.") from None


def _each(given: Any, path: str, most: int) -> list[tuple[Any, str]]:
    if given == "":
        return []
    if not isinstance(given, list):
        raise Problem(path, f"a list is needed here, not {shown(given)}.")
    if len(given) > most:
        raise Problem(path, f"has {len(given)} entries; at most {most} are taken.")
    return [(each, f"{path}[{place}]") for place, each in enumerate(given, start=1)]


def _mapping(given: Any, path: str) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise Problem(path, f"a mapping is needed here, not {shown(given)}.")
    return dict(given)


def _phase(given: Any, path: str) -> PhaseContent:
    rest = _mapping(given, path)
    parts = {
        name: _each(rest.pop(name, []), f"{path}.{name}", standard_check.MOST_IN_A_PHASE)
        for name in ("activities", "deliverables", "gates")
    }
    return PhaseContent(
        **read("phase", rest, path),
        activities=tuple(ActivityContent(**read("activity", each, at)) for each, at in parts["activities"]),
        deliverables=tuple(DeliverableContent(**read("deliverable", each, at)) for each, at in parts["deliverables"]),
        gates=tuple(_gate(each, at) for each, at in parts["gates"]),
    )


def _gate(given: Any, path: str) -> GateContent:
    rest = _mapping(given, path)
    criteria = _each(rest.pop("criteria", []), f"{path}.criteria", standard_check.MOST_CRITERIA)
    return GateContent(
        **read("gate", rest, path),
        criteria=tuple(CriterionContent(**read("criterion", each, at)) for each, at in criteria),
    )


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


def _as_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _as_text)


def standard_to_yaml(content: StandardContent) -> str:
    """The file of a standard: what is as usual is left out, long text stands in lines of its own."""
    data: dict[str, Any] = {"format": FORMAT, **_plain("standard", content)}
    data["phases"] = [_phase_data(phase) for phase in content.phases]
    if content.rules:
        data["rules"] = [_plain("rule", rule) for rule in content.rules]
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def _phase_data(phase: PhaseContent) -> dict[str, Any]:
    data = _plain("phase", phase)
    parts: Iterable[tuple[str, str, tuple[Any, ...]]] = (
        ("activities", "activity", phase.activities),
        ("deliverables", "deliverable", phase.deliverables),
        ("gates", "gate", phase.gates),
    )
    for name, kind, found in parts:
        if found:
            data[name] = [_plain(kind, each) for each in found]
    for gate, gate_data in zip(phase.gates, data.get("gates", ()), strict=True):
        if gate.criteria:
            gate_data["criteria"] = [_plain("criterion", each) for each in gate.criteria]
    return data


def _plain(kind: str, thing: Any) -> dict[str, Any]:
    """The fields that say something, in the order in which they are described."""
    known = {field.name for field in fields(thing)}
    data = {}
    for name, spec in SPECS[kind].items():
        value = getattr(thing, name) if name in known else spec.default
        if spec.required or value != spec.default:
            data[name] = (
                list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
            )
    return data
