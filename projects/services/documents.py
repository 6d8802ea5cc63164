"""Documents of a project: made from a template, written, handed in, approved or returned by somebody else."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.analysis.document_fields import asks_for_money, filled, unknown_fields
from pmo.kit.errors import ApplicationError, Forbidden, NotFound
from pmo.selectors.actors import Actor
from pmo.selectors.document_templates import newest_templates
from projects.models import Document, DocumentVersion
from projects.selectors.documents import document_versions_for, documents_for, sees_money, values_of
from projects.selectors.projects import project_get, projects_for
from projects.services.row_moves import row_move, row_tell, text_of

LONGEST = 200_000
State = DocumentVersion.State


@transaction.atomic
def document_create(*, actor: Actor, project_id: int, template_id: int, name: str = "") -> Document:
    """A draft from the newest version of a template, with its fields filled from the project as it is now.

    Raises ApplicationError naming the field; Forbidden where it holds amounts and the actor may not see money.
    """
    project = project_get(actor, action="document.edit", pk=project_id)
    template = newest_templates(actor).filter(pk=template_id).first()
    if template is None:
        raise ApplicationError(_("There is no such template."), field="template", code="does_not_exist")
    if asks_for_money(template.body) and not sees_money(actor, project):
        raise Forbidden(_("“%s” holds amounts of money, which you may not see here.") % template.name)
    name = text_of(name or template.name, field="name", missing=_("Give a name."), most=200)
    try:
        with transaction.atomic():
            row = Document.objects.create(
                organisation_id=project.organisation_id, project=project, name=name, template=template
            )
    except IntegrityError as error:
        raise ApplicationError(
            _("The project has a document called “%s” already.") % name, field="name", code="taken", status=409
        ) from error
    body = filled(template.body, values_of(project))
    DocumentVersion.objects.create(
        organisation_id=project.organisation_id, project=project, document=row, number=1, body=body, made_by=actor.user
    )
    row_tell(actor, row, "document.create", after={"name": name, "template": template.name})
    return row


@transaction.atomic
def document_write(*, actor: Actor, document_id: int, body: str, seen: int) -> DocumentVersion:
    """Change the draft, or begin the next version after one that was decided. `seen`: revision of the version shown."""
    last = _last(actor, document_id, "document.edit")
    text = text_of(body, field="body", missing=_("A document needs a text."), most=LONGEST)
    unknown = unknown_fields(text)
    if unknown:
        raise ApplicationError(
            _("“%s” cannot stand in double braces here.") % unknown[0][:60], field="body", code="unknown_field"
        )
    if last.state == State.SUBMITTED:
        raise ApplicationError(
            _("It waits for approval; nothing is changed meanwhile."), code="wrong_state", status=409
        )
    if last.state == State.DRAFT:
        row_move(last, seen, states=(State.DRAFT,), body=text, made_by=actor.user, made_at=timezone.now())
        row_tell(actor, last, "document.write", label=last.document.name, after={"number": last.number})
        return last
    if last.version != seen:
        raise ApplicationError(_("Somebody changed this document meanwhile."), code="stale_version", status=409)
    try:
        with transaction.atomic():
            made = DocumentVersion.objects.create(
                organisation_id=last.organisation_id, project=last.project, document=last.document,
                number=last.number + 1, body=text, made_by=actor.user,
            )  # fmt: skip
    except IntegrityError as error:
        raise ApplicationError(
            _("Somebody changed this document meanwhile."), code="stale_version", status=409
        ) from error
    row_tell(actor, made, "document.write", label=made.document.name, after={"number": made.number})
    return made


@transaction.atomic
def document_submit(*, actor: Actor, document_id: int, seen: int) -> DocumentVersion:
    """Hand the draft in."""
    last = _last(actor, document_id, "document.edit")
    row_move(last, seen, states=(State.DRAFT,), state=State.SUBMITTED)
    row_tell(actor, last, "document.submit", label=last.document.name, after={"number": last.number})
    return last


@transaction.atomic
def document_decide(*, actor: Actor, document_id: int, seen: int, approve: bool, reason: str = "") -> DocumentVersion:
    """Approve or return, once: not by who wrote it, never by token. Returning says why."""
    last = _last(actor, document_id, "document.decide")
    if actor.is_token:
        raise Forbidden(_("A token cannot decide."))
    if last.made_by_id == actor.user.pk:
        raise Forbidden(_("You wrote this version; somebody else decides on it."))
    if not approve:
        reason = text_of(reason, field="reason", missing=_("Say what is to be changed."), most=2_000)
    row_move(
        last, seen, states=(State.SUBMITTED,), state=State.APPROVED if approve else State.RETURNED,
        decided_at=timezone.now(), decided_by=actor.user, decision_reason=reason.strip()[:2_000],
    )  # fmt: skip
    row_tell(
        actor, last, "document.approve" if approve else "document.return", label=last.document.name,
        before={"state": State.SUBMITTED}, after={"state": last.state, "number": last.number},
    )  # fmt: skip
    return last


def _last(actor: Actor, document_id: int, action: str) -> DocumentVersion:
    """The newest version. NotFound where the document is not seen, Forbidden where it may only be read."""
    document = documents_for(actor, "document.view").filter(pk=document_id).first()
    if document is None:
        raise NotFound(_("There is no such document here."))
    if not projects_for(actor, action).filter(pk=document.project_id).exists():
        raise Forbidden(_("Your role on this project does not allow this."))
    return document_versions_for(actor, "document.view").filter(document=document).order_by("-number")[:1].get()
