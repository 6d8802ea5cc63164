"""Fields of document templates: a closed list, filled by plain replacement. Nothing in a template is ever run.

A field is written {{ project.name }}. An amount of money is filled in as {{= amount }}, so that it can be left out for
those who may not see money, in every version of a document for good.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple


class Field(NamedTuple):
    label: str
    money: bool = False


FIELDS: Final[Mapping[str, Field]] = {
    "organisation.name": Field("Name of the organisation"),
    "today": Field("The day the document is made"),
    "project.name": Field("Name of the project"),
    "project.code": Field("Code of the project"),
    "project.description": Field("Description"),
    "project.portfolio": Field("Portfolio"),
    "project.sponsor": Field("Sponsor"),
    "project.manager": Field("Project manager"),
    "project.budget_owner": Field("Budget owner"),
    "project.status": Field("Status"),
    "project.tier": Field("Tier"),
    "project.start": Field("Planned start"),
    "project.finish": Field("Planned finish"),
    "project.phases": Field("List of phases with their dates"),
    "project.stakeholders": Field("List of stakeholders"),
    "figures.bac": Field("Budget at completion", True),
    "figures.ac": Field("Actual cost", True),
    "figures.eac": Field("Estimate at completion", True),
    "figures.vac": Field("Variance at completion", True),
}
_FIELD: Final = re.compile(r"{{([^{}]*)}}")
HIDDEN: Final = "(not shown)"


class Block(NamedTuple):
    """heading, subheading, item or text."""

    kind: str
    text: str


def unknown_fields(body: str) -> list[str]:
    """What stands between double braces and is not a field, in order, each once."""
    found = [name for name in names_in(body) if name not in FIELDS]
    return list(dict.fromkeys(found))


def names_in(body: str) -> list[str]:
    """The names between double braces, without filled amounts."""
    return [name.strip() for name in _FIELD.findall(body) if not name.startswith("=")]


def asks_for_money(body: str) -> bool:
    """Does the template hold an amount of money?"""
    return any(FIELDS[name].money for name in names_in(body) if name in FIELDS)


def filled(body: str, values: Mapping[str, str]) -> str:
    """The text with its fields replaced, once: what a value holds is not looked at again. KeyError for an unknown one.

    Braces inside of values are taken apart, so that no value can pass for a field or for an amount.
    """

    def value(match: re.Match[str]) -> str:
        if match[1].startswith("="):
            return match[0]
        name = match[1].strip()
        text = values[name].replace("{{", "{ {").replace("}}", "} }")
        return f"{{{{= {text} }}}}" if FIELDS[name].money else text

    return _FIELD.sub(value, body)


def shown(text: str, *, money: bool) -> str:
    """The text for a reader: amounts as such, or left out."""

    def amount(match: re.Match[str]) -> str:
        if not match[1].startswith("="):
            return match[0]
        return match[1][1:].strip() if money else HIDDEN

    return _FIELD.sub(amount, text)


def blocks(text: str) -> Iterator[Block]:
    """The paragraphs, headings (# and ##) and items (-) of a text."""
    held: list[str] = []
    for line in [*text.splitlines(), ""]:
        mark, _space, rest = line.strip().partition(" ")
        kind = {"#": "heading", "##": "subheading", "-": "item"}.get(mark, "")
        if kind or not line.strip():
            if held:
                yield Block("text", " ".join(held))
                held = []
            if kind:
                yield Block(kind, rest.strip())
        else:
            held.append(line.strip())
