"""The tier model: a new number as a draft, changed, published. A published one never changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.analysis.builtin_tiers import tier_model
from pmo.analysis.standard_fields import Problem
from pmo.analysis.tier_check import tier_model_checked
from pmo.kit.errors import ApplicationError, Forbidden, StaleVersion
from pmo.models import TierModel
from pmo.selectors.actors import Actor
from pmo.selectors.standards import tier_model_get
from pmo.services.audit import audit_record

FIELDS = ("name", "source", "factors", "size_bands", "complexity_bands", "tiers", "grid")


@transaction.atomic
def tier_draft_begin(*, actor: Actor) -> TierModel:
    """The next number as a draft: a copy of the latest, or of the shipped one. 409 where there is a draft already."""
    actor.require("standard.edit")
    models = TierModel.objects.select_for_update().filter(organisation=actor.organisation).order_by("-number")
    latest = models.first()
    if latest is not None and latest.published_at is None:
        raise ApplicationError(
            _("There is a draft already, number %d.") % latest.number, code="draft_exists", status=409
        )
    values = {name: getattr(latest, name) for name in FIELDS} if latest else tier_model()
    draft = TierModel.objects.create(
        organisation=actor.organisation, number=(latest.number if latest else 0) + 1, **values
    )
    _tell(actor, draft, "tier_model.draft")
    return draft


@transaction.atomic
def tier_draft_change(*, actor: Actor, model_id: int, values: Mapping[str, Any], seen: str = "") -> TierModel:
    """Change the draft: any of FIELDS, checked as a whole. `seen`: the digest of what the editor had before them.

    Raises StaleVersion where somebody changed it since, ApplicationError naming the place and value.
    """
    draft = tier_model_get(actor, model_id, action="standard.edit")
    draft = TierModel.objects.select_for_update().get(pk=draft.pk)
    _still_draft(draft)
    if seen and seen != tier_digest(draft):
        raise StaleVersion(
            _("Somebody else changed this draft meanwhile. Nothing of yours was kept: look at what is there now."),
            current_version=draft.number,
        )
    try:
        clean = tier_model_checked({**{name: getattr(draft, name) for name in FIELDS}, **values})
    except Problem as problem:
        raise ApplicationError(str(problem), field=problem.field or None) from None
    for name, value in clean.items():
        setattr(draft, name, value)
    draft.save(update_fields=list(clean))
    _tell(actor, draft, "tier_model.change")
    return draft


@transaction.atomic
def tier_publish(*, actor: Actor, model_id: int) -> TierModel:
    """Measure projects by it from now on; those assessed keep their tier until they are assessed again.

    Never by token. Raises ApplicationError where it is published already or not sound.
    """
    draft = tier_model_get(actor, model_id, action="standard.publish")
    if actor.is_token:
        raise Forbidden(_("A token cannot publish a tier model."))
    _still_draft(draft)
    try:
        tier_model_checked({name: getattr(draft, name) for name in FIELDS})
    except Problem as problem:
        raise ApplicationError(str(problem)) from None
    published = TierModel.objects.filter(pk=draft.pk, published_at__isnull=True).update(published_at=timezone.now())
    if not published:
        raise ApplicationError(_("%s is published already.") % draft, code="published", status=409)
    draft.refresh_from_db()
    _tell(actor, draft, "tier_model.publish")
    return draft


def _still_draft(draft: TierModel) -> None:
    if draft.published_at is not None:
        raise ApplicationError(
            _("%s is published; published ones never change. Begin a new number.") % draft, code="published", status=409
        )


def _tell(actor: Actor, model: TierModel, action: str) -> None:
    audit_record(actor=actor, action=action, object_type="tier_model", object_id=model.pk, label=str(model))


def tier_digest(model: TierModel) -> str:
    """What a form carries to notice that the draft was changed since it was shown."""
    content = json.dumps({name: getattr(model, name) for name in FIELDS}, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:32]
