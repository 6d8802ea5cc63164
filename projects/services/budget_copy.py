"""Copying a budget forward: a new draft from any version, moved in time and raised or lowered."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.kit.money import allocate, round_money
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from projects.analysis.periods import month_first, month_index
from projects.models import Budget
from projects.selectors.budgets import budget_get
from projects.services.budget_lines import LineDraft, lines_write, total_of
from projects.services.budgets import next_number

LONGEST_SHIFT = 240
MOST_PERCENT = Decimal(1_000)


@transaction.atomic
def budget_copy(
    *, actor: Actor, budget_id: int, shift_months: int = 0, percent: Decimal = Decimal(0), label: str = ""
) -> Budget:
    """A draft with the lines of another version, every month `shift_months` later and the whole `percent` higher.

    Charges and credits are each multiplied by (1 + percent/100), rounded once; the lines add up exactly. The management
    reserve changes by the same percentage. Raises ApplicationError for a shift or percentage out of range.
    """
    source = budget_get(actor, budget_id, action="budget.propose")
    if abs(shift_months) > LONGEST_SHIFT:
        raise ApplicationError(
            _("A budget can be moved by up to %d months.") % LONGEST_SHIFT, field="shift_months", code="out_of_range"
        )
    if not percent.is_finite() or not -100 < percent <= MOST_PERCENT:
        raise ApplicationError(
            _("%s is not a percentage above −100 and up to 1,000.") % percent, field="percent", code="out_of_range"
        )
    factor = 1 + percent / 100
    currency = source.project.currency
    budget = Budget.objects.create(
        organisation_id=source.organisation_id,
        project=source.project,
        number=next_number(source.project),
        label=label.strip()[:120] or source.label,
        management_reserve=round_money(source.management_reserve * factor, currency),
        proposed_by=actor.user,
        copied_from=source,
    )
    rows = list(source.lines.order_by("id"))
    amounts = raised([row.amount for row in rows], factor, currency) if percent else [row.amount for row in rows]
    lines_write(
        budget,
        [
            LineDraft(
                amount=amount,
                period=month_first(month_index(row.period) + shift_months) if row.period else None,
                project_phase_id=row.project_phase_id,
                category=row.category,
                expense_type=row.expense_type,
                funding_source=row.funding_source,
            )
            for row, amount in zip(rows, amounts, strict=True)
            if amount
        ],
    )
    audit_record(
        actor=actor,
        action="budget.copy",
        object_type="budget",
        object_id=budget.pk,
        label=f"{source.project.code} {budget}",
        project_id=source.project_id,
        after={"copied_from": str(source), "months": shift_months, "percent": percent, "total": total_of(budget)},
    )
    return budget


def raised(amounts: Sequence[Decimal], factor: Decimal, currency: str) -> list[Decimal]:
    """The amounts times `factor`, in minor units; charges and credits each add up to their own total rounded once."""
    result = [Decimal(0)] * len(amounts)
    for sign in (1, -1):
        places = [place for place, amount in enumerate(amounts) if amount * sign > 0]
        weights = [abs(amounts[place]) for place in places]
        if places:
            parts = allocate(sum(weights, Decimal(0)) * factor, weights, currency)
            for place, part in zip(places, parts, strict=True):
                result[place] = part * sign
    return result
