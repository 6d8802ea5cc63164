"""What people were seen to be able to do: assessments, certificates, development; nothing of it is ever rewritten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.analysis.skills import HIGHEST
from pmo.kit.errors import ApplicationError, Forbidden, NotFound
from pmo.models import Assessment, Certificate, DevelopmentAction, PeerRequest, Person, Skill
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from pmo.selectors.skills import (
    certificates_for,
    development_actions_for,
    person_get,
    requests_to,
    skills_for,
)
from pmo.services.audit import audit_record
from pmo.services.skill_marks import skills_changed

LONGEST: Final = 2_000


def kind_of(actor: Actor, person: Person) -> str:
    """As what the actor judges that person: themselves, or an assessor."""
    return "self" if person.user_id == actor.user.pk else "assessor"


@transaction.atomic
def assessments_record(
    *, actor: Actor, person_id: int, levels: Mapping[int, int], assessed_on: date, evidence: str = ""
) -> list[Assessment]:
    """Record levels by skill: of oneself, or of somebody one may assess. Raises NotFound, Forbidden or refuses."""
    person = person_get(actor, person_id, action="skill.assess")
    return _record(actor, person, kind_of(actor, person), levels, assessed_on, evidence)


def _record(
    actor: Actor, person: Person, kind: str, levels: Mapping[int, int], on: date, evidence: str
) -> list[Assessment]:
    names = dict(Skill.objects.filter(organisation=actor.organisation, framework__retired_at__isnull=True)
                 .values_list("pk", "name"))  # fmt: skip
    if not levels:
        raise ApplicationError(_("Choose a level in at least one skill."), field="levels", code="required")
    for skill, level in levels.items():
        if skill not in names:
            raise ApplicationError(_("There is no such skill."), field="skill", code="does_not_exist")
        if not 0 <= level <= HIGHEST:
            raise ApplicationError(
                _("%(skill)s: “%(level)d” is not a level from 0 to 5.") % {"skill": names[skill], "level": level},
                field="level",
                code="invalid",
            )
    if on > today_in(actor.organisation):
        raise ApplicationError(
            _("%s is still to come: say the day on which it was judged.") % on, field="assessed_on", code="future"
        )
    evidence = _text(evidence, "evidence")
    if kind == "assessor" and not evidence:
        raise ApplicationError(
            _("Say what it rests on: what was seen, when, in which work."), field="evidence", code="required"
        )
    rows = [
        Assessment(
            organisation=actor.organisation, person=person, skill_id=skill, kind=kind, level=level, assessed_on=on,
            evidence=evidence, recorded_by=actor.user,
        )
        for skill, level in levels.items()
    ]  # fmt: skip
    made = Assessment.objects.bulk_create(rows)
    audit_record(
        actor=actor, action="assessment.record", object_type="assessment", object_id=person.pk, label=person.name,
        after={"kind": kind, "on": on, "skills": len(made)},
    )  # fmt: skip
    skills_changed(actor.organisation.pk, person.pk)
    return made


@transaction.atomic
def peer_ask(*, actor: Actor, person_id: int, peer: Person) -> PeerRequest:
    """Ask a colleague with an account to judge somebody: oneself, or whom one may assess. Once until answered."""
    person = person_get(actor, person_id, action="skill.assess")
    if peer.user_id is None:
        raise ApplicationError(_("%s has no account here and cannot be asked.") % peer, field="peer", code="no_account")
    if peer.pk == person.pk:
        raise ApplicationError(_("Nobody is their own peer: choose a colleague."), field="peer", code="invalid")
    request, new = PeerRequest.objects.get_or_create(
        organisation=actor.organisation, person=person, peer=peer, answered_at=None, defaults={"asked_by": actor.user}
    )
    if not new:
        raise ApplicationError(_("%s has been asked and has not answered yet.") % peer, field="peer", code="asked")
    audit_record(
        actor=actor, action="peer_request.create", object_type="peer_request", object_id=request.pk,
        label=f"{person} – {peer}",
    )  # fmt: skip
    return request


@transaction.atomic
def peer_answer(
    *, actor: Actor, request_id: int, levels: Mapping[int, int], assessed_on: date, evidence: str = ""
) -> list[Assessment]:
    """Judge a colleague as one was asked to: in one's own name, never by token, once."""
    if actor.is_token:
        raise Forbidden(_("A token cannot judge a colleague."))
    request = requests_to(actor).filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    made = _record(actor, request.person, "peer", levels, assessed_on, evidence)
    if not PeerRequest.objects.filter(pk=request.pk, answered_at__isnull=True).update(answered_at=timezone.now()):
        raise ApplicationError(_("This was answered already."), code="answered", status=409)
    return made


@transaction.atomic
def certificate_add(*, actor: Actor, person_id: int, values: Mapping[str, Any]) -> Certificate:
    """Enter a certificate: name, issuer, number, issued_on, expires_on, skill and the level it evidences."""
    person = person_get(actor, person_id, action="skill.assess")
    given = {"issuer": "", "number": "", "expires_on": None, "skill": None, "level": None, **values}
    if not str(given["name"]).strip():
        raise ApplicationError(_("A certificate has a name."), field="name", code="required")
    if given["expires_on"] and given["expires_on"] < given["issued_on"]:
        raise ApplicationError(
            _("It cannot end on %(end)s, before it was issued on %(issued)s.")
            % {"end": given["expires_on"], "issued": given["issued_on"]},
            field="expires_on",
            code="invalid",
        )
    if given["issued_on"] > today_in(actor.organisation):
        raise ApplicationError(_("%s is still to come.") % given["issued_on"], field="issued_on", code="future")
    if (given["skill"] is None) != (given["level"] is None):
        raise ApplicationError(
            _("A certificate evidences a level in a skill: give both, or neither."), field="level", code="invalid"
        )
    if given["level"] is not None and not 0 <= given["level"] <= HIGHEST:
        raise ApplicationError(_("“%d” is not a level from 0 to 5.") % given["level"], field="level", code="invalid")
    if kind_of(actor, person) == "self" and given["level"] is not None:
        raise ApplicationError(
            _("Which level a certificate evidences is for an assessor to say; leave skill and level empty."),
            field="level",
            code="not_yours",
        )
    made = Certificate.objects.create(organisation=actor.organisation, person=person, **given)
    skills_changed(actor.organisation.pk, person.pk)
    _tell(actor, "certificate.add", "certificate", made.pk, f"{person}: {made.name}")
    return made


@transaction.atomic
def certificate_withdraw(*, actor: Actor, certificate_id: int) -> Certificate:
    """From now on it does not count. 409 where it does not count already."""
    found = certificates_for(actor, "skill.view").filter(pk=certificate_id).first()
    if found is None:
        raise NotFound()
    person_get(actor, found.person_id, action="skill.assess")
    now = timezone.now()
    if not Certificate.objects.filter(pk=found.pk, withdrawn_at__isnull=True).update(withdrawn_at=now):
        raise ApplicationError(_("“%s” is withdrawn already.") % found.name, code="withdrawn", status=409)
    found.withdrawn_at = now
    skills_changed(actor.organisation.pk, found.person_id)
    _tell(actor, "certificate.withdraw", "certificate", found.pk, f"{found.person}: {found.name}")
    return found


@transaction.atomic
def development_plan(
    *, actor: Actor, person_id: int, skill_id: int, target_level: int, text: str, due: date | None = None
) -> DevelopmentAction:
    """Plan what closes a gap."""
    person = person_get(actor, person_id, action="skill.assess")
    skill = skills_for(actor, "skill.view").filter(pk=skill_id).first()
    if skill is None:
        raise ApplicationError(_("There is no such skill."), field="skill", code="does_not_exist")
    if not 1 <= target_level <= HIGHEST:
        raise ApplicationError(_("Aim at a level from 1 to 5."), field="target_level", code="invalid")
    if not text.strip():
        raise ApplicationError(_("Say what is to be done."), field="text", code="required")
    made = DevelopmentAction.objects.create(
        organisation=actor.organisation, person=person, skill=skill, target_level=target_level,
        text=text.strip()[:500], due=due,
    )  # fmt: skip
    _tell(actor, "development.plan", "development_action", made.pk, f"{person}: {made.text}")
    return made


@transaction.atomic
def development_turn(*, actor: Actor, action_id: int, version: int, state: str) -> DevelopmentAction:
    """Say how far it has come: planned, under way, done or dropped. 409 where somebody was sooner."""
    found = development_actions_for(actor, "skill.view").filter(pk=action_id).first()
    if found is None:
        raise NotFound()
    person_get(actor, found.person_id, action="skill.assess")
    if state not in DevelopmentAction.State.values:
        raise ApplicationError(_("There is no state “%s”.") % state[:20], field="state", code="invalid")
    held = DevelopmentAction.objects.filter(pk=found.pk, version=version)
    if not held.update(state=state, version=version + 1):
        raise ApplicationError(
            _("Somebody else changed this meanwhile: look at what is there now."), code="stale_version", status=409
        )
    before, found.state, found.version = found.state, state, version + 1
    audit_record(
        actor=actor, action="development.turn", object_type="development_action", object_id=found.pk,
        label=f"{found.person}: {found.text}", before={"state": before}, after={"state": state},
    )  # fmt: skip
    return found


def _text(given: str, field: str) -> str:
    text = given.strip()
    if len(text) > LONGEST:
        raise ApplicationError(
            _("It has %(signs)d signs; at most %(most)d are taken.") % {"signs": len(text), "most": LONGEST},
            field=field,
            code="too_long",
        )
    return text


def _tell(actor: Actor, action: str, kind: str, pk: int, label: str) -> None:
    audit_record(actor=actor, action=action, object_type=kind, object_id=pk, label=label)
