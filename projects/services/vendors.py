"""Vendors: named once in an organisation."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from projects.models import Vendor


@transaction.atomic
def vendor_create(*, actor: Actor, name: str) -> Vendor:
    """Name a vendor. ApplicationError 409 where one of that name is there."""
    actor.require("cost.post")
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise ApplicationError(_("A vendor needs a name of at most 200 characters."), field="name", code="required")
    try:
        with transaction.atomic():
            vendor = Vendor.objects.create(organisation=actor.organisation, name=name)
    except IntegrityError as error:
        raise ApplicationError(_("“%s” is there already.") % name, field="name", code="taken", status=409) from error
    audit_record(actor=actor, action="vendor.create", object_type="vendor", object_id=vendor.pk, label=name)
    return vendor
