"""Policies and procedures: written as drafts, published with the day they bind from, acknowledged by those bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.analysis.permissions import READ_ONLY_ROLES, ROLES
from pmo.analysis.standard_fields import Problem, Spec, read_fields
from pmo.kit.errors import ApplicationError, Forbidden, StaleVersion
from pmo.models import Person, Policy, PolicyAcknowledgement, PolicyVersion
from pmo.selectors.actors import Actor
from pmo.selectors.clock import today_in
from pmo.selectors.policies import in_force, policy_get, policy_version_get
from pmo.services.audit import audit_record
from pmo.services.policy_marks import policies_changed

LONGEST_TEXT: Final = 60_000
MOST_DAYS: Final = 365
BINDABLE: Final = tuple(role for role in ROLES if role not in READ_ONLY_ROLES)
ABOUT: Final[Mapping[str, Spec]] = {
    "slug": Spec("slug", required=True, most=60),
    "name": Spec(required=True, most=200),
    "kind": Spec("choice", choices=tuple(Policy.Kind.values), default="policy"),
}
TEXT: Final[Mapping[str, Spec]] = {
    "text": Spec(required=True, most=LONGEST_TEXT, lines=True),
    "summary": Spec(most=2_000, lines=True),
    "binds_roles": Spec("roles", most=len(ROLES), default=()),
    "acknowledge_within_days": Spec("whole", least=0, most=MOST_DAYS, default=14),
}


def _read(specs: Mapping[str, Spec], values: Mapping[str, Any], *, partial: bool = False) -> dict[str, Any]:
    try:
        clean = read_fields(specs, "policy", values, partial=partial)
    except Problem as problem:
        raise ApplicationError(str(problem), field=problem.field or None) from None
    for role in clean.get("binds_roles", ()):
        if role not in BINDABLE:
            raise ApplicationError(
                _("A policy cannot bind the role “%s”: only those who work here can acknowledge.") % role,
                field="binds_roles",
                code="unknown_choice",
            )
    if "binds_roles" in clean:
        clean["binds_roles"] = list(clean["binds_roles"])
    return clean


@transaction.atomic
def policy_create(
    *, actor: Actor, about: Mapping[str, Any], text: Mapping[str, Any], owner: Person | None = None
) -> Policy:
    """A new policy with its first draft. `about`: slug, name, kind; `text`: text, summary, binds_roles,
    acknowledge_within_days."""
    actor.require("policy.edit")
    clean, written = _read(ABOUT, about), _read(TEXT, text)
    if Policy.objects.filter(organisation=actor.organisation, slug=clean["slug"]).exists():
        raise ApplicationError(
            _("There is a policy with the key “%s” already.") % clean["slug"], field="slug", code="taken"
        )
    policy = Policy.objects.create(organisation=actor.organisation, owner=owner, **clean)
    version = PolicyVersion.objects.create(organisation=actor.organisation, policy=policy, number=1, **written)
    _tell(actor, version, "policy.create")
    return policy


@transaction.atomic
def policy_draft_begin(*, actor: Actor, policy_id: int) -> PolicyVersion:
    """The next version as a draft, a copy of the latest. 409 where there is one already."""
    policy = policy_get(actor, policy_id, action="policy.edit")
    Policy.objects.select_for_update().get(pk=policy.pk)
    latest = policy.versions.order_by("-number").first()
    if latest is not None and latest.published_at is None:
        raise ApplicationError(
            _("%(policy)s has a draft already, version %(number)d.") % {"policy": policy, "number": latest.number},
            code="draft_exists", status=409,
        )  # fmt: skip
    copied = {name: getattr(latest, name) for name in ("text", "binds_roles", "acknowledge_within_days")}
    version = PolicyVersion.objects.create(
        organisation=actor.organisation, policy=policy, number=(latest.number if latest else 0) + 1, **copied
    )
    _tell(actor, version, "policy.draft")
    return version


@transaction.atomic
def policy_draft_change(*, actor: Actor, version_id: int, revision: int, values: Mapping[str, Any]) -> PolicyVersion:
    """Change the fields given of a draft. Raises StaleVersion, or ApplicationError 409 where it is published."""
    version = _held(actor, version_id, revision, "policy.edit")
    clean = _read(TEXT, values, partial=True)
    for name, value in clean.items():
        setattr(version, name, value)
    if clean:
        version.save(update_fields=list(clean))
    _tell(actor, version, "policy.change")
    return version


@transaction.atomic
def policy_draft_discard(*, actor: Actor, version_id: int, revision: int) -> None:
    """Throw a draft away; a policy that was never published goes with it."""
    version = _held(actor, version_id, revision, "policy.edit")
    _tell(actor, version, "policy.discard")
    policy = version.policy
    version.delete()
    if not policy.versions.exists():
        policy.delete()


@transaction.atomic
def policy_publish(*, actor: Actor, version_id: int, revision: int, effective_on: date, summary: str) -> PolicyVersion:
    """Put a draft in force from a day on. Those bound have `acknowledge_within_days` from then. Never by token."""
    version = policy_version_get(actor, version_id, action="policy.publish")
    if actor.is_token:
        raise Forbidden(_("A token cannot publish a policy."))
    if not summary.strip():
        raise ApplicationError(_("Say in a sentence what is new in it."), field="summary", code="required")
    if not date(2000, 1, 1) <= effective_on < date(2200, 1, 1):
        raise ApplicationError(
            _("%s is not a date anybody means.") % effective_on.isoformat(), field="effective_on", code="out_of_range"
        )
    version = _held(actor, version_id, revision, "policy.publish")
    earlier = version.policy.versions.filter(published_at__isnull=False).order_by("-number").first()
    if earlier is not None and earlier.effective_on is not None and effective_on < earlier.effective_on:
        raise ApplicationError(
            _("Version %(number)d binds from %(day)s; the next cannot bind from an earlier day.")
            % {"number": earlier.number, "day": earlier.effective_on.isoformat()},
            field="effective_on", code="out_of_range",
        )  # fmt: skip
    version.summary, version.effective_on = summary.strip()[:2_000], effective_on
    version.published_at, version.published_by = timezone.now(), actor.user
    version.save()
    _tell(actor, version, "policy.publish")
    policies_changed(actor.organisation.pk)
    return version


@transaction.atomic
def policy_withdraw(*, actor: Actor, policy_id: int, withdrawn: bool) -> Policy:
    """Let it bind nobody any more, or again."""
    policy = policy_get(actor, policy_id, action="policy.publish")
    if actor.is_token:
        raise Forbidden(_("A token cannot withdraw a policy."))
    policy.withdrawn_at = timezone.now() if withdrawn else None
    policy.save(update_fields=["withdrawn_at"])
    action = "policy.withdraw" if withdrawn else "policy.restore"
    audit_record(actor=actor, action=action, object_type="policy", object_id=policy.pk, label=policy.name)
    policies_changed(actor.organisation.pk)
    return policy


@transaction.atomic
def policy_acknowledge(*, actor: Actor, version_id: int) -> PolicyAcknowledgement:
    """“I have read this”, of the version in force, in one's own name. Twice is once; never by token."""
    version = policy_version_get(actor, version_id)
    actor.require("policy.acknowledge")
    if actor.is_token:
        raise Forbidden(_("Reading is done in person: a token cannot acknowledge."))
    current = next(
        (each for each in in_force(actor.organisation.pk, today_in(actor.organisation))
         if each.policy_id == version.policy_id), None,
    )  # fmt: skip
    if current is None or current.pk != version.pk:
        raise ApplicationError(
            _("%s is not in force; read the version that is.") % version, code="not_in_force", status=409
        )
    made, fresh = PolicyAcknowledgement.objects.get_or_create(
        organisation=actor.organisation, version=version, user=actor.user
    )
    if fresh:
        audit_record(
            actor=actor, action="policy.acknowledge", object_type="policy_version", object_id=version.pk,
            label=str(version),
        )  # fmt: skip
    policies_changed(actor.organisation.pk, actor.user.pk)
    return made


def _held(actor: Actor, version_id: int, revision: int, action: str) -> PolicyVersion:
    version = policy_version_get(actor, version_id, action=action)
    held = PolicyVersion.objects.filter(pk=version.pk, published_at__isnull=True, revision=revision)
    if held.update(revision=F("revision") + 1):
        version.refresh_from_db(fields=["revision"])
        return version
    version.refresh_from_db(fields=["revision", "published_at"])
    if version.published_at is not None:
        raise ApplicationError(
            _("%s is published; published versions never change. Begin a new version.") % version,
            code="published", status=409,
        )  # fmt: skip
    raise StaleVersion(
        _("Somebody else changed this draft meanwhile. Nothing of yours was kept: look at what is there now."),
        current_version=version.revision,
    )


def _tell(actor: Actor, version: PolicyVersion, action: str) -> None:
    after: dict[str, Sequence[str] | object] = {
        "summary": version.summary, "binds_roles": version.binds_roles, "effective_on": version.effective_on,
    }  # fmt: skip
    audit_record(
        actor=actor, action=action, object_type="policy_version", object_id=version.pk, label=str(version), after=after
    )
