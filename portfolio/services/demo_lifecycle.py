"""How the demo's projects are run: assessments, reviews that wait, criteria judged, waivers asked for, lessons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.utils import timezone

from pmo.models import GateCriterion, Organisation, Person, Role, User
from projects.models import (
    BenefitOwner,
    ComplexityAssessment,
    Evidence,
    GateApproval,
    GateDelegation,
    GateReview,
    Lesson,
    Project,
    ProjectActivity,
    ProjectDeliverable,
    ProjectGate,
    Waiver,
)
from projects.selectors.approvers import approvers_of
from projects.selectors.tailoring import plans_for, tier_model_now
from projects.services.checklists import plans_apply
from projects.services.tailoring import tier_found

LESSONS: Final = (
    ("Ask for the permit first", "The permit came eleven weeks late and the site stood still.",
     "Hand it in with the charter; nothing else has to be known for it.", ["permits", "schedule"]),
    ("Name one person at the supplier", "Questions went to four people and came back with four answers.",
     "Write one name into the contract and change it only in writing.", ["suppliers"]),
    ("Train before the switch", "Half the desk could not sign in on the first morning.",
     "Train two weeks before, and sit beside people for the first three days.", ["people", "handover"]),
)  # fmt: skip
BENEFITS: Final = ("Fewer repairs a year", "Shorter queues at the desk", "Less energy used")


def lifecycle_write(
    organisation: Organisation, users: dict[str, User], projects: Sequence[Project], today: date
) -> None:
    """Tailor what was laid, judge criteria of past reviews, and leave something for everybody to decide."""
    plans_apply([plan for plan in plans_for(organisation.pk, [p.pk for p in projects]) if plan.changes])
    manager, director = users[Role.PROJECT_MANAGER], users[Role.PMO_DIRECTOR]
    _criteria(organisation)
    _assess(organisation, projects, users.get(Role.PMO_ANALYST, director))
    live = [project for project in projects if project.status == "active" and project.phase_id]
    _assign(live)
    _reviews(organisation, [p for p in live if p.sponsor_id][:6], manager, today)
    _handed_in(organisation, live[:8:2], manager, today)
    _closed(organisation, [p for p in projects if p.status == "closed"], manager, today)
    if Role.PORTFOLIO_MANAGER in users and Role.PMO_ANALYST in users:
        people = {user_id: pk for pk, user_id in Person.objects.filter(
            organisation=organisation, user__isnull=False).values_list("pk", "user_id")}  # fmt: skip
        GateDelegation.objects.create(
            organisation=organisation, approver_id=people[users[Role.PORTFOLIO_MANAGER].pk],
            delegate_id=people[users[Role.PMO_ANALYST].pk], starts_on=today - timedelta(days=3),
            ends_on=today + timedelta(days=11), made_by=users[Role.PORTFOLIO_MANAGER],
        )  # fmt: skip


def _texts(organisation: Organisation) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in GateCriterion.objects.filter(organisation=organisation).order_by("gate_id", "order"):
        found.setdefault(row.gate_id, []).append(
            {"key": row.key, "text": row.text, "mandatory": row.mandatory, "verdict": "met", "note": ""}
        )
    return found


def _criteria(organisation: Organisation) -> None:
    texts = _texts(organisation)
    rows = list(GateReview.objects.filter(organisation=organisation).select_related("gate"))
    for row in rows:
        row.criteria = [dict(each) for each in texts.get(row.gate.gate_id or 0, [])]
        if row.decision == "conditional" and row.criteria:
            row.criteria[-1] |= {"verdict": "not_met", "note": "One supplier only."}
    GateReview.objects.bulk_update(rows, ["criteria"], batch_size=200)


def _assess(organisation: Organisation, projects: Sequence[Project], by: User) -> None:
    """Answers that lead to the tier the project has."""
    model = tier_model_now(organisation.pk)
    if model is None:
        return
    rows = []
    size = {1: ("90000.00", 4, 4), 2: ("900000.00", 12, 9), 3: ("6000000.00", 30, 30)}
    for project in projects:
        budget, months, team = size.get(project.tier or 2, size[2])
        given = {"budget": budget, "months": months, "team": team}
        score = {1: 1, 2: 2, 3: 4}.get(project.tier or 2, 2)
        answers = {each["key"]: min(score, len(each["answers"])) for each in model.factors}
        found = tier_found(model, answers, given)
        if found.tier is None or found.score is None:
            continue
        rows.append(
            ComplexityAssessment(
                organisation=organisation, project=project, tier_model=model, answers=answers, size=given,
                score=found.score, complexity=found.complexity, size_band=found.size_band, tier=found.tier,
                recorded_by=by, recorded_at=project.created_at,
            )
        )  # fmt: skip
    ComplexityAssessment.objects.bulk_create(rows, batch_size=500)


def _assign(projects: Sequence[Project]) -> None:
    """What is open in the current phase belongs to the project manager."""
    for project in projects:
        mine = ProjectActivity.objects.filter(project_phase_id=project.phase_id).exclude(state="done")
        mine.update(assigned_to=project.project_manager_id)
        ProjectDeliverable.objects.filter(project_phase_id=project.phase_id).update(owner=project.project_manager_id)


def _reviews(organisation: Organisation, projects: Sequence[Project], manager: User, today: date) -> None:
    """The gate of the current phase put before its approvers; in every third project still in preparation."""
    texts = _texts(organisation)
    for place, project in enumerate(projects):
        gate = ProjectGate.objects.filter(project_phase_id=project.phase_id, applies=True, state="ahead").first()
        if gate is None:
            continue
        criteria = [dict(each) for each in texts.get(gate.gate_id or 0, [])]
        draft = place % 3 == 2
        for each in criteria[1:] if draft else ():
            each["verdict"] = ""
        review = GateReview.objects.create(
            organisation=organisation, gate=gate, project=project, number=1, criteria=criteria,
            summary="The figures are settled with the budget owner; the plan fits the calendar of the supplier.",
            state="draft" if draft else "submitted", submitted_by=None if draft else manager,
            submitted_at=None if draft else timezone.now() - timedelta(days=place + 1),
        )  # fmt: skip
        if draft:
            continue
        ProjectGate.objects.filter(pk=gate.pk).update(state="in_review")
        GateApproval.objects.bulk_create(
            GateApproval(organisation=organisation, review=review, order=n, role=each.role, approver=each.person)
            for n, each in enumerate((each for each in approvers_of(gate) if each.person is not None), start=1)
        )


def _handed_in(organisation: Organisation, projects: Sequence[Project], manager: User, today: date) -> None:
    """A deliverable to accept, evidence for what is done, and a waiver to decide on."""
    evidence, waivers = [], []
    for project in projects:
        thing = project.deliverables.filter(state="open", applies=True).order_by("project_phase__order").first()
        if thing is not None:
            ProjectDeliverable.objects.filter(pk=thing.pk).update(
                state="submitted", submitted_by=manager, submitted_at=timezone.now() - timedelta(days=2)
            )
        for done in project.activities.filter(state="done").order_by("-done_on")[:3]:
            evidence.append(
                Evidence(
                    organisation=organisation, project=project, activity=done, title="Minutes", added_by=manager,
                    url=f"https://records.example/{project.code.lower()}/{done.key}",
                )
            )  # fmt: skip
        later = project.activities.filter(state="open", applies=True, waivers__isnull=True).last()
        if later is not None:
            waivers.append(
                Waiver(
                    organisation=organisation, project=project, activity=later, asked_by=manager,
                    reason="The supplier does this under its own procedure, which we have seen.",
                    instead="We keep a copy of its record.", expires_on=today + timedelta(days=120),
                    asked_at=timezone.now() - timedelta(days=4),
                )
            )  # fmt: skip
    Evidence.objects.bulk_create(evidence)
    Waiver.objects.bulk_create(waivers)


def _closed(organisation: Organisation, projects: Sequence[Project], manager: User, today: date) -> None:
    lessons, owners = [], []
    for place, project in enumerate(projects):
        title, happened, advice, tags = LESSONS[place % len(LESSONS)]
        lessons.append(
            Lesson(organisation=organisation, project=project, title=title, happened=happened, advice=advice, tags=tags,
                   recorded_by=manager)
        )  # fmt: skip
        person = project.sponsor_id or project.project_manager_id
        if person is not None:
            owners.append(
                BenefitOwner(
                    organisation=organisation, project=project, benefit=BENEFITS[place % len(BENEFITS)],
                    person_id=person, review_on=today + timedelta(days=150), recorded_by=manager,
                )
            )  # fmt: skip
    Lesson.objects.bulk_create(lessons)
    BenefitOwner.objects.bulk_create(owners)
