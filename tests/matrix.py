"""What the permission matrix expects: who asks, what they reach, and which texts must never be in an answer."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pmo.analysis.permissions import MATRIX, ROLES, Reach, reaches
from tests.world import READ_SCOPES, SEALED, SECRET_SHOWN, WRITE_SCOPES, House, World

DEAD = ("anonymous", "expired", "revoked", "roleless")
WHICH = ("own", "unassigned", "foreign")
WHOLE = frozenset({Reach.ORG})


@dataclass(frozen=True)
class Who:
    """Somebody who asks: a role in a house, by session or by a token with `scopes`."""

    house: str
    role: str
    by: str = "session"
    scopes: tuple[str, ...] | None = None

    def __str__(self) -> str:
        return f"{self.house}-{self.role}" + (f"-{self.by}" if self.by != "session" else "")

    @property
    def dead(self) -> bool:
        return self.by in DEAD

    @cached_property
    def roles(self) -> tuple[str, ...]:
        return ("pmo_director",) if self.role == "double" else (self.role,)

    def reach(self, action: str | None) -> frozenset[Reach]:
        """How far the right reaches; signed in suffices where there is none to ask for."""
        if action is None:
            return WHOLE
        return frozenset(reaches(action, self.roles, self.scopes).values())

    def may(self, action: str | None) -> bool:
        return bool(self.reach(action))

    def covers(self, action: str | None, spread: str, which: str) -> bool:
        """Whether the right reaches the object."""
        reach = self.reach(action)
        if which == "foreign" or not reach:
            return False
        if spread == "org" or Reach.ORG in reach:
            return True
        if spread == "whole":  # sums over everything in a portfolio: not for who sees only projects of it
            return which == "own" and Reach.PF in reach
        return which == "own"


PEOPLE = [Who(house, role) for house in ("alder", "birch") for role in ROLES]
TOKENS = [
    Who("alder", "pmo_director", "token", tuple(WRITE_SCOPES)),
    Who("alder", "project_manager", "token", tuple(WRITE_SCOPES)),
    Who("alder", "pmo_director", "reading-token", tuple(READ_SCOPES)),
    Who("alder", "auditor", "reading-token", tuple(READ_SCOPES)),
    Who("alder", "pmo_director", "narrow-token", ("standards:read",)),
]
NOBODY = [Who("alder", "pmo_director", by) for by in DEAD]
DOUBLE = [Who("alder", "double", "double")]
ACTORS = [*PEOPLE, *TOKENS, *DOUBLE, *NOBODY]


def leaks(world: World, who: Who, answer: Any, *, ignore: Iterable[str] = ()) -> list[str]:
    """The texts in the answer, headers included, that this asker must never see. `ignore`: texts that may be there."""
    text = readable(answer)
    for said in ignore:
        text = text.replace(said, "")
    foreign = world.other(who.house).canary
    found = [word for word in (foreign, foreign.upper()) if word in text]
    if (who.dead or Reach.ORG not in who.reach("project.view")) and SEALED in text:
        found.append(SEALED)
    if (who.dead or not who.may("money.view")) and re.search(SECRET_SHOWN, text):
        found.append("an amount of money")
    return found


def readable(answer: Any) -> str:
    """Everything an answer says: headers, body, the parts of a workbook."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    parts = [f"{name}: {value}" for name, value in answer.items()]
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts += [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
    else:
        parts.append(content.decode("utf-8-sig", "replace"))
    answer.said = parts[-1]
    return "\n".join(parts)


def house_of(world: World, who: Who, which: str) -> House:
    """Where the object asked for lives."""
    return world.other(who.house) if which == "foreign" else world.house(who.house)


def every_action_is_tried(tried: Iterable[str | None], elsewhere: Callable[[str], bool]) -> set[str]:
    """The actions of the matrix that no door asks for and that are not said to wait."""
    return {action for action in MATRIX if action not in set(tried) and not elsewhere(action)}
