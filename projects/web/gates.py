"""Gates of one project: their reviews, prepared, put before approvers, decided."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import DateField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, NotFound
from pmo.kit.parameters import parse_value
from pmo.models import Person
from pmo.selectors.actors import person_of
from pmo.selectors.clock import today_in
from pmo.web.forms import done
from pmo.web.pages import OfficeRequest, page
from projects.analysis.gate_decisions import reachable, standing
from projects.models import Evidence, GateReview, Project
from projects.selectors.approvers import approvers_of, role_word, seat_for, seats_of
from projects.selectors.checklist import waiver_holds
from projects.services.gate_reviews import (
    gate_condition_meet,
    gate_review_prepare,
    gate_review_submit,
    gate_review_update,
    gate_review_withdraw,
)
from projects.services.gate_verdicts import Condition, gate_seat_revoke, gate_verdict_give
from projects.web.subpage import subpage

CONDITIONS = 5


@page("project.view", post="gate.prepare")
def gate(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """One gate: its criteria, its approvers and its reviews; posting begins a review."""
    project, context = subpage(request, code, "project.view", "plan")
    found = project.gates.select_related("gate", "project_phase").filter(pk=pk).first()
    if found is None:
        raise NotFound
    if request.method == "POST":
        review = gate_review_prepare(actor=request.actor, gate_id=found.pk)
        return redirect("projects:review", org, code, review.pk)
    reviews = list(found.reviews.select_related("submitted_by", "decided_by").order_by("-number"))
    context |= {
        "gate": found,
        "reviews": reviews,
        "open_review": next((row for row in reviews if row.state in ("draft", "submitted")), None),
        "asked": approvers_of(found),
        "criteria": found.gate.criteria.order_by("order") if found.gate is not None else [],
        "waiver": found.waivers.filter(waiver_holds(today_in(request.actor.organisation))).first(),
    }
    return render(request, "projects/gate.html", context)


@page("project.view", post="gate.prepare")
def review(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """One review: preparing it (posting saves, submits or withdraws), or reading what was put before the approvers."""
    project, context = subpage(request, code, "project.view", "plan")
    found = _found(project, pk)
    place = reverse("projects:review", args=[org, code, pk])
    if request.method == "POST":
        return _posted(request, found, place)
    person = person_of(request.actor)
    seat, instead_of = seat_for(request.actor, found, person, today_in(request.actor.organisation))
    evidence: dict[str, list[Evidence]] = {}
    for row in found.evidence.filter(withdraws__isnull=True, withdrawn__isnull=True).order_by("pk"):
        evidence.setdefault(row.criterion, []).append(row)
    criteria = [{**each, "evidence": evidence.get(each["key"], [])} for each in found.criteria]
    submitted = found.state == GateReview.State.SUBMITTED
    seats = list(found.approvals.select_related("approver", "given_by", "delegated_from").order_by("order"))
    for each in seats:
        each.word = role_word(each.role)  # type: ignore[attr-defined]
    context |= {
        "review": found,
        "criteria": criteria,
        "standing": standing(found.criteria),
        "seats": seats,
        "asked": approvers_of(found.gate) if found.state == GateReview.State.DRAFT else [],
        "conditions": found.conditions.select_related("owner", "met_by").order_by("due"),
        "my_seat": seat if found.submitted_by_id != request.actor.user.pk else None,
        "instead_of": instead_of,
        "reachable": reachable(seats_of(found), found.gate.quorum) if submitted else True,
        "people": Person.objects.filter(organisation=request.actor.organisation).order_by("name"),
        "today": today_in(request.actor.organisation),
        "places": range(CONDITIONS),
    }
    return render(request, "projects/gate_review.html", context)


@page("project.view", post="gate.decide")
def verdict(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Speak in a review, in one's own seat or in that of somebody who delegated it."""
    place = reverse("projects:review", args=[org, code, pk])
    if request.method != "POST":
        return redirect(place)
    found = gate_verdict_give(
        actor=request.actor, review_id=pk, verdict=request.POST.get("verdict", ""),
        reason=request.POST.get("reason", "")[:10_000], conditions=_conditions(request),
    )  # fmt: skip
    if found.state == GateReview.State.DECIDED:
        said = _("“%(gate)s” is decided: %(decision)s.") % {
            "gate": found.gate, "decision": found.get_decision_display().lower()
        }  # fmt: skip
    else:
        said = _("Your verdict is recorded; others are still asked.")
    waiting = reverse("projects:waiting", args=[org])
    return done(request, said, waiting if request.POST.get("from") == "waiting" else place)


@page("project.view", post="gate.prepare")
def seat_revoke(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Take somebody's seat away before they have spoken."""
    if request.method != "POST":
        return redirect("projects:plan", org, code)
    seat = gate_seat_revoke(actor=request.actor, approval_id=pk, reason=request.POST.get("reason", ""))
    place = reverse("projects:review", args=[org, code, seat.review_id])
    return done(request, _("%s is no longer asked.") % seat.approver.name, place)


@page("project.view", post="checklist.edit")
def condition_meet(request: OfficeRequest, org: str, code: str, pk: int) -> HttpResponse:
    """Say that a condition is met."""
    if request.method != "POST":
        return redirect("projects:plan", org, code)
    row = gate_condition_meet(actor=request.actor, condition_id=pk, note=request.POST.get("note", ""))
    return done(request, _("The condition is met."), reverse("projects:review", args=[org, code, row.review_id]))


def _posted(request: OfficeRequest, found: GateReview, place: str) -> HttpResponse:
    act, version = request.POST.get("act", "save"), parse_value("version", request.POST.get("version", ""), "id")
    actor: Any = request.actor
    if act == "withdraw":
        gate_review_withdraw(actor=actor, review_id=found.pk, version=version)
        return done(request, _("The review is withdrawn."), place)
    said = {
        each["key"]: {
            "verdict": request.POST.get(f"verdict-{each['key']}", ""),
            "note": request.POST.get(f"note-{each['key']}", "")[:2_000],
        }
        for each in found.criteria
    }
    row = gate_review_update(
        actor=actor, review_id=found.pk, version=version, summary=request.POST.get("summary", ""), criteria=said
    )
    if act != "submit":
        return done(request, _("The review is kept."), place)
    further = [parse_value("approver", each, "id") for each in request.POST.getlist("approver") if each]
    people = Person.objects.filter(organisation=actor.organisation, pk__in=further)
    gate_review_submit(actor=actor, review_id=found.pk, version=row.version, further=people)
    return done(request, _("The review is put before its approvers."), place)


def _conditions(request: OfficeRequest) -> list[Condition]:
    found = []
    for place in range(CONDITIONS):
        text = request.POST.get(f"condition-{place}", "").strip()
        if not text:
            continue
        try:
            due = DateField().clean(request.POST.get(f"due-{place}", ""))
        except ValidationError:
            raise ApplicationError(
                _("“%s” needs the day by which it has to be done.") % text, field="conditions", code="required"
            ) from None
        owner = request.POST.get(f"owner-{place}", "")
        pk = parse_value("owner", owner, "id") if owner else None
        person = Person.objects.filter(organisation=request.actor.organisation, pk=pk).first() if pk else None
        found.append(Condition(text, due, person))
    return found


def _found(project: Project, pk: int) -> GateReview:
    rows = GateReview.objects.select_related("gate__gate", "gate__project_phase", "submitted_by", "decided_by")
    found = rows.filter(project=project, pk=pk).first()
    if found is None:
        raise NotFound
    found.gate.project = project
    return found
