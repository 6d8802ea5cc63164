"""Projects that come with totals instead of detail: a budget, a cost to date, an estimate at completion.

Each total becomes rows as any other: a proposed budget of one line spread from start to finish, one ledger entry for
the difference to what the same total said before, one dated forecast.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from pmo.kit.errors import ApplicationError
from pmo.kit.sums import ExactSum
from pmo.selectors.actors import Actor
from pmo.selectors.clock import status_date_of, today_in
from projects.models import CostEntry, Project
from projects.selectors.imports import TOTAL
from projects.selectors.projects import project_get
from projects.services.budget_lines import LineDraft
from projects.services.budgets import budget_propose, budget_submit
from projects.services.costs import Posting, cost_entry_post
from projects.services.progress import forecast_record
from projects.services.projects import ProjectDraft, project_create, project_update

SOURCE = "totals"


@dataclass(frozen=True)
class Totals:
    """What is known of a project without detail, in its currency and not negative; None: nothing is said."""

    budget: Decimal | None = None
    actual_cost: Decimal | None = None
    reported_eac: Decimal | None = None


@transaction.atomic
def project_create_with_totals(*, actor: Actor, draft: ProjectDraft, totals: Totals) -> Project:
    """`project_create`, and its totals as rows."""
    project = project_create(actor=actor, draft=draft)
    _set(actor, project, totals)
    return project


@transaction.atomic
def project_update_with_totals(
    *, actor: Actor, project_id: int, version: int, values: Mapping[str, Any], totals: Totals
) -> Project:
    """`project_update`, and its totals as rows."""
    project = project_update(actor=actor, project_id=project_id, version=version, values=values)
    _set(actor, project, totals)
    return project


def _set(actor: Actor, project: Project, totals: Totals) -> None:
    day = min(status_date_of(actor.organisation), today_in(actor.organisation))
    if totals.budget is not None:
        with _blaming("budget"):
            lines = [LineDraft(totals.budget)]
            budget = budget_propose(actor=actor, project_id=project.pk, lines=lines, label="Total")
            budget_submit(actor=actor, budget_id=budget.pk, version=budget.version)
    if totals.actual_cost is not None:
        with _blaming("actual_cost"):
            project_get(actor, action="cost.post", pk=project.pk)
            said = CostEntry.objects.filter(project=project, source=SOURCE, external_id__startswith=TOTAL)
            before = said.aggregate(total=ExactSum("amount"))["total"] or Decimal(0)
            if totals.actual_cost != before:
                posting = Posting(
                    project_id=project.pk,
                    amount=totals.actual_cost - before,
                    incurred_on=day,
                    source=SOURCE,
                    external_id=f"{TOTAL}{project.pk}/{said.count() + 1}",
                )
                cost_entry_post(actor=actor, posting=posting)
    if totals.reported_eac is not None:
        with _blaming("reported_eac"):
            forecast_record(actor=actor, project_id=project.pk, status_date=day, eac=totals.reported_eac)


@contextmanager
def _blaming(field: str) -> Iterator[None]:
    """A refusal of the row that a total became names the total."""
    try:
        yield
    except ApplicationError as error:
        error.field = field
        raise
