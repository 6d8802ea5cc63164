"""Lines of a finance file that name no project known here: kept in the match queue, each once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.selectors.actors import Actor
from projects.imports.grouping import Record
from projects.models import ImportBatch, UnmatchedCost
from projects.services.import_plan import Context, Verdict, chunks
from projects.services.matching import propose

State = UnmatchedCost.State
Key = tuple[str, str]


class Queue:
    """The lines that are in the queue already, and those that this file adds."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.organisation_id = context.actor.organisation.pk
        self._seen: Counter[str] = Counter()
        self._keys: dict[int, Key] = {}
        self._known: dict[Key, UnmatchedCost] = {}
        self.new: list[tuple[Record, UnmatchedCost]] = []

    def load(self, records: Sequence[Record]) -> None:
        """Find which of the records wait, or were decided about, already."""
        for record in records:
            self._keys[id(record)] = self._key(record)
        mine = UnmatchedCost.objects.filter(organisation_id=self.organisation_id)
        mine = mine.exclude(import_batch__state=ImportBatch.State.UNDONE)
        if not mine.exists():
            return
        for part in chunks(sorted({external_id for _source, external_id in self._keys.values()})):
            for row in mine.filter(external_id__in=part):
                self._known[row.source, row.external_id] = row

    def seen_before(self, record: Record) -> bool:
        """Say of a record that went through the queue that it is unchanged; its posting is never made twice."""
        row = self._known.get(self._keys[id(record)])
        if row is None:
            return False
        said = {
            State.WAITING: _("Waits in the match queue already."),
            State.MATCHED: _("Was matched to its project before."),
            State.DISMISSED: _("Was dismissed from the match queue before."),
        }[State(row.state)]
        for line in record.lines:
            self.context.verdicts.append(Verdict(line, "unchanged", record.key, said, thing=row))
        return True

    def add(self, record: Record, name: str) -> None:
        """Have the record wait."""
        values: dict[str, Any] = record.values
        source, external_id = self._keys[id(record)]
        day: date = values["incurred_on"]
        row = UnmatchedCost(
            organisation_id=self.organisation_id,
            import_batch=self.context.batch,
            line=record.lines[0],
            hint=name[:300],
            amount=values["amount"],
            currency=values.get("currency") or "",  # none said: that of the project it is matched to
            kind=values.get("kind") or "actual",
            category=values.get("category") or "other",
            incurred_on=day,
            vendor=str(values.get("vendor") or "")[:200],
            reference=str(values.get("reference") or "")[:120],
            description=str(values.get("description") or "")[:500],
            source=source,
            external_id=external_id,
        )
        self.new.append((record, row))

    def settle(self) -> tuple[list[UnmatchedCost], list[Record]]:
        """The new lines with their suggestions, and their records. Verdicts go to the context."""
        propose(self.context.actor, [row for _record, row in self.new])
        for record, row in self.new:
            said = _("“%s” is not known here; the line waits in the match queue.") % row.hint
            self.context.accept(record, "created", row, None, said)
        return [row for _record, row in self.new], [record for record, _row in self.new]

    def _key(self, record: Record) -> Key:
        values = record.values
        given = values.get("external_id") or "/".join(part for part in record.identity if part)
        source = str(values.get("source") or self.context.source)
        if given:
            return source[:60], str(given)[:120]
        names = ("project", "phase", "kind", "category", "amount", "incurred_on", "vendor", "reference", "description")
        content = "\x1f".join(str(values.get(name) or "") for name in names)
        digest = hashlib.sha256(content.encode()).hexdigest()[:32]
        self._seen[digest] += 1
        return (source or "import")[:60], f"line/{digest}/{self._seen[digest]}"


def queue_withdraw(actor: Actor, batch: ImportBatch) -> None:
    """Lines of an import that is taken back wait no longer."""
    waiting = UnmatchedCost.objects.filter(import_batch=batch, state=State.WAITING)
    waiting.update(
        state=State.DISMISSED,
        reason=_("The import was taken back"),
        decided_by=actor.user,
        decided_at=timezone.now(),
    )
