"""Evidence packs: asked for, made by a worker with progress, stopped, fetched.

A pack is claimed by a conditional UPDATE; `started_at` is its sign of life and its fencing token, as with imports. The
outbox mark of kind "evidence-pack" stays until the pack is finished, so that one whose worker died is taken up again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, NotFound
from pmo.kit.queue import wake
from pmo.models import OutboxMark
from pmo.selectors.actors import Actor, actor_for
from pmo.selectors.clock import status_date_of
from pmo.services.audit import audit_record
from pmo.services.outbox import HANDLERS, Handler, owe
from portfolio.models import EvidencePack
from portfolio.selectors.evidence_packs import ACTION, pack_get, packed_projects, portfolios_to_pack
from portfolio.services.evidence_pack_content import pack_write
from projects.selectors.projects import project_get

logger = logging.getLogger(__name__)
KIND: Final = "evidence-pack"
LEASE: Final = timedelta(seconds=60)
AT_ONCE: Final = 3  # packs of one person that wait or are being made
State = EvidencePack.State


class Lost(Exception):
    """Another worker has the pack, or its maker asked to stop."""


@transaction.atomic
def evidence_pack_request(
    *, actor: Actor, project_code: str = "", portfolio_id: int | None = None, as_of: date | None = None
) -> EvidencePack:
    """Ask for a pack of a project or of a portfolio. Raises ApplicationError for a day to come, and for too many."""
    actor.require(ACTION)
    today = status_date_of(actor.organisation)
    if as_of is not None and as_of > today:
        raise ApplicationError(_("The %s has not come yet.") % as_of, field="as_of", code="future")
    working = EvidencePack.objects.filter(
        organisation=actor.organisation, created_by=actor.user, state__in=(State.QUEUED, State.RUNNING)
    )
    if working.count() >= AT_ONCE:
        raise ApplicationError(
            _("Three of your evidence packs are being made already. Wait for one, or stop it."),
            code="too_many", status=409,
        )  # fmt: skip
    pack = EvidencePack(organisation=actor.organisation, as_of=as_of or today, created_by=actor.user)
    if portfolio_id is not None:
        pack.portfolio = portfolios_to_pack(actor).filter(pk=portfolio_id).first()
        if pack.portfolio is None:
            raise NotFound(_("There is no such portfolio here."))
    else:
        pack.project = project_get(actor, action=ACTION, code=project_code)
    pack.save()
    audit_record(
        actor=actor, action="evidence_pack.request", object_type="evidence_pack", object_id=pack.pk,
        label=str(pack.project or pack.portfolio), project_id=pack.project_id, after={"as_of": pack.as_of},
    )  # fmt: skip
    owe(KIND, pack.organisation_id, [pack.pk])
    pk = str(pack.pk)
    transaction.on_commit(lambda: wake("portfolio.evidence_pack", pk), robust=True)
    return pack


@transaction.atomic
def evidence_pack_cancel(*, actor: Actor, pack_id: int) -> EvidencePack:
    """Stop a pack that waits or is being made. Raises ApplicationError 409 where it is finished."""
    pack = pack_get(actor, pack_id)
    mine = EvidencePack.objects.filter(pk=pack.pk)
    now = timezone.now()
    stopped = mine.filter(state=State.QUEUED).update(state=State.CANCELLED, cancel_requested=True, finished_at=now)
    if not stopped:  # its worker stops at its next step; one that is silent has died
        silent = mine.filter(state=State.RUNNING, started_at__lt=now - LEASE)
        stopped = silent.update(state=State.CANCELLED, cancel_requested=True, finished_at=now)
    if not (stopped or mine.filter(state=State.RUNNING).update(cancel_requested=True)):
        raise ApplicationError(_("This pack is finished: there is nothing to stop."), code="finished", status=409)
    pack.refresh_from_db()
    return pack


def evidence_pack_run(pack_id: int) -> str:
    """Make one pack. Answers the state it ends in, or "" where it was not taken. Run twice or late, it does nothing."""
    claim = _claim(pack_id)
    if claim is None:
        return ""
    try:
        _make(claim)
    except Lost:
        EvidencePack.objects.filter(
            pk=pack_id, state=State.RUNNING, started_at=claim.token, cancel_requested=True
        ).update(state=State.CANCELLED, finished_at=timezone.now())
    except ApplicationError as refusal:
        claim.fail(refusal.message)
    except Exception:
        # The last word on a broken pack belongs on its page; the log has the rest.
        logger.exception("evidence pack %s failed", pack_id)
        claim.fail(_("Something unforeseen went wrong. The log has the details."))
    return str(EvidencePack.objects.values_list("state", flat=True).get(pk=pack_id))


class _Claim:
    """The right to make a pack, renewed with every sign of progress."""

    def __init__(self, pack: EvidencePack, token: datetime) -> None:
        self.pack, self.token = pack, token

    def progress(self, percent: int) -> None:
        """Say how far it is. Raises Lost where it was taken over or is to be stopped."""
        now = timezone.now()
        mine = self._mine().filter(cancel_requested=False)
        if not mine.update(progress=min(percent, 99), started_at=now):
            raise Lost
        self.token = now

    def finish(self, **values: Any) -> None:
        if not self._mine().filter(cancel_requested=False).update(finished_at=timezone.now(), **values):
            raise Lost

    def fail(self, message: str) -> None:
        self._mine().update(state=State.FAILED, error=message, finished_at=timezone.now())

    def _mine(self) -> Any:
        return EvidencePack.objects.filter(pk=self.pack.pk, state=State.RUNNING, started_at=self.token)


def _claim(pack_id: int) -> _Claim | None:
    now = timezone.now()
    mine = EvidencePack.objects.filter(pk=pack_id)
    taken = mine.filter(state=State.QUEUED).update(state=State.RUNNING, started_at=now, progress=0, error="")
    if not taken:
        taken = mine.filter(state=State.RUNNING, started_at__lt=now - LEASE).update(started_at=now, progress=0)
    if not taken:
        return None
    return _Claim(mine.select_related("organisation", "created_by", "project", "portfolio").get(), now)


def _make(claim: _Claim) -> None:
    pack = claim.pack
    actor = actor_for(pack.created_by, pack.organisation)  # with the rights of this moment, not of the request
    actor.require(ACTION)
    projects = packed_projects(actor, pack)
    if not projects:
        raise ApplicationError(_("There is no project in it that you may make a pack of."))
    made = pack_write(pack, projects, claim.progress)
    try:
        claim.finish(
            state=State.READY, progress=100, file=made.name, size=made.size, sha256=made.sha256,
            projects=len(projects), files=made.files,
        )  # fmt: skip
    except Lost:
        made.forget()
        raise


# ---------------------------------------------------------------- the mark that outlives a dead worker


def _lock(organisation_id: int, pack_ids: Sequence[int]) -> list[int]:
    return list(pack_ids)


def _watch(organisation_id: int, pack_ids: Sequence[int]) -> None:
    """Wake a worker for each unfinished pack, and stay owed until it is finished. Three starts, then a dead letter."""
    now = timezone.now()
    packs = EvidencePack.objects.filter(
        organisation_id=organisation_id, pk__in=pack_ids, state__in=(State.QUEUED, State.RUNNING)
    )
    for pack in packs:
        alive = pack.state == State.RUNNING and pack.started_at is not None and pack.started_at > now - LEASE
        counts = OutboxMark.objects.filter(kind=KIND, subject_id=pack.pk, dead_at__isnull=True)
        attempts = max(counts.values_list("attempts", flat=True), default=1)
        OutboxMark.objects.create(
            kind=KIND, organisation_id=organisation_id, subject_id=pack.pk,
            attempts=max(attempts - 1, 0) if alive else attempts, next_at=now + LEASE + timedelta(seconds=5),
        )  # fmt: skip
        if not alive:
            pk = str(pack.pk)
            transaction.on_commit(lambda pk=pk: wake("portfolio.evidence_pack", pk), robust=True)  # type: ignore[misc]


HANDLERS.add(KIND, Handler(KIND, _lock, _watch, batch=20))
