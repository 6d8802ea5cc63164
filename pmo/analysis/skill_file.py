"""A framework of skills as one YAML or CSV file. Pure; the file is not trusted, each refusal names the place."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from pmo.analysis.skills import HIGHEST
from pmo.analysis.standard_fields import RESPONSIBLE, TIERS, Problem, Spec, read_fields, shown
from pmo.analysis.standard_file import MOST_BYTES, loaded

FORMAT: Final = "plumbline-skills-1"
MOST_SKILLS: Final = 100
_SLUG: Final = Spec("slug", required=True, most=60)
_NAME: Final = Spec(required=True, most=200)
_LEVEL: Final = Spec("whole", required=True, most=HIGHEST)
FRAMEWORK: Final = {"key": _SLUG, "name": _NAME, "source": Spec(most=300), "licence": Spec(most=300)}
SKILL: Final = {
    "key": _SLUG,
    "name": _NAME,
    "group": Spec(most=100),
    "description": Spec(most=2_000, lines=True),
}
LEVEL: Final = {
    "level": _LEVEL,
    "name": Spec(required=True, most=60),
    "description": Spec(required=True, most=1_000, lines=True),
}
COLUMNS: Final = (
    "framework_key", "framework_name", "skill_key", "skill_name", "group", "description", "level", "level_name",
    "level_description",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LevelContent:
    level: int
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class SkillContent:
    """One skill with its levels in words. `benchmarks`: by role the level wanted at tier 1, 2, 3 and 4."""

    key: str
    name: str
    group: str = ""
    description: str = ""
    levels: tuple[LevelContent, ...] = ()
    benchmarks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FrameworkContent:
    key: str
    name: str
    source: str = ""
    licence: str = ""
    skills: tuple[SkillContent, ...] = ()


def framework_from_file(data: bytes) -> FrameworkContent:
    """The framework of a YAML file, or of a CSV file whose first line names its columns. Raises Problem."""
    head = data[:2_000].lstrip(b"\xef\xbb\xbf").lstrip()
    first = head.splitlines()[0].lower() if head else b""
    return framework_from_csv(data) if first.startswith(b"framework_key") else framework_from_yaml(data)


def framework_from_yaml(data: bytes | str) -> FrameworkContent:
    """Raises Problem with the place, the value and what is wrong with it."""
    given = loaded(data)
    if not isinstance(given, Mapping) or given.get("format") != FORMAT:
        raise Problem("", f"A framework of skills begins with “format: {FORMAT}”, or is a CSV file with the columns "
                          f"{', '.join(COLUMNS)}.")  # fmt: skip
    rest = {name: value for name, value in given.items() if name not in ("format", "skills")}
    skills = _list(given.get("skills", []), "skills", MOST_SKILLS)
    found = FrameworkContent(
        **read_fields(FRAMEWORK, "framework", rest),
        skills=tuple(_skill(each, f"skills[{place}]") for place, each in enumerate(skills, start=1)),
    )
    return _checked(found)


def _skill(given: Any, path: str) -> SkillContent:
    if not isinstance(given, Mapping):
        raise Problem(path, f"a mapping with the fields of a skill is needed here, not {shown(given)}.")
    rest = {name: value for name, value in given.items() if name not in ("levels", "benchmarks")}
    levels = _list(given.get("levels", []), f"{path}.levels", HIGHEST + 1)
    wanted = given.get("benchmarks", {}) or {}
    if not isinstance(wanted, Mapping):
        raise Problem(f"{path}.benchmarks", f"a mapping from role to levels is needed here, not {shown(wanted)}.")
    return SkillContent(
        **read_fields(SKILL, "skill", rest, path),
        levels=tuple(
            LevelContent(**read_fields(LEVEL, "level", each, f"{path}.levels[{place}]"))
            for place, each in enumerate(levels, start=1)
        ),
        benchmarks={str(role): _wanted(role, each, f"{path}.benchmarks") for role, each in wanted.items()},
    )


def _wanted(role: Any, given: Any, path: str) -> tuple[int, ...]:
    if role not in RESPONSIBLE:
        raise Problem(path, f"{shown(role)} is not a role. Known: {', '.join(RESPONSIBLE)}.")
    if not isinstance(given, list) or len(given) != len(TIERS):
        raise Problem(f"{path}.{role}", f"{len(TIERS)} levels are needed here, one a tier, not {shown(given)}.")
    fields = {str(tier): _LEVEL for tier in TIERS}
    values = read_fields(fields, "tier", {str(tier): each for tier, each in zip(TIERS, given, strict=True)},
                         f"{path}.{role}")  # fmt: skip
    return tuple(values[str(tier)] for tier in TIERS)


def framework_from_csv(data: bytes) -> FrameworkContent:
    """One line a level; what belongs to the framework and the skill stands in each. Raises Problem with the line."""
    if len(data) > MOST_BYTES:
        raise Problem("", f"The file has {len(data) // 1024} KB; at most {MOST_BYTES // 1024} KB are taken.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem("", f"The file is not UTF-8 text: byte {error.start + 1} cannot be read.") from None
    head = text.splitlines()[0] if text else ""
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True)
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise Problem("line 1", f"the column {shown(missing[0])} is missing. Columns: {', '.join(COLUMNS)}.")
    about: dict[str, Any] = {}
    skills: dict[str, dict[str, Any]] = {}
    try:
        for row in rows:
            _line(row, f"line {rows.line_num}", about, skills)
    except csv.Error as error:
        raise Problem(f"line {rows.line_num}", f"this is not CSV: {error}.") from None
    if not about:
        raise Problem("", "The file holds no skill.")
    parts = tuple(
        SkillContent(**{**skill, "levels": tuple(skill["levels"])}) for skill in skills.values()
    )  # fmt: skip
    return _checked(FrameworkContent(**about, skills=parts))


def _line(row: Mapping[str, Any], where: str, about: dict[str, Any], skills: dict[str, dict[str, Any]]) -> None:
    given = {name: (row.get(name) or "").strip() for name in COLUMNS}
    own = read_fields(FRAMEWORK, "framework", {"key": given["framework_key"], "name": given["framework_name"]}, where)
    if about and own["key"] != about["key"]:
        raise Problem(where, f"a file holds one framework: {shown(own['key'])} is not {shown(about['key'])}.")
    if not about:
        about.update(own)
    skill = read_fields(
        SKILL, "skill",
        {"key": given["skill_key"], "name": given["skill_name"], "group": given["group"],
         "description": given["description"]},
        where,
    )  # fmt: skip
    level = read_fields(
        LEVEL, "level",
        {"level": given["level"], "name": given["level_name"], "description": given["level_description"]}, where,
    )  # fmt: skip
    skills.setdefault(skill["key"], {**skill, "levels": []})["levels"].append(LevelContent(**level))
    if len(skills) > MOST_SKILLS:
        raise Problem(where, f"the file has more than {MOST_SKILLS} skills.")


def _list(given: Any, path: str, most: int) -> list[Any]:
    if given == "":
        return []
    if not isinstance(given, list):
        raise Problem(path, f"a list is needed here, not {shown(given)}.")
    if len(given) > most:
        raise Problem(path, f"has {len(given)} entries; at most {most} are taken.")
    return given


def _checked(content: FrameworkContent) -> FrameworkContent:
    if not content.skills:
        raise Problem("skills", "A framework has at least one skill.")
    seen: set[str] = set()
    for place, skill in enumerate(content.skills, start=1):
        path = f"skills[{place}]"
        if skill.key in seen:
            raise Problem(f"{path}.key", f"{shown(skill.key)} is there twice.")
        seen.add(skill.key)
        levels = [level.level for level in skill.levels]
        if sorted(levels) != list(range(HIGHEST + 1)):
            raise Problem(f"{path}.levels", f"{skill.name} needs the levels 0 to {HIGHEST}, each once, in words; "
                                            f"it has {', '.join(map(str, levels)) or 'none'}.")  # fmt: skip
    return content


def framework_to_yaml(content: FrameworkContent) -> str:
    """The file of a framework: read back, it is the same."""
    data: dict[str, Any] = {"format": FORMAT, "key": content.key, "name": content.name}
    data |= {name: value for name in ("source", "licence") if (value := getattr(content, name))}
    data["skills"] = [
        {
            "key": skill.key,
            "name": skill.name,
            **{name: value for name in ("group", "description") if (value := getattr(skill, name))},
            "levels": [
                {"level": each.level, "name": each.name, "description": each.description} for each in skill.levels
            ],
            **({"benchmarks": {role: list(levels) for role, levels in skill.benchmarks.items()}}
               if skill.benchmarks else {}),
        }
        for skill in content.skills
    ]  # fmt: skip
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=110)
