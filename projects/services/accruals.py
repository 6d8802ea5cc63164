"""Accruals reverse themselves: on the day they name, once, whatever runs how often. The outbox kind "accrual"."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pmo.models import AuditEvent, Organisation
from pmo.selectors.clock import today_in
from pmo.selectors.periods import first_open_month, month_of
from pmo.services.outbox import HANDLERS, Handler, owe
from pmo.services.periods import period_guard
from projects.models import CostEntry
from projects.services.performance import performance_owed

KIND = "accrual"


def accruals_due(organisation: Organisation) -> QuerySet[CostEntry]:
    """Accruals whose day to reverse has come, by the organisation's calendar, and that nothing has reversed yet."""
    return CostEntry.objects.filter(
        organisation=organisation,
        kind=CostEntry.Kind.ACCRUAL,
        reverse_on__lte=today_in(organisation),
        reverses__isnull=True,
        reversed_by__isnull=True,
    )


def accruals_owe(organisation: Organisation) -> int:
    """Owe the reversals that are due. Answers how many. Call inside a transaction."""
    due = list(accruals_due(organisation).values_list("pk", flat=True))
    owe(KIND, organisation.pk, due)
    return len(due)


def accruals_lock(organisation_id: int, entry_ids: Sequence[int]) -> list[int]:
    """The accruals themselves never change; the lock keeps two workers from reversing the same one."""
    rows = CostEntry.objects.filter(organisation_id=organisation_id, pk__in=entry_ids)
    return list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def accruals_release(organisation_id: int, entry_ids: Sequence[int]) -> None:
    """Post the reversals, dated as the accruals say, or on the first of the next open month where that is closed."""
    organisation = Organisation.objects.get(pk=organisation_id)
    due = list(accruals_due(organisation).filter(pk__in=entry_ids).order_by("pk"))
    closed = period_guard(organisation_id, [entry.reverse_on for entry in due if entry.reverse_on])
    for entry in due:
        assert entry.reverse_on is not None
        month = first_open_month(month_of(entry.reverse_on), closed)
        reversal = CostEntry.objects.create(
            organisation_id=organisation_id,
            project_id=entry.project_id,
            project_phase_id=entry.project_phase_id,
            kind=entry.kind,
            category=entry.category,
            amount=-entry.amount,
            currency=entry.currency,
            incurred_on=max(entry.reverse_on, month),
            vendor_id=entry.vendor_id,
            reference=entry.reference,
            description=_("The accrual reversed itself"),
            reverses=entry,
            settles_id=entry.settles_id,
        )
        AuditEvent.objects.create(
            organisation_id=organisation_id,
            action="accrual.release",
            object_type="cost_entry",
            object_id=str(reversal.pk),
            label=f"{reversal.amount} {reversal.currency}",
            project_ref=entry.project_id,
            before={"entry": entry.pk},
            after={"incurred_on": reversal.incurred_on.isoformat()},
        )
    performance_owed(organisation_id, sorted({entry.project_id for entry in due}))


HANDLERS.add(KIND, Handler(KIND, accruals_lock, accruals_release, batch=50))
