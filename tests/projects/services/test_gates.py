"""Gate reviews: prepared, put before approvers, decided once; delegated, revoked; and the phase behind the gate."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from pmo.kit.errors import ApplicationError, Forbidden, NotFound, StaleVersion
from pmo.models import AuditEvent, Membership
from pmo.selectors.actors import actor_for
from projects.models import GateApproval, GateReview, ProjectGate
from projects.services.gate_reviews import (
    gate_condition_meet,
    gate_review_prepare,
    gate_review_submit,
    gate_review_update,
    gate_review_withdraw,
)
from projects.services.gate_verdicts import (
    Condition,
    gate_delegate,
    gate_delegation_end,
    gate_seat_revoke,
    gate_verdict_give,
)
from projects.services.projects import project_update
from projects.services.waivers import waiver_ask, waiver_decide
from tests.conftest import Cast

TODAY = timezone.now().date()


def first_gate(cast: Cast) -> ProjectGate:
    gate = cast.project.gates.order_by("project_phase__order", "order").first()
    assert gate is not None
    return gate


def submitted(cast: Cast, gate: ProjectGate, *, role: str = "project_manager", **judged: str) -> GateReview:
    """A review in which every criterion is met, but for those named."""
    actor = cast.actor(role)
    review = gate_review_prepare(actor=actor, gate_id=gate.pk)
    said = {each["key"]: {"verdict": judged.get(each["key"], "met")} for each in review.criteria}
    review = gate_review_update(
        actor=actor, review_id=review.pk, version=review.version, criteria=said, summary="Ready."
    )
    return gate_review_submit(actor=actor, review_id=review.pk, version=review.version)


def two_seats(cast: Cast, gate: ProjectGate, *, quorum: int = 2, in_order: bool = False) -> GateReview:
    """A review before the director (as sponsor) and the budget owner."""
    ProjectGate.objects.filter(pk=gate.pk).update(quorum=quorum, in_order=in_order)
    review = gate_review_prepare(actor=cast.actor("project_manager"), gate_id=gate.pk)
    GateReview.objects.filter(pk=review.pk).update(
        state="submitted", submitted_at=timezone.now(), submitted_by=cast.people["project_manager"]
    )
    for place, role in ((1, "pmo_director"), (2, "budget_owner")):
        GateApproval.objects.create(
            organisation=cast.organisation, review=review, order=place, role={1: "sponsor", 2: "budget_owner"}[place],
            approver=cast.person(role),
        )  # fmt: skip
    review.refresh_from_db()
    return review


def test_a_review_is_prepared_judged_handed_in_and_passed(alder: Cast) -> None:
    gate = first_gate(alder)
    review = submitted(alder, gate)
    gate.refresh_from_db()
    assert gate.state == "in_review"
    seats = list(review.approvals.values_list("role", "approver__user__email"))
    assert seats
    done = gate_verdict_give(actor=alder.actor("pmo_director"), review_id=review.pk, verdict="pass", reason="Fine.")
    gate.refresh_from_db()
    assert (done.state, done.decision, gate.state) == ("decided", "pass", "passed")
    assert done.decided_by == alder.people["pmo_director"]
    actions = set(AuditEvent.objects.filter(project_ref=alder.project.pk).values_list("action", flat=True))
    assert {"gate_review.prepare", "gate_review.submit", "gate_review.verdict", "gate_review.decide"} <= actions


def test_a_draft_with_a_criterion_nobody_judged_is_not_handed_in(alder: Cast) -> None:
    actor = alder.actor("project_manager")
    review = gate_review_prepare(actor=actor, gate_id=first_gate(alder).pk)
    with pytest.raises(ApplicationError, match=review.criteria[0]["text"]) as refused:
        gate_review_submit(actor=actor, review_id=review.pk, version=review.version)
    assert refused.value.code == "unanswered"


def test_a_waived_criterion_says_why(alder: Cast) -> None:
    actor = alder.actor("project_manager")
    review = gate_review_prepare(actor=actor, gate_id=first_gate(alder).pk)
    key = review.criteria[0]["key"]
    with pytest.raises(ApplicationError, match="Say why"):
        gate_review_update(actor=actor, review_id=review.pk, version=None, criteria={key: {"verdict": "waived"}})
    with pytest.raises(StaleVersion):
        gate_review_update(actor=actor, review_id=review.pk, version=99, summary="x")


def test_a_vacant_role_is_named(alder: Cast) -> None:
    alder.project.sponsor = None
    alder.project.save()
    gate = first_gate(alder)
    gate.gate = None
    gate.save()
    actor = alder.actor("project_manager")
    review = gate_review_prepare(actor=actor, gate_id=gate.pk)
    with pytest.raises(ApplicationError, match="asks the sponsor") as refused:
        gate_review_submit(actor=actor, review_id=review.pk, version=review.version)
    assert refused.value.code == "vacant"


def test_who_hands_in_does_not_decide(alder: Cast) -> None:
    review = two_seats(alder, first_gate(alder), quorum=1)
    GateReview.objects.filter(pk=review.pk).update(submitted_by=alder.people["pmo_director"])
    with pytest.raises(Forbidden, match="handed this review in"):
        gate_verdict_give(actor=alder.actor("pmo_director"), review_id=review.pk, verdict="pass")


def test_the_quorum_decides_and_the_last_word_does_not_change_it(alder: Cast) -> None:
    gate = first_gate(alder)
    review = two_seats(alder, gate)
    first = gate_verdict_give(actor=alder.actor("pmo_director"), review_id=review.pk, verdict="pass")
    assert first.state == "submitted"
    with pytest.raises(ApplicationError, match="spoken"):
        gate_verdict_give(actor=alder.actor("pmo_director"), review_id=review.pk, verdict="stop", reason="No.")
    day = TODAY + timedelta(days=30)
    with pytest.raises(ApplicationError, match="by when"):
        gate_verdict_give(actor=alder.actor("budget_owner"), review_id=review.pk, verdict="conditional")
    done = gate_verdict_give(
        actor=alder.actor("budget_owner"), review_id=review.pk, verdict="conditional",
        conditions=[Condition("Sign the lease", day, alder.person("project_manager"))],
    )  # fmt: skip
    gate.refresh_from_db()
    assert (done.decision, gate.state) == ("conditional", "conditional")
    condition = done.conditions.get()
    assert (condition.text, condition.due, condition.owner) == ("Sign the lease", day, alder.person("project_manager"))
    met = gate_condition_meet(actor=alder.actor("project_manager"), condition_id=condition.pk)
    assert met.met_by == alder.people["project_manager"]
    with pytest.raises(ApplicationError, match="met already"):
        gate_condition_meet(actor=alder.actor("project_manager"), condition_id=condition.pk)


def test_a_hold_that_makes_the_quorum_impossible_decides(alder: Cast) -> None:
    gate = first_gate(alder)
    review = two_seats(alder, gate)
    with pytest.raises(ApplicationError, match="Say why"):
        gate_verdict_give(actor=alder.actor("budget_owner"), review_id=review.pk, verdict="hold")
    done = gate_verdict_give(
        actor=alder.actor("budget_owner"), review_id=review.pk, verdict="hold", reason="No money yet."
    )
    gate.refresh_from_db()
    assert (done.decision, gate.state) == ("hold", "held")


def test_in_order_the_second_waits_for_the_first(alder: Cast) -> None:
    review = two_seats(alder, first_gate(alder), in_order=True)
    with pytest.raises(ApplicationError, match="before you") as refused:
        gate_verdict_give(actor=alder.actor("budget_owner"), review_id=review.pk, verdict="pass")
    assert refused.value.code == "not_your_turn"
    gate_verdict_give(actor=alder.actor("pmo_director"), review_id=review.pk, verdict="pass")
    assert gate_verdict_give(actor=alder.actor("budget_owner"), review_id=review.pk, verdict="pass").decision == "pass"


def test_a_mandatory_criterion_not_met_bars_a_plain_pass(alder: Cast) -> None:
    gate = first_gate(alder)
    key = gate.gate.criteria.filter(mandatory=True).first().key
    review = submitted(alder, gate, **{key: "not_met"})
    with pytest.raises(ApplicationError, match="is not met") as refused:
        gate_verdict_give(actor=alder.actor("pmo_director"), review_id=review.pk, verdict="pass")
    assert refused.value.code == "criterion_not_met"


def test_a_delegate_acts_in_their_own_name(alder: Cast) -> None:
    review = two_seats(alder, first_gate(alder), quorum=2)
    analyst = alder.actor("pmo_analyst")
    with pytest.raises(Forbidden, match="not asked"):
        gate_verdict_give(actor=analyst, review_id=review.pk, verdict="pass")
    delegation = gate_delegate(
        actor=alder.actor("budget_owner"), delegate=alder.person("pmo_analyst"), starts_on=TODAY,
        ends_on=TODAY + timedelta(days=7),
    )  # fmt: skip
    gate_verdict_give(actor=analyst, review_id=review.pk, verdict="pass")
    seat = review.approvals.get(approver=alder.person("budget_owner"))
    assert (seat.given_by, seat.delegated_from) == (alder.people["pmo_analyst"], alder.person("budget_owner"))
    event = AuditEvent.objects.filter(action="gate_review.verdict").latest("id")
    assert (event.user, event.after["instead_of"]) == (alder.people["pmo_analyst"], "Bea Alder")
    gate_delegation_end(actor=alder.actor("budget_owner"), delegation_id=delegation.pk)


def test_a_delegation_that_was_ended_opens_nothing(alder: Cast) -> None:
    review = two_seats(alder, first_gate(alder))
    delegation = gate_delegate(
        actor=alder.actor("budget_owner"), delegate=alder.person("pmo_analyst"), starts_on=TODAY, ends_on=TODAY,
        review_id=review.pk,
    )  # fmt: skip
    gate_delegation_end(actor=alder.actor("budget_owner"), delegation_id=delegation.pk)
    with pytest.raises(Forbidden):
        gate_verdict_give(actor=alder.actor("pmo_analyst"), review_id=review.pk, verdict="pass")


@pytest.mark.parametrize("how", ["removed", "no longer sponsor", "no longer a member"])
def test_a_revoked_approver_is_refused_at_once(alder: Cast, how: str) -> None:
    review = two_seats(alder, first_gate(alder), quorum=1)
    actor = alder.actor("budget_owner")
    refusal: Any = Forbidden
    if how == "removed":
        seat = review.approvals.get(order=2)
        gate_seat_revoke(actor=alder.actor("pmo_analyst"), approval_id=seat.pk, reason="Left the board.")
    elif how == "no longer sponsor":
        alder.project.budget_owner = alder.person("pmo_director")
        alder.project.save()
        refusal = (Forbidden, NotFound)
    else:
        Membership.objects.filter(user=alder.people["budget_owner"]).delete()
    with pytest.raises(refusal):
        gate_verdict_give(actor=actor, review_id=review.pk, verdict="pass")
    assert GateReview.objects.get(pk=review.pk).state == "submitted"


def test_a_decided_review_is_superseded_by_a_new_one_and_never_changed(alder: Cast) -> None:
    gate = first_gate(alder)
    review = submitted(alder, gate)
    gate_verdict_give(actor=alder.actor("pmo_director"), review_id=review.pk, verdict="hold", reason="Not yet.")
    pm = alder.actor("project_manager")
    if GateReview.objects.get(pk=review.pk).state == "submitted":
        pytest.skip("this gate has several approvers")
    with pytest.raises(ApplicationError, match="decided"):
        gate_review_withdraw(actor=pm, review_id=review.pk, version=None)
    again = gate_review_prepare(actor=pm, gate_id=gate.pk)
    assert again.number == review.number + 1
    assert again.criteria[0]["verdict"] == "met"
    with pytest.raises(ApplicationError, match="open already"):
        gate_review_prepare(actor=pm, gate_id=gate.pk)


def test_a_phase_is_entered_only_through_its_gate(alder: Cast) -> None:
    project, pm = alder.project, alder.actor("project_manager")
    second = project.phases.order_by("order")[1]
    gate = first_gate(alder)

    def enter() -> Any:
        project.refresh_from_db()
        return project_update(actor=pm, project_id=project.pk, version=project.version, values={"phase": second})

    with pytest.raises(ApplicationError, match=gate.name) as refused:
        enter()
    assert refused.value.code == "gate_not_passed"
    asked = waiver_ask(
        actor=pm, project_id=project.pk, kind="gate", object_id=gate.pk, reason="Too small.",
        expires_on=TODAY + timedelta(days=20),
    )  # fmt: skip
    with pytest.raises(ApplicationError, match=gate.name):
        enter()
    with pytest.raises(Forbidden):
        waiver_decide(actor=pm, waiver_id=asked.pk, version=asked.version, grant=True)
    waiver_decide(actor=alder.actor("pmo_director"), waiver_id=asked.pk, version=asked.version, grant=True)
    assert enter().phase == second


def test_a_token_never_approves(alder: Cast) -> None:
    review = two_seats(alder, first_gate(alder))
    actor = actor_for(alder.people["pmo_director"], alder.organisation)
    from_token = type(actor)(**{**actor.__dict__, "scopes": frozenset({"*"}), "token_prefix": "x"})
    with pytest.raises((Forbidden, NotFound)):
        gate_verdict_give(actor=from_token, review_id=review.pk, verdict="pass")


def test_a_day_in_the_past_is_no_end_of_a_waiver(alder: Cast) -> None:
    with pytest.raises(ApplicationError, match="after today"):
        waiver_ask(
            actor=alder.actor("project_manager"), project_id=alder.project.pk, kind="gate",
            object_id=first_gate(alder).pk, reason="x", expires_on=date(2020, 1, 1),
        )  # fmt: skip
