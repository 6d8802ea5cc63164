"""Gate reviews: prepared, put before their approvers, taken back. What is decided is in gate_verdicts.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.models import Person
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from projects.analysis.gate_decisions import GATE_STATE, Seat, reachable, standing
from projects.models import GateApproval, GateCondition, GateReview, ProjectGate
from projects.selectors.approvers import approvers_of, names_of
from projects.selectors.checklist import gates_for, reviews_for, row_get
from projects.services.lifecycle_marks import requirements_changed
from projects.services.row_moves import row_move, row_tell

VERDICTS = ("", "met", "not_met", "waived")
State = GateReview.State
Gate = ProjectGate.State


def criteria_of(gate: ProjectGate) -> list[dict[str, Any]]:
    """The criteria as the standard has them, none judged yet."""
    rows = gate.gate.criteria.order_by("order") if gate.gate is not None else ()
    return [{"key": row.key, "text": row.text, "mandatory": row.mandatory, "verdict": "", "note": ""} for row in rows]


@transaction.atomic
def gate_review_prepare(*, actor: Actor, gate_id: int) -> GateReview:
    """A new review of the gate in preparation; the judgements of the review before it are taken over.

    Raises ApplicationError 409 where one is open already, or where the gate does not count for this project.
    """
    gate = row_get(gates_for(actor, "project.view"), actor, gate_id, "gate.prepare")
    if not gate.applies:
        raise ApplicationError(_("“%s” does not count for this project.") % gate, code="not_applicable", status=409)
    last = gate.reviews.aggregate(last=Max("number"))["last"] or 0
    before = gate.reviews.filter(number=last).first()
    criteria = criteria_of(gate)
    if before is not None:
        known = {each["key"]: each for each in before.criteria}
        criteria = [{**each, **_judged(known.get(each["key"], {}))} for each in criteria]
    try:
        with transaction.atomic():
            review = GateReview.objects.create(
                organisation_id=gate.organisation_id, gate=gate, project=gate.project, number=last + 1,
                criteria=criteria, summary=before.summary if before is not None else "",
            )  # fmt: skip
    except IntegrityError as error:
        raise ApplicationError(
            _("A review of “%s” is open already.") % gate, code="open_already", status=409
        ) from error
    row_tell(actor, review, "gate_review.prepare", after={"number": review.number})
    return review


@transaction.atomic
def gate_review_update(
    *,
    actor: Actor,
    review_id: int,
    version: int | None,
    summary: str | None = None,
    criteria: Mapping[str, Mapping[str, Any]] | None = None,
) -> GateReview:
    """Judge criteria of a draft, by their key: `{"verdict": met|not_met|waived|"", "note": text}`. A criterion that is
    waived says why."""
    review = row_get(reviews_for(actor, "project.view"), actor, review_id, "gate.prepare")
    rows = [dict(each) for each in review.criteria]
    known = {each["key"]: each for each in rows}
    for key, said in (criteria or {}).items():
        if key not in known:
            raise ApplicationError(_("“%s” is no criterion of this gate.") % key, field=key, code="does_not_exist")
        known[key] |= _checked(known[key], said)
    before = {"summary": review.summary, "criteria": review.criteria}
    after = {"criteria": rows, "summary": review.summary if summary is None else summary.strip()[:10_000]}
    row_move(review, version, states=(State.DRAFT,), **after)
    row_tell(actor, review, "gate_review.update", before=before, after=after)
    return review


@transaction.atomic
def gate_review_submit(
    *, actor: Actor, review_id: int, version: int | None, further: Iterable[Person] = ()
) -> GateReview:
    """Put a draft before its approvers: those the gate asks, then `further` ones. From now on it does not change.

    Raises ApplicationError where a criterion is not judged, a role is vacant, or the quorum cannot be reached without
    who hands it in.
    """
    review = row_get(reviews_for(actor, "project.view"), actor, review_id, "gate.prepare")
    open_ones = standing(review.criteria).unanswered
    if open_ones:
        raise ApplicationError(
            _("“%s” is not judged yet.") % open_ones[0], field="criteria", code="unanswered", status=409
        )
    asked = approvers_of(review.gate)
    vacant = names_of(asked)
    if vacant:
        raise ApplicationError(
            _("The gate asks the %(role)s, and nobody is that for %(project)s.")
            % {"role": vacant[0], "project": review.project.code},
            code="vacant",
            status=409,
        )
    seats = [(each.role, each.person) for each in asked if each.person is not None]
    taken = {person.pk for _role, person in seats}
    for person in further:
        if person.organisation_id != review.organisation_id:
            raise ApplicationError(_("“%s” is nobody here.") % person.pk, field="approvers", code="does_not_exist")
        if person.pk not in taken:
            taken.add(person.pk)
            seats.append(("", person))
    _can_be_decided(actor, review, [person for _role, person in seats])
    now = timezone.now()
    row_move(review, version, states=(State.DRAFT,), state=State.SUBMITTED, submitted_at=now, submitted_by=actor.user)
    GateApproval.objects.bulk_create(
        GateApproval(organisation_id=review.organisation_id, review=review, order=place, role=role, approver=person)
        for place, (role, person) in enumerate(seats, start=1)
    )
    ProjectGate.objects.filter(pk=review.gate_id, state__in=(Gate.AHEAD, Gate.HELD)).update(state=Gate.IN_REVIEW)
    row_tell(actor, review, "gate_review.submit", after={"approvers": [person.name for _role, person in seats]})
    requirements_changed(review.organisation_id, [review.project_id])
    return review


@transaction.atomic
def gate_review_withdraw(*, actor: Actor, review_id: int, version: int | None) -> GateReview:
    """Take a review back before it is decided. What was said in it stays on record."""
    review = row_get(reviews_for(actor, "project.view"), actor, review_id, "gate.prepare")
    before = review.state
    row_move(review, version, states=(State.DRAFT, State.SUBMITTED), state=State.WITHDRAWN)
    last = review.gate.reviews.filter(state=State.DECIDED).order_by("-number").first()
    state = GATE_STATE[last.decision] if last is not None else Gate.AHEAD
    ProjectGate.objects.filter(pk=review.gate_id, state=Gate.IN_REVIEW).update(state=state)
    row_tell(actor, review, "gate_review.withdraw", before={"state": before}, after={"state": review.state})
    requirements_changed(review.organisation_id, [review.project_id])
    return review


@transaction.atomic
def gate_condition_meet(
    *, actor: Actor, condition_id: int, met_on: date | None = None, note: str = ""
) -> GateCondition:
    """Say that a condition is met, once."""
    rows = GateCondition.objects.select_related("project", "review")
    row = row_get(rows, actor, condition_id, "checklist.edit")
    if row.review.state != State.DECIDED:
        raise ApplicationError(_("The review is not decided yet."), code="wrong_state", status=409)
    today = today_in(actor.organisation)
    day = met_on or today
    if day > today:
        raise ApplicationError(_("%s has not come yet.") % day, field="met_on", code="in_the_future")
    changed = GateCondition.objects.filter(pk=row.pk, met_on__isnull=True).update(
        met_on=day, met_by=actor.user, note=note.strip()[:10_000]
    )
    row.refresh_from_db()
    if not changed:
        raise ApplicationError(_("“%s” is met already.") % row, code="wrong_state", status=409)
    row_tell(actor, row, "gate_condition.meet", after={"met_on": day, "note": row.note})
    requirements_changed(row.organisation_id, [row.project_id])
    return row


def _can_be_decided(actor: Actor, review: GateReview, people: Iterable[Person]) -> None:
    able = [person for person in people if person.user_id is not None and person.user_id != actor.user.pk]
    seats = [Seat(person.pk, place) for place, person in enumerate(able)]
    if not reachable(seats, review.gate.quorum):
        raise ApplicationError(
            _("%(need)d of the approvers have to agree, and besides you only %(able)d can sign in and speak. "
              "Let somebody else hand it in, or name further approvers.")
            % {"need": review.gate.quorum, "able": len(able)},
            code="quorum_out_of_reach",
            status=409,
        )  # fmt: skip


def _judged(known: Mapping[str, Any]) -> dict[str, Any]:
    return {name: known.get(name, "") for name in ("verdict", "note")}


def _checked(row: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    verdict = str(said.get("verdict", row["verdict"]))
    note = str(said.get("note", row["note"])).strip()[:2_000]
    if verdict not in VERDICTS:
        raise ApplicationError(
            _("“%s” is no judgement of a criterion.") % verdict, field=row["key"], code="unknown_choice"
        )
    if verdict == "waived" and not note:
        raise ApplicationError(_("Say why “%s” is waived.") % row["text"], field=row["key"], code="required")
    return {"verdict": verdict, "note": note}
