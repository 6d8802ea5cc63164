"""Importing cost entries: each posted once, whatever is imported how often; the ledger stays append-only."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.selectors.periods import closed_months, month_of
from pmo.services.periods import closed_sentence, period_guard
from projects.analysis.conversion import Rates
from projects.imports.grouping import Record
from projects.models import CostEntry, Project, ProjectPhase, UnmatchedCost
from projects.selectors.imports import known_projects, reach_of
from projects.selectors.reporting import rates_then
from projects.services.conversion import entered
from projects.services.costs import EARLIEST, LATEST
from projects.services.import_plan import Context, Verdict, chunks
from projects.services.import_queue import Queue
from projects.services.import_references import Missing

SIZE = 1_000
# What is said again must be what was said: the amount as entered, for a rate may have been corrected since.
_COMPARED = ("project_id", "kind", "amount", "entry_amount", "entry_currency", "incurred_on", "category")


@dataclass(slots=True)
class _Draft:
    record: Record
    entry: CostEntry
    base_id: str


def decide_entries(context: Context, records: Sequence[Record]) -> tuple[list[CostEntry | UnmatchedCost], list[Record]]:
    """New entries to be posted, new lines of the match queue, and the accepted records. Verdicts go to the context."""
    organisation_id = context.actor.organisation.pk
    directory = known_projects(organisation_id, details=False)
    allowed, visible = reach_of(context.actor)
    phases = phases_by_name(organisation_id)
    seen: Counter[str] = Counter()
    drafts: list[_Draft] = []
    found: dict[str, Project] = {}
    closed = closed_months(organisation_id)
    rates = rates_then(context.actor.organisation)
    queue = Queue(context)
    queue.load(records)
    unchanged: list[Record] = []
    for record in records:
        try:
            name = str(record.values["project"])
            if queue.seen_before(record):
                unchanged.append(record)
                continue
            if name not in found:
                known = directory.refer(name)
                if known is None and context.plan.options.unmatched == "queue":
                    _checked(record)
                    queue.add(record, name)
                    continue
                if known is None or known.project.pk not in visible:
                    raise Missing(_("There is no project “%s” here.") % name)
                if known.project.pk not in allowed:
                    raise Missing(_("You may not import into “%s”.") % known.project.code)
                found[name] = known.project
            entry = _entry(context, found[name], phases, rates, record)
        except Missing as problem:
            context.reject(record, str(problem))
            continue
        if not entry.external_id:
            entry.source = entry.source or "import"
            entry.external_id = _fingerprint(entry, seen)
        drafts.append(_Draft(record, entry, entry.external_id))
    new, accepted = _against_the_ledger(context, drafts, closed)
    waiting, queued = queue.settle()
    return [*new, *waiting], [*accepted, *queued, *unchanged]


def _checked(record: Record) -> None:
    amount, day = record.values["amount"], record.values["incurred_on"]
    if amount == 0:
        raise Missing(_("An amount of zero says nothing."))
    if not isinstance(day, date) or not EARLIEST <= day < LATEST:
        raise Missing(_("%s is not a date anybody means.") % day)


def _entry(
    context: Context, project: Project, phases: dict[tuple[int, str], ProjectPhase], rates: Rates, record: Record
) -> CostEntry:
    values: dict[str, Any] = record.values
    day: date = values["incurred_on"]
    _checked(record)
    try:
        money = entered(project, values["amount"], values.get("currency") or "", day, rates)
    except ApplicationError as problem:
        raise Missing(problem.message) from problem
    phase = None
    if name := values.get("phase"):
        phase = phases.get((project.pk, str(name).casefold()))
        if phase is None:
            raise Missing(_("“%(phase)s” is not a phase of %(project)s.") % {"phase": name, "project": project.code})
    given = values.get("external_id") or "/".join(part for part in record.identity if part)
    return CostEntry(
        organisation_id=project.organisation_id,
        project=project,
        project_phase=phase,
        kind=values.get("kind") or "actual",
        category=values.get("category") or "other",
        amount=money.amount,
        currency=project.currency,
        entry_amount=money.entry_amount,
        entry_currency=money.entry_currency,
        rate=money.rate,
        incurred_on=day,
        recorded_by=context.actor.user,
        vendor=context.references.vendor(values["vendor"]) if values.get("vendor") else None,
        reference=values.get("reference") or "",
        description=values.get("description") or "",
        source=values.get("source") or context.source,
        external_id=str(given)[:120],
        import_batch=context.batch,
        import_line=record.lines[0],
    )


def phases_by_name(organisation_id: int) -> dict[tuple[int, str], ProjectPhase]:
    """Phases of the organisation's projects by (project, casefolded name)."""
    rows = ProjectPhase.objects.filter(organisation_id=organisation_id)
    return {(row.project_id, row.name.casefold()): row for row in rows.iterator(chunk_size=2_000)}


def _fingerprint(entry: CostEntry, seen: Counter[str]) -> str:
    """An id made of the content, for rows that bring none: the n-th row of the same content is the n-th such entry."""
    vendor = entry.vendor.name.casefold() if entry.vendor else ""
    said = entry.amount if entry.entry_amount is None else f"{entry.entry_amount} {entry.entry_currency}"
    content = (
        entry.project_id, entry.project_phase_id, entry.kind, entry.category, said, entry.incurred_on, vendor,
        entry.reference, entry.description,
    )  # fmt: skip
    digest = hashlib.sha256("\x1f".join(map(str, content)).encode()).hexdigest()[:32]
    seen[digest] += 1
    return f"row/{digest}/{seen[digest]}"


def _against_the_ledger(
    context: Context, drafts: Sequence[_Draft], closed: frozenset[date]
) -> tuple[list[CostEntry], list[Record]]:
    """New, posted already, or posted with other content. An entry that was reversed may be posted anew, as `id~2`."""
    new: list[CostEntry] = []
    accepted: list[Record] = []
    open_drafts = list(drafts)
    turn = 1
    while open_drafts:
        known = _posted(context.actor.organisation.pk, [draft.entry for draft in open_drafts])
        again: list[_Draft] = []
        for draft in open_drafts:
            entry = draft.entry
            posted = known.get((entry.source, entry.external_id))
            if posted is None and (month := month_of(entry.incurred_on)) in closed:
                context.reject(draft.record, closed_sentence(month, closed), value=entry.incurred_on.isoformat())
            elif posted is None:
                accepted.append(draft.record)
                new.append(entry)
                context.accept(draft.record, "created", entry, None, _told(entry))
            elif posted["reversed_by"] is not None:
                entry.external_id = f"{draft.base_id[:110]}~{turn + 1}"
                again.append(draft)
            elif other := _unlike(posted, entry):
                message = _("“%(id)s” is in the ledger already with another %(field)s; reverse it first.")
                said = message % {"id": draft.base_id, "field": other.removesuffix("_id").replace("_", " ")}
                context.reject(draft.record, said, value=draft.base_id)
            else:
                accepted.append(draft.record)
                verdict = Verdict(
                    draft.record.lines[0], "unchanged", draft.record.key, thing=CostEntry(pk=posted["id"])
                )
                context.verdicts.append(verdict)
                for line in draft.record.lines[1:]:
                    context.verdicts.append(Verdict(line, "unchanged", draft.record.key, thing=verdict.thing))
        open_drafts, turn = again, turn + 1
    return new, accepted


def _unlike(posted: dict[str, Any], entry: CostEntry) -> str | None:
    """The first field in which the entry differs from what was posted under its id."""
    skipped = "amount" if entry.entry_currency and posted["entry_currency"] else ""
    return next((name for name in _COMPARED if name != skipped and posted[name] != getattr(entry, name)), None)


def _told(entry: CostEntry) -> str:
    amount = f"{entry.amount:,.2f} {entry.currency}"
    if entry.entry_amount is not None:
        amount = f"{entry.entry_amount:,.2f} {entry.entry_currency} = {amount}"
    parts = [entry.project.code, amount, entry.incurred_on.isoformat()]
    return ", ".join([*parts, *([entry.vendor.name] if entry.vendor else [])])


def _posted(organisation_id: int, entries: Sequence[CostEntry]) -> dict[tuple[str, str], dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for part in chunks(sorted({entry.external_id for entry in entries})):
        rows = CostEntry.objects.filter(organisation_id=organisation_id, external_id__in=part)
        for row in rows.values("id", "source", "external_id", "reversed_by", *_COMPARED):
            found[row["source"], row["external_id"]] = row
    return found


def write_entries(things: Sequence[CostEntry | UnmatchedCost]) -> list[int]:
    """Post entries and keep lines that wait. Answers the ids of the projects touched.

    Raises ApplicationError where a month was closed since the rows were looked at; then nothing is posted.
    """
    entries = [thing for thing in things if isinstance(thing, CostEntry)]
    if entries:
        days = {entry.incurred_on for entry in entries}
        closed = period_guard(entries[0].organisation_id, days)
        if late := sorted({month_of(day) for day in days} & closed):
            raise ApplicationError(closed_sentence(late[0], closed), code="period_closed", status=409)
    CostEntry.objects.bulk_create(entries, batch_size=SIZE)
    UnmatchedCost.objects.bulk_create([row for row in things if isinstance(row, UnmatchedCost)], batch_size=SIZE)
    return sorted({entry.project_id for entry in entries})
