"""Closing and reopening months, and the guard in front of every posting.

A posting and a closing of its month must not pass each other. On PostgreSQL whoever posts holds a shared lock on
(organisation, month) until the end of the transaction, and whoever closes waits for the exclusive one; on SQLite every
transaction that writes is IMMEDIATE, so there is one writer at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.models import AccountingPeriod
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from pmo.selectors.periods import closed_months, first_open_month, month_name, month_of
from pmo.services.audit import audit_record

State = AccountingPeriod.State
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 1)
_SPACE = 7_340_000  # keeps these advisory locks apart from others


def closed_sentence(month: date, closed: Iterable[date]) -> str:
    """'October 2026 is closed; post it to November 2026.'"""
    names = {"closed": month_name(month), "open": month_name(first_open_month(month, frozenset(closed)))}
    return _("%(closed)s is closed; post it to %(open)s.") % names


def period_guard(organisation_id: int, days: Iterable[date]) -> frozenset[date]:
    """Hold the months of `days` against being closed until the transaction ends; answers the closed months.

    Call inside the transaction that posts, before it writes.
    """
    for month in sorted({month_of(day) for day in days}):
        _lock(organisation_id, month, shared=True)
    return closed_months(organisation_id)


def period_require_open(organisation_id: int, day: date, *, field: str = "incurred_on") -> None:
    """Raises ApplicationError (409) naming the closed month and the first one that takes the posting."""
    closed = period_guard(organisation_id, [day])
    month = month_of(day)
    if month in closed:
        takes = first_open_month(month, closed)
        raise ApplicationError(
            closed_sentence(month, closed),
            field=field,
            code="period_closed",
            status=409,
            extra={"open_month": takes.isoformat()},
        )


@transaction.atomic
def period_close(*, actor: Actor, month: date, version: int, reason: str = "") -> AccountingPeriod:
    """Close a month that has begun. `version` is what the caller saw (0: never closed); 409 where it moved on."""
    return _turn(actor, month, version, State.CLOSED, reason)


@transaction.atomic
def period_reopen(*, actor: Actor, month: date, version: int, reason: str) -> AccountingPeriod:
    """Let a closed month take postings again, with the reason."""
    if not reason.strip():
        raise ApplicationError(_("Say why the month is reopened."), field="reason", code="required")
    return _turn(actor, month, version, State.OPEN, reason)


def _turn(actor: Actor, month: date, version: int, state: State, reason: str) -> AccountingPeriod:
    actor.require("period.close")
    month = month_of(month)
    if not EARLIEST <= month <= LATEST:
        raise ApplicationError(_("%s is not a date anybody means.") % month.isoformat(), field="month", code="invalid")
    if state == State.CLOSED and month > today_in(actor.organisation):
        raise ApplicationError(
            _("%s has not begun yet.") % month_name(month), field="month", code="not_begun", status=409
        )
    _lock(actor.organisation.pk, month, shared=False)
    mine = AccountingPeriod.objects.select_for_update().filter(organisation=actor.organisation, month=month)
    period = mine.first() or AccountingPeriod(organisation=actor.organisation, month=month, version=0)
    if period.version != version:
        raise ApplicationError(
            _("%s was changed meanwhile; look at it again.") % month_name(month), code="version", status=409
        )
    if period.state == state:
        text = _("%s is closed already.") if state == State.CLOSED else _("%s is open already.")
        raise ApplicationError(text % month_name(month), code="unchanged", status=409)
    before = {"state": period.state, "version": period.version}
    period.state = state
    period.changed_at = timezone.now()
    period.changed_by = actor.user
    period.reason = reason.strip()[:500]
    period.version += 1
    period.save()
    audit_record(
        actor=actor,
        action="period.close" if state == State.CLOSED else "period.reopen",
        object_type="accounting_period",
        object_id=period.pk,
        label=f"{month:%Y-%m}",
        before=before,
        after={"state": period.state, "reason": period.reason},
    )
    return period


def _lock(organisation_id: int, month: date, *, shared: bool) -> None:
    if connection.vendor != "postgresql":
        return
    call = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        key = (organisation_id % 2_147_483_647, _SPACE + month.year * 12 + month.month)
        cursor.execute(f"SELECT {call}(%s::int, %s::int)", key)
