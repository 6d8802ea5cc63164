"""Speaking in a gate review, and its decision: once, when the quorum is reached or cannot be reached any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, Forbidden, NotFound
from pmo.models import Membership, Person
from pmo.selectors.actors import Actor, person_of
from pmo.selectors.clock import today_in
from pmo.services.audit import audit_record
from projects.analysis.gate_decisions import GATE_STATE, PASSES, outcome, standing
from projects.models import GateApproval, GateCondition, GateDelegation, GateReview, ProjectGate
from projects.selectors.approvers import seat_for, seat_stands, seats_of
from projects.selectors.checklist import reviews_for, row_get
from projects.services.costs import date_checked
from projects.services.lifecycle_marks import requirements_changed
from projects.services.row_moves import row_tell, text_of

State = GateReview.State


@dataclass(frozen=True)
class Condition:
    """What has to be done by when after a conditional pass, and who sees to it."""

    text: str
    due: date
    owner: Person | None = None


@transaction.atomic
def gate_verdict_give(
    *,
    actor: Actor,
    review_id: int,
    verdict: str,
    reason: str = "",
    conditions: Sequence[Condition] = (),
) -> GateReview:
    """Say pass, conditional, hold or stop in one's own seat, or in that of somebody who delegated it; once, in one's
    own name. The review is decided in the same moment where that settles it.

    Raises Forbidden where the actor is not asked (any more), ApplicationError naming the field, or 409 where it is
    decided, or not yet the actor's turn. Never by token.
    """
    review = row_get(reviews_for(actor, "project.view"), actor, review_id, "gate.decide")
    if actor.is_token:
        raise Forbidden(_("A token cannot decide."))
    review = _held(review)
    if review.state != State.SUBMITTED:
        raise ApplicationError(
            _("“%(review)s” is %(state)s; nobody is asked any more.")
            % {"review": review, "state": review.get_state_display().lower()},
            code="wrong_state",
            status=409,
        )
    seat, instead_of = _seat(actor, review)
    reason = _checked(review, verdict, reason, conditions)
    now = timezone.now()
    given = GateApproval.objects.filter(pk=seat.pk, verdict="", revoked_at__isnull=True).update(
        verdict=verdict, reason=reason, given_at=now, given_by=actor.user, delegated_from=instead_of
    )
    if not given:
        raise ApplicationError(_("This seat has spoken already."), code="wrong_state", status=409)
    if verdict == GateApproval.Verdict.CONDITIONAL:
        GateCondition.objects.bulk_create(
            GateCondition(
                organisation_id=review.organisation_id, review=review, project_id=review.project_id,
                text=each.text.strip()[:500], due=each.due, owner=each.owner,
            )
            for each in conditions
        )  # fmt: skip
    row_tell(
        actor, review, "gate_review.verdict",
        after={"verdict": verdict, "reason": reason, "instead_of": instead_of.name if instead_of else ""},
    )  # fmt: skip
    _settle(actor, review, reason)
    return review


@transaction.atomic
def gate_seat_revoke(*, actor: Actor, approval_id: int, reason: str) -> GateApproval:
    """Take the seat of somebody who has not spoken yet away. They are refused from this moment on."""
    seat = GateApproval.objects.filter(organisation=actor.organisation, pk=approval_id).select_related("review").first()
    if seat is None:
        raise NotFound
    review = row_get(reviews_for(actor, "project.view"), actor, seat.review_id, "gate.prepare")
    why = text_of(reason, field="reason", missing=_("Say why they are no longer asked."))
    review = _held(review)
    if review.state != State.SUBMITTED:
        raise ApplicationError(_("“%s” does not wait for approval.") % review, code="wrong_state", status=409)
    gone = GateApproval.objects.filter(pk=seat.pk, verdict="", revoked_at__isnull=True)
    if not gone.update(revoked_at=timezone.now(), reason=why):
        raise ApplicationError(_("They have spoken already, or are no longer asked."), code="wrong_state", status=409)
    row_tell(actor, review, "gate_review.revoke", after={"approver": seat.approver.name, "reason": why})
    _settle(actor, review, why)
    seat.refresh_from_db()
    return seat


@transaction.atomic
def gate_delegate(
    *, actor: Actor, delegate: Person, starts_on: date, ends_on: date, review_id: int | None = None
) -> GateDelegation:
    """Let somebody speak in one's seats for a time, or in one review. They act in their own name."""
    actor.require("gate.decide")
    if actor.is_token:
        raise Forbidden(_("A token cannot delegate."))
    person = person_of(actor)
    if person is None:
        raise Forbidden(_("You are not named among the people of this organisation."))
    review = None
    if review_id is not None:
        review = row_get(reviews_for(actor, "project.view"), actor, review_id, "gate.decide")
        if not review.approvals.filter(approver=person, verdict="", revoked_at__isnull=True).exists():
            raise Forbidden(_("You are not asked in this review."))
    member = Membership.objects.filter(organisation=actor.organisation, user=delegate.user_id, user__is_active=True)
    if delegate.organisation_id != actor.organisation.pk or delegate.user_id is None or not member.exists():
        raise ApplicationError(
            _("“%s” cannot sign in here, so cannot stand in for you.") % delegate.name, field="delegate", code="invalid"
        )
    if delegate.pk == person.pk:
        raise ApplicationError(_("That is yourself."), field="delegate", code="invalid")
    for field, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        date_checked(day, field=field)
    if ends_on < starts_on or ends_on < today_in(actor.organisation):
        raise ApplicationError(_("%s is over already, or before the start.") % ends_on, field="ends_on", code="invalid")
    row = GateDelegation.objects.create(
        organisation=actor.organisation, approver=person, delegate=delegate, review=review, starts_on=starts_on,
        ends_on=ends_on, made_by=actor.user,
    )  # fmt: skip
    _tell_delegation(actor, row, "gate_delegation.make")
    return row


@transaction.atomic
def gate_delegation_end(*, actor: Actor, delegation_id: int) -> GateDelegation:
    """Take one's seats back at once."""
    rows = GateDelegation.objects.filter(organisation=actor.organisation, approver__user=actor.user)
    row = rows.filter(pk=delegation_id).select_related("delegate", "approver").first()
    if row is None:
        raise NotFound
    if not GateDelegation.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=timezone.now()):
        raise ApplicationError(_("That is over already."), code="wrong_state", status=409)
    row.refresh_from_db()
    _tell_delegation(actor, row, "gate_delegation.end")
    return row


def _held(review: GateReview) -> GateReview:
    """The review as it is now, locked to the end of the transaction: verdicts are counted one after another."""
    GateReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    return GateReview.objects.select_related("gate__gate", "project").get(pk=review.pk)


def _seat(actor: Actor, review: GateReview) -> tuple[GateApproval, Person | None]:
    day = today_in(actor.organisation)
    if review.submitted_by_id == actor.user.pk:
        raise Forbidden(_("You handed this review in; others decide on it."))
    person = person_of(actor)
    seat, instead_of = seat_for(actor, review, person, day)
    if seat is not None:
        if not seat_stands(seat, review.project):
            raise Forbidden(_("%s is no longer who was asked here.") % seat.approver.name)
        return seat, instead_of
    mine = review.approvals.filter(approver=person) if person is not None else review.approvals.none()
    if mine.filter(revoked_at__isnull=False).exists():
        raise Forbidden(_("You are no longer asked in this review."))
    if review.approvals.filter(given_by=actor.user).exists():
        raise ApplicationError(_("You have spoken in this review already."), code="wrong_state", status=409)
    if mine.exists():
        raise ApplicationError(_("Others are asked before you."), code="not_your_turn", status=409)
    raise Forbidden(_("You are not asked in this review."))


def _checked(review: GateReview, verdict: str, reason: str, conditions: Sequence[Condition]) -> str:
    if verdict not in GateApproval.Verdict.values:
        raise ApplicationError(_("“%s” is no verdict.") % verdict, field="verdict", code="unknown_choice")
    barring = standing(review.criteria).barring
    if verdict == GateApproval.Verdict.PASS and barring:
        raise ApplicationError(
            _("“%s” is not met and has to be: pass with conditions, hold or stop.") % barring[0],
            field="verdict",
            code="criterion_not_met",
            status=409,
        )
    if verdict == GateApproval.Verdict.CONDITIONAL and not conditions:
        raise ApplicationError(_("Say what has to be done by when."), field="conditions", code="required")
    for each in conditions if verdict == GateApproval.Verdict.CONDITIONAL else ():
        text_of(each.text, field="conditions", missing=_("Say what has to be done."), most=500)
        date_checked(each.due, field="conditions")
        if each.owner is not None and each.owner.organisation_id != review.organisation_id:
            raise ApplicationError(_("“%s” is nobody here.") % each.owner.pk, field="conditions", code="invalid")
    if verdict not in PASSES:
        return text_of(reason, field="reason", missing=_("Say why."))
    return reason.strip()[:10_000]


def _settle(actor: Actor, review: GateReview, reason: str) -> None:
    """Decide the review where the seats now say so: exactly one transaction finds it still submitted."""
    decision = outcome(seats_of(review), review.gate.quorum)
    if decision is None:
        return
    today = today_in(actor.organisation)
    decided = GateReview.objects.filter(pk=review.pk, state=State.SUBMITTED).update(
        state=State.DECIDED, decision=decision, decided_at=timezone.now(), decided_on=today, decided_by=actor.user,
        reason=reason, version=F("version") + 1,
    )  # fmt: skip
    if not decided:
        return
    ProjectGate.objects.filter(pk=review.gate_id).update(
        state=GATE_STATE[decision], decided_on=today, version=F("version") + 1
    )
    review.refresh_from_db()
    row_tell(actor, review, "gate_review.decide", before={"state": State.SUBMITTED}, after={"decision": decision})
    requirements_changed(review.organisation_id, [review.project_id])


def _tell_delegation(actor: Actor, row: GateDelegation, action: str) -> None:
    audit_record(
        actor=actor,
        action=action,
        object_type="gatedelegation",
        object_id=row.pk,
        label=f"{row.approver.name}: {row.delegate.name}",
        project_id=row.review.project_id if row.review is not None else None,
        after={"starts_on": row.starts_on, "ends_on": row.ends_on},
    )
