"""Importing budget lines: the lines of a project are a new version of its budget, unless it has them already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.imports.grouping import Record
from projects.models import Budget, BudgetLine, Project, ProjectPhase
from projects.selectors.imports import known_projects, reach_of
from projects.services.import_ledger import phases_by_name
from projects.services.import_plan import Context, chunks
from projects.services.import_references import Missing

SIZE = 1_000
_IDENTITY = ("project_phase_id", "category", "expense_type", "period", "funding_source", "amount")


@dataclass(slots=True)
class NewBudget:
    """A version to be written: `decided_here` where the standing one was approved in this organisation."""

    project: Project
    decided_here: bool
    lines: list[BudgetLine] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)


def decide_lines(context: Context, records: Sequence[Record]) -> tuple[list[NewBudget], list[Record]]:
    """New budget versions and the accepted records. Verdicts go to the context."""
    organisation_id = context.actor.organisation.pk
    directory = known_projects(organisation_id)
    allowed, visible = reach_of(context.actor)
    phases = phases_by_name(organisation_id)
    by_project: dict[int, NewBudget] = {}
    for record in records:
        try:
            name = str(record.values["project"])
            known = directory.refer(name)
            if known is None or known.project.pk not in visible:
                raise Missing(_("There is no project “%s” here.") % name)
            if known.project.pk not in allowed:
                raise Missing(_("You may not import into “%s”.") % known.project.code)
            line = _line(known.project, phases, record)
        except Missing as problem:
            context.reject(record, str(problem))
            continue
        decided = bool(known.budget_number) and known.budget_origin == Budget.Origin.ENTERED
        budget = by_project.setdefault(known.project.pk, NewBudget(known.project, decided))
        budget.lines.append(line)
        budget.records.append(record)
    standing = _standing(organisation_id, list(by_project))
    new, accepted = [], []
    for project_id, budget in by_project.items():
        same = standing.get(project_id) == Counter(_identity(line) for line in budget.lines)
        for record, line in zip(budget.records, budget.lines, strict=True):
            accepted.append(record)
            context.accept(
                record, "unchanged" if same else "created", budget.project if same else line, None, _told(line)
            )
        if not same:
            new.append(budget)
    return new, accepted


def _line(project: Project, phases: dict[tuple[int, str], ProjectPhase], record: Record) -> BudgetLine:
    values: dict[str, Any] = record.values
    currency = values.get("currency") or project.currency
    if currency != project.currency:
        raise Missing(
            _("%(project)s is kept in %(own)s, not in %(other)s.")
            % {"project": project.code, "own": project.currency, "other": currency}
        )
    phase = None
    if name := values.get("phase"):
        phase = phases.get((project.pk, str(name).casefold()))
        if phase is None:
            raise Missing(_("“%(phase)s” is not a phase of %(project)s.") % {"phase": name, "project": project.code})
    return BudgetLine(
        organisation_id=project.organisation_id,
        project=project,
        project_phase=phase,
        category=values.get("category") or "other",
        expense_type=values.get("expense_type") or "operating",
        period=values.get("period"),
        amount=values["amount"],
        funding_source=values.get("funding_source") or "",
    )


def _told(line: BudgetLine) -> str:
    """What the line is, for the person who looks at the preview."""
    parts = (
        line.project.code,
        line.project_phase.name if line.project_phase else _("whole project"),
        line.get_category_display(),
        line.period.strftime("%Y-%m") if line.period else _("no month"),
        f"{line.amount:,.2f} {line.project.currency}",
    )
    return ", ".join(str(part) for part in parts)


def _identity(line: BudgetLine) -> tuple[Any, ...]:
    return tuple(getattr(line, name) for name in _IDENTITY)


def _standing(organisation_id: int, project_ids: Sequence[int]) -> dict[int, Counter[tuple[Any, ...]]]:
    """The lines of each project's newest version that was not turned down."""
    newest: dict[int, int] = {}
    for part in chunks(project_ids):
        rows = Budget.objects.filter(organisation_id=organisation_id, project_id__in=part)
        standing = rows.exclude(state=Budget.State.REJECTED).order_by("number").values_list("project_id", "id")
        newest.update(dict(standing))
    found: dict[int, Counter[tuple[Any, ...]]] = {}
    owner = {budget_id: project_id for project_id, budget_id in newest.items()}
    for part in chunks(list(owner)):
        for budget_id, *identity in BudgetLine.objects.filter(budget_id__in=part).values_list("budget_id", *_IDENTITY):
            found.setdefault(owner[budget_id], Counter())[tuple(identity)] += 1
    return found


def _state(draft: bool, decided_here: bool) -> Budget.State:
    if draft:
        return Budget.State.DRAFT
    return Budget.State.SUBMITTED if decided_here else Budget.State.APPROVED


def write_lines(context: Context, budgets: Sequence[NewBudget]) -> list[int]:
    """Write the versions and their lines. Answers the ids of the projects touched."""
    now = timezone.now()
    draft = context.plan.options.budget_as == "draft"
    numbers: dict[int, int] = {}
    for part in chunks([new.project.pk for new in budgets]):
        rows = Budget.objects.filter(project_id__in=part).values_list("project_id").annotate(last=Max("number"))
        numbers.update(dict(rows.values_list("project_id", "last")))
    for new in budgets:
        here = draft or new.decided_here
        budget = Budget(
            organisation_id=new.project.organisation_id,
            project=new.project,
            number=numbers.get(new.project.pk, 0) + 1,
            label=_("Imported"),
            origin=Budget.Origin.ENTERED if here else Budget.Origin.IMPORTED,
            state=_state(draft, new.decided_here),
            proposed_by=context.actor.user if here else None,
            approved_at=None if here else now,
            effective_on=None if here else min(new.project.start or context.today, context.today),
            import_batch=context.batch,
        )
        for line in new.lines:
            line.budget = budget
        if new.decided_here and not draft:
            message = _("The budget of %s was approved here; the imported one is submitted for approval.")
            context.notes.append({"code": "budget", "message": message % new.project.code})
    Budget.objects.bulk_create([new.lines[0].budget for new in budgets], batch_size=SIZE)
    BudgetLine.objects.bulk_create([line for new in budgets for line in new.lines], batch_size=SIZE)
    return [new.project.pk for new in budgets]
