"""Baselines: the approved scope, schedule and budget at one moment, numbered and never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from pmo.kit.sums import ExactSum
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from projects.models import Baseline, Budget, BudgetLine, ChangeRequest, Project, ProjectPhase

CHUNK = 500


@transaction.atomic
def baseline_make(*, budget: Budget, actor: Actor, change_request: ChangeRequest | None = None) -> Baseline:
    """Keep the project as it is now, with the approved budget. Call in the approving transaction, the project held."""
    project = Project.objects.get(pk=budget.project_id)
    last = Baseline.objects.filter(project=project).aggregate(last=Max("number"))["last"] or 0
    phases = list(ProjectPhase.objects.filter(project=project).order_by("order"))
    total = budget.lines.aggregate(total=ExactSum("amount"))["total"] or Decimal(0)
    baseline = _snapshot(budget, project, phases, last + 1, total)
    baseline.change_request = change_request
    baseline.recorded_by = actor.user
    baseline.save()
    audit_record(
        actor=actor,
        action="baseline.make",
        object_type="baseline",
        object_id=baseline.pk,
        label=f"{project.code} {baseline}",
        project_id=project.pk,
        after={"budget": str(budget), "bac": baseline.bac, "finish": baseline.finish},
    )
    return baseline


@transaction.atomic
def baselines_ensure(organisation_id: int, project_ids: Collection[int] | None = None) -> int:
    """Give every approved budget that has none a baseline, in the order of the versions. Answers how many were made.

    For budgets that were approved elsewhere (imports, demo) or before there were baselines; running it again changes
    nothing. Scope, dates and phases are those of today: nobody kept the earlier ones.
    """
    approved = Budget.objects.filter(organisation_id=organisation_id, state=Budget.State.APPROVED)
    if project_ids is not None:
        wanted = sorted(set(project_ids))
        return sum(
            _ensure(approved.filter(project_id__in=wanted[at : at + CHUNK])) for at in range(0, len(wanted), CHUNK)
        )
    return _ensure(approved)


def _ensure(approved: Any) -> int:
    lacking = list(approved.filter(baseline__isnull=True).order_by("project_id", "number"))
    made = 0
    for at in range(0, len(lacking), CHUNK):
        made += _make_all(lacking[at : at + CHUNK])
    return made


def _make_all(budgets: Sequence[Budget]) -> int:
    ids = sorted({budget.project_id for budget in budgets})
    # Held in the order of their ids, as everything that makes baselines holds them.
    held = Project.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids).order_by("pk")
    projects = {project.pk: project for project in held}
    numbers = dict(
        Baseline.objects.filter(project_id__in=ids).order_by().values_list("project_id").annotate(last=Max("number"))
    )
    phases: dict[int, list[ProjectPhase]] = defaultdict(list)
    for phase in ProjectPhase.objects.filter(project_id__in=ids).order_by("project_id", "order"):
        phases[phase.project_id].append(phase)
    lines = BudgetLine.objects.filter(budget_id__in=[budget.pk for budget in budgets]).order_by()
    totals = dict(lines.values_list("budget_id").annotate(total=ExactSum("amount")))
    rows = []
    for budget in budgets:
        number = numbers[budget.project_id] = numbers.get(budget.project_id, 0) + 1
        project = projects[budget.project_id]
        total = totals.get(budget.pk) or Decimal(0)
        row = _snapshot(budget, project, phases[budget.project_id], number, total)
        row.recorded_by_id = budget.approved_by_id
        rows.append(row)
    Baseline.objects.bulk_create(rows, batch_size=CHUNK)
    return len(rows)


def _snapshot(
    budget: Budget, project: Project, phases: Sequence[ProjectPhase], number: int, total: Decimal
) -> Baseline:
    assert budget.effective_on is not None and budget.approved_at is not None  # the database sees to it
    return Baseline(
        organisation_id=budget.organisation_id,
        project=project,
        number=number,
        budget=budget,
        bac=total,
        scope=project.description,
        start=project.start,
        finish=project.finish,
        phases=[
            {
                "id": phase.pk,
                "name": phase.name,
                "start": phase.start.isoformat() if phase.start else None,
                "finish": phase.finish.isoformat() if phase.finish else None,
            }
            for phase in phases
        ],
        effective_on=budget.effective_on,
        recorded_at=budget.approved_at,
    )
