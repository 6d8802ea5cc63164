"""The checklist of a project of the test world: one thing of each kind in each state that can be asked about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from pmo.analysis.builtin_tiers import FACTORS
from pmo.models import Person, TierModel, User
from projects.models import (
    BenefitOwner,
    ComplexityAssessment,
    Evidence,
    GateApproval,
    GateCondition,
    GateDelegation,
    GateReview,
    Lesson,
    Project,
    ProjectActivity,
    ProjectDeliverable,
    ProjectGate,
    ProjectSketch,
    TailoringChange,
    Waiver,
)

if TYPE_CHECKING:
    from tests.world import House

FAR = date(2027, 6, 30)


def checklist(house: House, which: str, project: Project, word: str) -> None:
    """Everything of one project. Written straight into the tables: the states matter here, not how they came about."""
    organisation, director = house.cast.organisation, house.cast.people["pmo_director"]
    colleague, somebody = house.cast.people["colleague"], house.cast.person("pmo_director")
    mine = {"organisation": organisation, "project": project}
    phase = project.phases.order_by("order").first()
    place = {**mine, "project_phase": phase, "due": date(2026, 9, 1)}
    activity = ProjectActivity.objects.create(**place, order=90, key="own-1-word", name=f"{word} act", note=word)
    thing = ProjectDeliverable.objects.create(**place, order=90, key="own-thing", name=f"{word} thing")
    handed = ProjectDeliverable.objects.create(
        **place, order=91, key="own-handed", name=f"{word} paper", state="submitted", submitted_by=colleague,
        submitted_at=timezone.now(),
    )  # fmt: skip
    gates = [
        ProjectGate.objects.create(**place, order=90 + n, key=f"own-gate-{n}", name=f"{word} gate {n}", quorum=1)
        for n in range(4)
    ]
    draft = GateReview.objects.create(**mine, gate=gates[1], number=1, summary=word, criteria=[])
    review = GateReview.objects.create(
        **mine, gate=gates[2], number=1, summary=word, state="submitted", submitted_by=colleague,
        submitted_at=timezone.now(),
        criteria=[{"key": "a", "text": f"{word} is so", "mandatory": True, "verdict": "met", "note": word}],
    )  # fmt: skip
    seats = [
        GateApproval.objects.create(
            organisation=organisation, review=review, order=n, approver=house.cast.person(role), role=""
        )
        for n, role in enumerate(SEATED, start=1)
    ]
    past = GateReview.objects.create(
        **mine, gate=gates[3], number=1, summary=word, state="decided", decision="conditional", reason=word,
        decided_at=timezone.now(), decided_on=date(2026, 9, 9), decided_by=director,
    )  # fmt: skip
    condition = GateCondition.objects.create(**mine, review=past, text=f"{word} first", due=FAR, owner=somebody)
    url = {"url": f"https://example.org/{word}".replace(" ", "-")}
    link = Evidence.objects.create(**mine, activity=activity, title=f"{word} link", **url)
    paper = Evidence.objects.create(
        **mine, deliverable=thing, title=f"{word} file", file=_file(house, which), sha256="0" * 64, size=4
    )
    waiver = Waiver.objects.create(
        **mine, activity=activity, reason=f"{word} reason", instead=word, expires_on=FAR, asked_by=colleague
    )
    change = TailoringChange.objects.create(
        **mine, cause="tier", proposed_by=colleague, before={"version": project.standard_version_id, "tier": None},
        after={"version": project.standard_version_id, "tier": 2},
        diff=[{"kind": "gate", "key": "x", "name": f"{word} gate", "phase": "x", "change": "added"}],
    )  # fmt: skip
    moved = TailoringChange.objects.create(
        **mine, cause="version", batch=f"{house.slug}batch", proposed_by=colleague, state="accepted",
        decided_at=timezone.now(), before={"version": project.standard_version_id, "tier": None, "rows": {}},
        after={"version": project.standard_version_id, "tier": None, "added": {}},
    )  # fmt: skip
    model = TierModel.objects.filter(organisation=organisation, published_at__isnull=False).first()
    assessment = ComplexityAssessment.objects.create(
        **mine, tier_model=model, score=9, complexity="simple", size_band="small", tier=1, reason=word
    )
    lesson = Lesson.objects.create(**mine, title=f"{word} lesson", happened=word, advice=word, tags=[word])
    BenefitOwner.objects.create(**mine, benefit=f"{word} benefit", person=somebody, review_on=FAR)
    for kind, row in (
        ("project_activity", activity), ("project_deliverable", thing), ("deliverable_submitted", handed),
        ("project_gate", gates[0]), ("review_draft", draft), ("gate_review", review), ("gate_seat", seats[-1]),
        ("gate_condition", condition), ("evidence", link), ("evidence_file", paper), ("waiver", waiver),
        ("tailoring_change", change), ("complexity_assessment", assessment), ("lesson", lesson),
    ):  # fmt: skip
        house.keep(kind, which, row)
    house.objects.setdefault("batch", {})["own"] = moved.batch


def annex(house: House, which: str, project: Project, word: str) -> None:
    """In a project beside it, whose sponsor hands nothing in: a review that anybody may put before them."""
    project.sponsor = house.cast.person("spare")
    project.save()
    mine = {"organisation": house.cast.organisation, "project": project}
    gate = ProjectGate.objects.create(
        **mine, project_phase=project.phases.first(), order=90, key="own-gate", name=f"{word} gate", quorum=1
    )
    house.keep("review_ready", which, GateReview.objects.create(**mine, gate=gate, number=1, summary=word, criteria=[]))


SEATED = (
    "pmo_director", "pmo_analyst", "portfolio_manager", "project_manager", "budget_owner", "team_member",
    "stakeholder", "spare",
)  # fmt: skip


def personal_lifecycle(house: House, which: str, owner: User) -> None:
    """A delegation and a sketch of that person's."""
    cast = house.cast
    person = Person.objects.filter(organisation=cast.organisation, user=owner).first()
    spare = cast.person("spare")
    if person is None:
        person = Person.objects.create(organisation=cast.organisation, user=owner, name=owner.name, email=owner.email)
    if which == "double":
        for key in ("own", "unassigned"):
            GateApproval.objects.create(
                organisation=cast.organisation, review_id=house.id("gate_review", key), order=99, approver=person
            )
    if person.pk != spare.pk:
        day = timezone.now().date()
        delegation = GateDelegation.objects.create(
            organisation=cast.organisation, approver=person, delegate=spare, made_by=owner,
            starts_on=day - timedelta(days=9), ends_on=FAR,
        )  # fmt: skip
        house.keep("delegation", which, delegation)
    sketch = ProjectSketch.objects.create(
        organisation=cast.organisation, owner=owner, name=f"{house.canary} idea",
        values={
            "idea": {"name": f"{house.canary} idea", "code": f"S-{owner.pk}", "portfolio": str(cast.portfolio.pk)},
            "size": {"months": "5", **{factor["key"]: "1" for factor in FACTORS}},
        },
    )  # fmt: skip
    house.keep("sketch", which, sketch)


def _file(house: House, which: str) -> str:
    return str(default_storage.save(f"evidence/{house.slug}/{which}.txt", ContentFile(b"text")))
