"""Size and complexity of a project, and what another tier changes: proposed as a difference, accepted or waived."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.analysis.tailoring import SizeFacts, TierResult, number, tier_model_content, tier_of
from pmo.kit.errors import ApplicationError, Forbidden
from pmo.models import TierModel
from pmo.selectors.actors import Actor
from projects.models import ComplexityAssessment, Project, TailoringChange
from projects.selectors.projects import project_get
from projects.selectors.tailoring import Plan, plans_for, tier_model_now
from projects.services.budget_lines import project_held
from projects.services.checklists import plans_apply
from projects.services.row_moves import row_tell, text_of

State = TailoringChange.State
MEASURES = ("budget", "months", "team")


def tier_found(model: TierModel, answers: Mapping[str, Any], size: Mapping[str, Any]) -> TierResult:
    """The tier that the model gives to these answers and this size."""
    content = tier_model_content(
        {name: getattr(model, name) for name in ("factors", "size_bands", "complexity_bands", "grid")}
    )
    return tier_of(content, {key: int(value) for key, value in answers.items()}, size_facts(size))


def size_facts(size: Mapping[str, Any]) -> SizeFacts:
    """The measures as facts: a budget as Decimal, whole months and people. Raises ApplicationError naming the value."""
    found: dict[str, Any] = {}
    for name in MEASURES:
        value = size.get(name)
        if value in (None, ""):
            continue
        read = number(str(value))
        if read is None or read < 0 or read > Decimal(10) ** 13 or (name != "budget" and read != int(read)):
            raise ApplicationError(_("“%s” is not a size.") % value, field=name, code="invalid")
        found[name] = read if name == "budget" else int(read)
    return SizeFacts(**found)


@transaction.atomic
def complexity_assess(
    *, actor: Actor, project_id: int, answers: Mapping[str, Any], size: Mapping[str, Any], reason: str = ""
) -> tuple[ComplexityAssessment, TailoringChange | None]:
    """Keep the answered questionnaire with the tier that follows. Where that is another one than the project has, the
    difference it makes is proposed as well; an earlier proposal of the kind is void then.

    Raises ApplicationError naming the question that is not answered, or saying why there is no tier.
    """
    project = project_get(actor, action="tailoring.edit", pk=project_id)
    project_held(project.pk)
    row = assessment_record(actor, project, answers, size, reason)
    TailoringChange.objects.filter(project=project, cause="tier", state=State.PROPOSED).update(
        state=State.UNDONE, reason=_("Assessed anew."), decided_at=timezone.now()
    )
    if row.tier == project.tier:
        return row, None
    return row, _propose(actor, project, row.tier)


def assessment_record(
    actor: Actor, project: Project, answers: Mapping[str, Any], size: Mapping[str, Any], reason: str = ""
) -> ComplexityAssessment:
    """Check and keep an assessment. Call in a transaction."""
    model = tier_model_now(project.organisation_id)
    if model is None:
        raise ApplicationError(_("This organisation has no published tier model."), code="no_tier_model", status=409)
    found = tier_found(model, answers, size)
    if found.missing:
        raise ApplicationError(_("This question is not answered."), field=found.missing[0], code="required")
    if found.tier is None or found.score is None:
        raise ApplicationError(found.reason, field="budget", code="no_tier")
    facts = size_facts(size)
    row = ComplexityAssessment.objects.create(
        organisation_id=project.organisation_id, project=project, tier_model=model,
        answers={key: int(value) for key, value in answers.items()},
        size={name: str(value) if name == "budget" else value for name in MEASURES
              if (value := getattr(facts, name)) is not None},
        score=found.score, complexity=found.complexity, size_band=found.size_band, tier=found.tier,
        reason=reason.strip()[:10_000], recorded_by=actor.user,
    )  # fmt: skip
    row_tell(
        actor, row, "complexity.assess", label=_("tier %d") % found.tier,
        after={"tier": found.tier, "score": found.score, "answers": row.answers, "size": row.size},
    )  # fmt: skip
    return row


def _propose(actor: Actor, project: Project, tier: int) -> TailoringChange:
    plan = plans_for(project.organisation_id, [project.pk], tiers={project.pk: tier})[0]
    row = TailoringChange.objects.create(
        organisation_id=project.organisation_id, project=project, cause="tier", proposed_by=actor.user, diff=plan.told,
        before={"version": plan.version_before, "tier": plan.tier_before},
        after={"version": plan.target.id, "tier": tier},
    )  # fmt: skip
    row_tell(actor, row, "tailoring.propose", label=_("tier %d") % tier, after={"changes": len(plan.told)})
    return row


@transaction.atomic
def tailoring_decide(*, actor: Actor, change_id: int, accept: bool, reason: str = "") -> TailoringChange:
    """Accept a proposed change of tier: the checklist follows, and nothing that was done is lost. Or waive it, with the
    reason, which takes the right to decide on waivers and is not for who proposed it. Once; never by token."""
    row = (
        TailoringChange.objects.filter(organisation=actor.organisation, pk=change_id).select_related("project").first()
    )
    project = project_get(
        actor, action="tailoring.edit" if accept else "waiver.decide", pk=row.project_id if row is not None else 0
    )
    assert row is not None
    if actor.is_token:
        raise Forbidden(_("A token cannot decide."))
    if not accept:
        reason = text_of(reason, field="reason", missing=_("Say why the project stays in its tier."))
        if row.proposed_by_id == actor.user.pk:
            raise Forbidden(_("You made this assessment; somebody else has to waive what follows from it."))
    done = TailoringChange.objects.filter(pk=row.pk, state=State.PROPOSED, batch="").update(
        state=State.ACCEPTED if accept else State.WAIVED, decided_at=timezone.now(), decided_by=actor.user,
        reason=reason.strip()[:10_000],
    )  # fmt: skip
    row.refresh_from_db()
    if not done:
        raise ApplicationError(
            _("This change is %s already.") % row.get_state_display().lower(), code="wrong_state", status=409
        )
    if accept:
        tier_apply(row, project)
    action = "tailoring.accept" if accept else "tailoring.waive"
    row_tell(actor, row, action, label=_("tier %d") % row.after["tier"], after={"reason": row.reason})
    return row


def tier_apply(row: TailoringChange, project: Project) -> None:
    """Make an accepted change of tier true, and keep what undoes it. Call in a transaction."""
    plan = plans_for(project.organisation_id, [project.pk], tiers={project.pk: row.after["tier"]})[0]
    kept = plans_apply([plan])[project.pk]
    TailoringChange.objects.filter(pk=row.pk).update(diff=plan.told, **kept)


def tier_follow(actor: Actor, project_id: int, organisation_id: int, before: int | None) -> Plan | None:
    """The tier was set by hand: let the checklist follow and keep the change on record. Call in a transaction."""
    plan = plans_for(organisation_id, [project_id])[0]
    if not plan.changes:
        return None
    kept = plans_apply([plan])[project_id]
    kept["before"]["tier"] = before
    TailoringChange.objects.create(
        organisation_id=organisation_id, project_id=project_id, cause="tier", state=State.ACCEPTED, diff=plan.told,
        proposed_by=actor.user, decided_by=actor.user, decided_at=timezone.now(), reason=_("The tier was set by hand."),
        **kept,
    )  # fmt: skip
    return plan
