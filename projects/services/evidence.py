"""Evidence: a link or a file that shows what was done. Kept for good; withdrawn with a reason, never changed."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, NotFound
from pmo.selectors.actors import Actor
from projects.models import Evidence, GateReview
from projects.selectors.checklist import activities_for, deliverables_for, reviews_for, row_get
from projects.services.lifecycle_marks import requirements_changed
from projects.services.row_moves import row_tell, text_of

LARGEST = 25 * 1024 * 1024


@transaction.atomic
def evidence_add(
    *,
    actor: Actor,
    kind: str,
    object_id: int,
    title: str,
    url: str = "",
    upload: File[Any] | None = None,
    criterion: str = "",
) -> Evidence:
    """Attach a link or a file to an activity, a deliverable, or a criterion of a gate review in preparation.

    Raises ApplicationError naming the field: one of the two is needed, a link is http or https, a file is at most
    LARGEST bytes.
    """
    target = _target(actor, kind, object_id)
    url = url.strip()
    if bool(url) == (upload is not None):
        raise ApplicationError(_("Give either a link or a file."), field="url", code="required")
    if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc or len(url) > 500):
        raise ApplicationError(_("“%s” is not a web address.") % url[:80], field="url", code="invalid")
    kept = {"url": url} if upload is None else _kept(upload, actor.organisation.pk)
    name = title.strip() or (upload.name if upload is not None and upload.name else url)
    row = Evidence.objects.create(
        organisation_id=target.organisation_id, project_id=target.project_id, title=name[:200],
        criterion=criterion[:60], added_by=actor.user, **{kind: target}, **kept,
    )  # fmt: skip
    row_tell(actor, row, "evidence.add", after={kind: str(target), "title": row.title, "url": row.url})
    requirements_changed(row.organisation_id, [row.project_id])
    return row


@transaction.atomic
def evidence_withdraw(*, actor: Actor, evidence_id: int, reason: str) -> Evidence:
    """Take evidence back by a new row that says why. Raises ApplicationError 409 where that was done already."""
    row = row_get(Evidence.objects.select_related("project"), actor, evidence_id, "checklist.edit")
    why = text_of(reason, field="reason", missing=_("Say why it no longer counts."), most=200)
    if row.withdraws_id is not None or Evidence.objects.filter(withdraws=row).exists():
        raise ApplicationError(_("“%s” is withdrawn already.") % row, code="wrong_state", status=409)
    gone = Evidence.objects.create(
        organisation_id=row.organisation_id, project_id=row.project_id, activity=row.activity,
        deliverable=row.deliverable, review=row.review, criterion=row.criterion, title=why, withdraws=row,
        added_by=actor.user,
    )  # fmt: skip
    row_tell(actor, row, "evidence.withdraw", after={"reason": why})
    requirements_changed(row.organisation_id, [row.project_id])
    return gone


def _target(actor: Actor, kind: str, object_id: int) -> Any:
    if kind == "activity":
        return row_get(activities_for(actor, "project.view"), actor, object_id, "checklist.edit")
    if kind == "deliverable":
        return row_get(deliverables_for(actor, "project.view"), actor, object_id, "checklist.edit")
    if kind != "review":
        raise NotFound
    review = row_get(reviews_for(actor, "project.view"), actor, object_id, "gate.prepare")
    if review.state != GateReview.State.DRAFT:
        raise ApplicationError(_("“%s” is handed in already.") % review, code="wrong_state", status=409)
    return review


def _kept(upload: File[Any], organisation_id: int) -> dict[str, Any]:
    size = upload.size or 0
    if not 0 < size <= LARGEST:
        raise ApplicationError(
            _("“%(name)s” is empty or larger than %(most)d MB.")
            % {"name": upload.name, "most": LARGEST // (1024 * 1024)},
            field="upload",
            code="too_large",
        )
    digest = hashlib.sha256()
    for part in upload.chunks():
        digest.update(part)
    upload.seek(0)
    name = PurePosixPath((upload.name or "file").replace("\\", "/")).name[-100:]
    path = default_storage.save(f"evidence/{organisation_id}/{digest.hexdigest()[:12]}/{name}", upload)
    return {"file": path, "sha256": digest.hexdigest(), "size": size}
