"""Templates of documents. Each change is a version of its own; documents keep the version they were made from."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from pmo.analysis.document_fields import unknown_fields
from pmo.analysis.document_texts import SHIPPED
from pmo.kit.errors import ApplicationError
from pmo.models import DocumentTemplate, Organisation
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record

LONGEST = 100_000


@transaction.atomic
def template_write(*, actor: Actor, name: str, body: str, key: str = "", seen: int | None = None) -> DocumentTemplate:
    """A new template, or with `key` the next version of one; `seen`: the version it was changed from.

    Raises ApplicationError naming a field that does not exist; 409 where somebody wrote a version meanwhile.
    """
    actor.require("standard.edit")
    name, fresh = name.strip(), not key
    key = key or slugify(name)[:60]
    if not name or not key:
        raise ApplicationError(_("Give a name."), field="name", code="required")
    if not body.strip() or len(body) > LONGEST:
        raise ApplicationError(_("A text of at most %d characters is needed.") % LONGEST, field="body", code="required")
    unknown = unknown_fields(body)
    if unknown:
        raise ApplicationError(
            _("“%s” is not a field; the list beside the text shows those there are.") % unknown[0][:60],
            field="body", code="unknown_field",
        )  # fmt: skip
    rows = DocumentTemplate.objects.filter(organisation=actor.organisation, key=key)
    last = rows.aggregate(last=Max("number"))["last"] or 0
    if fresh and last:
        raise ApplicationError(_("“%s” is there already.") % name, field="name", code="taken", status=409)
    if seen is not None and seen != last:
        raise ApplicationError(_("Somebody changed this template meanwhile."), code="stale_version", status=409)
    try:
        with transaction.atomic():
            row = DocumentTemplate.objects.create(
                organisation=actor.organisation, key=key, name=name[:200], number=last + 1, body=body,
                published_at=timezone.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise ApplicationError(
            _("Somebody changed this template meanwhile."), code="stale_version", status=409
        ) from error
    audit_record(
        actor=actor, action="template.write", object_type="documenttemplate", object_id=row.pk,
        label=f"{row.name}, {row.number}", after={"key": key, "number": row.number},
    )  # fmt: skip
    return row


@transaction.atomic
def templates_put_in(*, actor: Actor) -> int:
    """Put in the templates that come along and are not there yet. Answers how many."""
    actor.require("standard.edit")
    made = templates_install(actor.organisation)
    if made:
        audit_record(
            actor=actor, action="template.install", object_type="organisation", object_id=actor.organisation.pk,
            label=actor.organisation.name, after={"templates": made},
        )  # fmt: skip
    return made


def templates_install(organisation: Organisation) -> int:
    """The same, for an organisation in the making."""
    there = set(DocumentTemplate.objects.filter(organisation=organisation).values_list("key", flat=True))
    rows = [
        DocumentTemplate(organisation=organisation, key=key, name=name, body=body, published_at=timezone.now())
        for key, (name, body) in SHIPPED.items()
        if key not in there
    ]
    return len(DocumentTemplate.objects.bulk_create(rows))
