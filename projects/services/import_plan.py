"""What an import is about to do, decided before anything is written: shared by the three targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from pmo.selectors.actors import Actor
from projects.imports.grouping import Record
from projects.imports.mapping import Plan
from projects.models import ImportBatch
from projects.services.import_references import References


@dataclass(slots=True)
class Verdict:
    """What becomes of one row of the file. `thing` is the model instance it ends in, perhaps not saved yet."""

    line: int
    outcome: str
    key: str = ""
    message: str = ""
    column: str = ""
    value: str = ""
    thing: Any = None
    before: dict[str, Any] | None = None


@dataclass(slots=True)
class Context:
    """One run: whose rights, which file, how it is mapped, the day that undated statements are about."""

    actor: Actor
    batch: ImportBatch
    plan: Plan
    references: References
    today: date
    verdicts: list[Verdict] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def source(self) -> str:
        return self.plan.options.source

    def reject(self, record: Record, message: str, *, value: str = "") -> None:
        """Every row behind the record is rejected with the same sentence, each naming its own line."""
        for line in record.lines:
            said = f"Line {line}: {message}"
            self.verdicts.append(Verdict(line, "rejected", record.key, said, value=value))

    def accept(
        self, record: Record, outcome: str, thing: Any, before: dict[str, Any] | None, message: str = ""
    ) -> None:
        """The first row carries what is needed to undo; older reports and merged rows say which row counts."""
        first, *others = record.lines
        self.verdicts.append(Verdict(first, outcome, record.key, message, thing=thing, before=before))
        older = {row.line for row in record.older}
        for line in others:
            if line in older:
                said = f"An earlier report about the same project; line {first} is the newest."
                self.verdicts.append(Verdict(line, "unchanged", record.key, said, thing=thing))
            elif record.parts:
                self.verdicts.append(Verdict(line, outcome, record.key, message, thing=thing))
            else:
                merged = "updated" if outcome == "created" else outcome
                self.verdicts.append(Verdict(line, merged, record.key, f"Merged with line {first}.", thing=thing))


@dataclass(slots=True)
class Outcome:
    """Decisions of one target: `records` that were accepted (for the sums), and how to write them."""

    accepted: list[Record]
    project_ids: list[int]


def money_text(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")


def chunks(items: Sequence[Any], size: int = 500) -> list[Sequence[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
