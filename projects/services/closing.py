"""Going on to the next phase, and closing a project: what stands in the way; lessons and owners of benefits."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.models import Obligation, Organisation, Person
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from projects.analysis.checklist import FINISHED, GateFact, closing_lacks, gates_in_the_way
from projects.models import BenefitOwner, Lesson, Project, ProjectActivity, ProjectPhase
from projects.selectors.checklist import open_mandatory, waiver_holds
from projects.selectors.projects import project_get
from projects.services.costs import date_checked
from projects.services.row_moves import row_tell, text_of

TAGS = 12


def phase_entry_checked(project: Project, phase_id: int | None, organisation: Organisation) -> None:
    """Raise ApplicationError where a gate before the phase is neither passed nor waived, or it is another project's."""
    if phase_id is None or phase_id == project.phase_id:
        return
    orders = dict(ProjectPhase.objects.filter(project=project).values_list("pk", "order"))
    if phase_id not in orders:
        raise ApplicationError(
            _("“%s” is not a phase of this project.") % phase_id, field="phase", code="does_not_exist"
        )
    waived = set(
        project.waivers.filter(waiver_holds(today_in(organisation)), gate__isnull=False).values_list(
            "gate_id", flat=True
        )
    )
    gates = [
        GateFact(
            gate.name, gate.project_phase.order, gate.at,
            open=gate.applies and gate.obligation == Obligation.MANDATORY and gate.state not in FINISHED["gate"]
            and gate.pk not in waived,
        )
        for gate in project.gates.select_related("project_phase").order_by("project_phase__order", "order")
    ]  # fmt: skip
    barring = gates_in_the_way(gates, orders.get(project.phase_id or 0), orders[phase_id])
    if barring:
        raise ApplicationError(
            _("The gate “%s” comes first: it has to be passed, or waived.") % barring[0],
            field="phase",
            code="gate_not_passed",
            status=409,
        )


def closing_lacking(project: Project, day: date) -> tuple[tuple[str, str], ...]:
    """What keeps the project from being closed, as (kind, name); nothing for a project without a checklist."""
    if not ProjectActivity.objects.filter(project=project, applies=True).exists():
        return ()
    return closing_lacks(
        open_mandatory(project, day), lessons=project.lessons.count(), benefit_owners=project.benefit_owners.count()
    )


def closing_checked(project: Project, organisation: Organisation) -> None:
    """Raise ApplicationError 409 naming the first thing that keeps the project from being closed."""
    lacking = closing_lacking(project, today_in(organisation))
    if lacking:
        kind, name = lacking[0]
        raise ApplicationError(
            lack_sentence(kind, name), field="status", code="not_ready_to_close", status=409,
            extra={"lacking": [{"kind": kind, "name": name} for kind, name in lacking]},
        )  # fmt: skip


def lack_sentence(kind: str, name: str) -> str:
    """In words what is missing before a project can be closed."""
    if kind == "lesson":
        return _("No lesson is written down yet.")
    if kind == "benefit_owner":
        return _("Nobody is named to look after a benefit yet.")
    return {
        "activity": _("“%s” is neither done nor waived."),
        "deliverable": _("“%s” is neither accepted nor waived."),
        "gate": _("The gate “%s” is neither passed nor waived."),
    }[kind] % name


@transaction.atomic
def lesson_record(
    *, actor: Actor, project_id: int, title: str, happened: str, advice: str, tags: list[str] | None = None
) -> Lesson:
    """Write down what others should know. Raises ApplicationError naming the field."""
    project = project_get(actor, action="checklist.edit", pk=project_id)
    words = [tag.strip()[:40] for tag in tags or [] if tag.strip()]
    if len(words) > TAGS:
        raise ApplicationError(_("At most %d tags.") % TAGS, field="tags", code="too_many")
    row = Lesson.objects.create(
        organisation_id=project.organisation_id, project=project, recorded_by=actor.user, tags=words,
        title=text_of(title, field="title", missing=_("A lesson needs a title."), most=200),
        happened=text_of(happened, field="happened", missing=_("Say what happened.")),
        advice=text_of(advice, field="advice", missing=_("Say what others should do.")),
    )  # fmt: skip
    row_tell(actor, row, "lesson.record", after={"title": row.title})
    return row


@transaction.atomic
def benefit_owner_name(*, actor: Actor, project_id: int, benefit: str, person: Person, review_on: date) -> BenefitOwner:
    """Say who sees to a benefit after the project, and when it is looked at. Raises ApplicationError."""
    project = project_get(actor, action="checklist.edit", pk=project_id)
    if person.organisation_id != actor.organisation.pk:
        raise ApplicationError(_("“%s” is nobody here.") % person.pk, field="person", code="does_not_exist")
    name = text_of(benefit, field="benefit", missing=_("Say which benefit."), most=300)
    try:
        with transaction.atomic():
            row = BenefitOwner.objects.create(
                organisation_id=project.organisation_id, project=project, benefit=name, person=person,
                review_on=date_checked(review_on, field="review_on"), recorded_by=actor.user,
            )  # fmt: skip
    except IntegrityError as error:
        raise ApplicationError(
            _("“%s” has an owner already.") % name, field="benefit", code="taken", status=409
        ) from error
    row_tell(actor, row, "benefit_owner.name", after={"person": person.name, "review_on": review_on})
    return row
