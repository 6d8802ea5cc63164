"""What each thing of a standard may say: the one description that the file, the editor and the API read by.

`read(kind, given, path)` answers clean values or raises Problem, which names the place and the value at fault.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pmo.analysis.permissions import ROLES
from pmo.analysis.tailoring import BOUNDS, EFFECTS, number

RESPONSIBLE: Final = (*ROLES, "sponsor")
TIERS: Final = (1, 2, 3, 4)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_TARGET = re.compile(r"\*|(?:phase|activity|deliverable|gate):[a-z0-9-]{1,60}", re.ASCII)


class Problem(Exception):
    """A refusal in a plain sentence. `path` is where, such as "phases[2].gates[1].quorum"; `field` its last name."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path, self.message = path, message

    @property
    def field(self) -> str:
        return self.path.rsplit(".", 1)[-1].partition("[")[0]


@dataclass(frozen=True, slots=True)
class Spec:
    """One field. `kind`: text, slug, choice, whole, truth, roles, conditions, targets; `most`: length or largest."""

    kind: str = "text"
    required: bool = False
    most: int = 10_000
    least: int = 0
    choices: tuple[str, ...] = ()
    default: Any = ""
    lines: bool = False


_KEY = Spec("slug", required=True, most=60)
_NAME = Spec(required=True, most=200)
_LONG = Spec(lines=True)
_OBLIGATION = Spec("choice", choices=("mandatory", "recommended"), default="mandatory")
_ROLE = Spec("choice", choices=("", *RESPONSIBLE))
_POINT = Spec("choice", choices=("start", "finish"), default="finish")
_BASE: Final = {"key": _KEY, "name": _NAME, "obligation": _OBLIGATION, "responsible_role": _ROLE}

SPECS: Final[Mapping[str, Mapping[str, Spec]]] = {
    "standard": {
        "slug": _KEY,
        "name": _NAME,
        "description": _LONG,
        "source": Spec(most=300),
        "licence": Spec(most=300),
        "summary": _LONG,
    },
    "phase": {
        "key": Spec("slug", required=True, most=40),
        "name": Spec(required=True, most=100),
        "purpose": _LONG,
    },
    "activity": {
        **_BASE,
        "why": _LONG,
        "how": _LONG,
        "template": Spec("slug", most=60),
        "due_from": _POINT,
        "due_days": Spec("whole", least=-3650, most=3650, default=0),
    },
    "deliverable": {**_BASE, "description": _LONG, "acceptance": _LONG, "template": Spec("slug", most=60)},
    "gate": {
        **_BASE,
        "purpose": _LONG,
        "at": _POINT,
        "approver_roles": Spec("roles", most=10, required=True, default=()),
        "quorum": Spec("whole", least=1, most=10, default=1),
        "in_order": Spec("truth", default=False),
    },
    "criterion": {"key": _KEY, "text": Spec(required=True, most=500), "mandatory": Spec("truth", default=True)},
    "rule": {
        "name": _NAME,
        "effect": Spec("choice", choices=EFFECTS, required=True),
        "conditions": Spec("conditions", default={}),
        "targets": Spec("targets", most=400, default=()),
        "value": Spec(most=40),
    },
}


def read(kind: str, given: Any, path: str = "", *, partial: bool = False) -> dict[str, Any]:
    """The values of one thing, clean. `partial`: only the fields that are given. Raises Problem."""
    return read_fields(SPECS[kind], kind, given, path, partial=partial)


def read_fields(
    specs: Mapping[str, Spec], kind: str, given: Any, path: str = "", *, partial: bool = False
) -> dict[str, Any]:
    """As `read`, for fields described elsewhere."""
    if not isinstance(given, Mapping):
        raise Problem(path, f"a mapping with the fields of a {kind} is needed here, not {shown(given)}.")
    for name in given:
        if name not in specs:
            raise Problem(_at(path, str(name)[:40]), f"a {kind} has no such field. Known: {', '.join(specs)}.")
    values = {}
    for name, spec in specs.items():
        if name in given:
            values[name] = _value(spec, given[name], _at(path, name))
        elif spec.required and not partial:
            raise Problem(_at(path, name), "is missing.")
        elif not partial:
            values[name] = spec.default
    return values


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def shown(value: Any) -> str:
    """A value in a sentence: short, in quotation marks."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value)
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def _value(spec: Spec, value: Any, path: str) -> Any:
    reader = _READERS[spec.kind]
    return reader(spec, value, path)


def _text(spec: Spec, value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise Problem(path, f"text is needed here, not {shown(value)}.")
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not spec.lines:
        text = " ".join(text.split("\n"))
    for sign in text:
        if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t":
            raise Problem(path, f"holds a sign that cannot be shown (U+{ord(sign):04X}).")
    if spec.required and not text:
        raise Problem(path, "may not be empty.")
    if len(text) > spec.most:
        raise Problem(path, f"has {len(text)} signs; at most {spec.most} are taken.")
    return text


def _slug(spec: Spec, value: Any, path: str) -> str:
    text = _text(spec, value, path)
    if text and not _SLUG.fullmatch(text):
        raise Problem(path, f"{shown(text)} is no key: small letters a to z and digits, parted by single hyphens.")
    return text


def _choice(spec: Spec, value: Any, path: str) -> str:
    text = value if isinstance(value, str) else shown(value)
    if text not in spec.choices:
        raise Problem(path, f"{shown(value)} is not one of {', '.join(each for each in spec.choices if each)}.")
    return text


def _whole(spec: Spec, value: Any, path: str) -> int:
    if isinstance(value, bool) or not (isinstance(value, int) or isinstance(value, str) and _WHOLE.fullmatch(value)):
        raise Problem(path, f"{shown(value)} is not a whole number.")
    if not spec.least <= int(value) <= spec.most:
        raise Problem(path, f"{shown(value)} is not between {spec.least} and {spec.most}.")
    return int(value)


def _truth(spec: Spec, value: Any, path: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false", "yes", "no"):
        return value.lower() in ("true", "yes")
    raise Problem(path, f"{shown(value)} is neither true nor false.")


def _list(spec: Spec, value: Any, path: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise Problem(path, f"a list is needed here, not {shown(value)}.")
    if len(value) > spec.most:
        raise Problem(path, f"has {len(value)} entries; at most {spec.most} are taken.")
    return list(value)


def _roles(spec: Spec, value: Any, path: str) -> tuple[str, ...]:
    roles = _list(spec, value, path)
    for place, role in enumerate(roles, start=1):
        if role not in RESPONSIBLE:
            raise Problem(f"{path}[{place}]", f"{shown(role)} is no role. Known: {', '.join(RESPONSIBLE)}.")
    if len(set(roles)) != len(roles):
        raise Problem(path, "names a role twice.")
    if spec.required and not roles:
        raise Problem(path, "somebody has to decide: name at least one role.")
    return tuple(roles)


def _targets(spec: Spec, value: Any, path: str) -> tuple[str, ...]:
    targets = _list(spec, value, path)
    for place, target in enumerate(targets, start=1):
        if not isinstance(target, str) or not _TARGET.fullmatch(target):
            message = "is not a target such as “activity:charter”, “phase:closing” or “*”."
            raise Problem(f"{path}[{place}]", f"{shown(target)} {message}")
    return tuple(dict.fromkeys(targets))


def _conditions(spec: Spec, value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Problem(path, f"a mapping of conditions is needed here, not {shown(value)}.")
    clean: dict[str, Any] = {}
    for name, limit in value.items():
        here = _at(path, str(name)[:40])
        if name == "tier":
            tiers = [_whole(Spec("whole", least=1, most=TIERS[-1]), each, here) for each in _list(spec, limit, here)]
            if not tiers:
                raise Problem(here, "names no tier.")
            clean["tier"] = sorted(set(tiers))
        elif name in BOUNDS:
            found = number(limit)
            if found is None or not 0 <= found < 10**12:
                raise Problem(here, f"{shown(limit)} is not a number from 0 on.")
            whole = name.partition("_")[0] != "budget"
            if whole and found != found.to_integral_value():
                raise Problem(here, f"{shown(limit)} is not a whole number.")
            clean[name] = int(found) if whole else format(found, "f")
        else:
            raise Problem(here, f"there is no such condition. Known: tier, {', '.join(BOUNDS)}.")
    return clean


_READERS: Final = {
    "text": _text,
    "slug": _slug,
    "choice": _choice,
    "whole": _whole,
    "truth": _truth,
    "roles": _roles,
    "targets": _targets,
    "conditions": _conditions,
}
