"""Moving projects to another version of their standard: many as background work, undone by one action."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, NotFound
from pmo.models import StandardVersion
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record
from pmo.services.outbox import HANDLERS, Handler, owe
from projects.models import Project, TailoringChange
from projects.selectors.tailoring import plans_for, target_of
from projects.services.checklists import changes_undo, plans_apply
from projects.services.lifecycle_marks import requirements_changed

MOVE: Final = "standard-move"
UNDO: Final = "standard-move-undo"
MOST: Final = 10_000
State = TailoringChange.State


@transaction.atomic
def standard_move(*, actor: Actor, version_id: int, project_ids: Sequence[int]) -> str:
    """Have the projects moved to a published version by a worker. Answers the name of the batch, by which its progress
    is read and it is undone. Raises ApplicationError where one of them is unknown or follows that version already."""
    actor.require("standard.move")
    version = version_open(actor, version_id)
    ids = sorted(set(project_ids))
    if not 0 < len(ids) <= MOST:
        raise ApplicationError(_("Choose between one and %d projects.") % MOST, field="projects", code="out_of_range")
    rows = Project.objects.filter(organisation=actor.organisation, pk__in=ids)
    known = dict(rows.values_list("pk", "standard_version_id"))
    for pk in ids:
        if pk not in known:
            raise ApplicationError(_("“%s” is no project here.") % pk, field="projects", code="does_not_exist")
    ids = [pk for pk in ids if known[pk] != version.pk]
    if not ids:
        raise ApplicationError(
            _("They follow %s already.") % version, field="projects", code="nothing_to_do", status=409
        )
    batch = secrets.token_hex(8)
    made = TailoringChange.objects.bulk_create(
        [
            TailoringChange(
                organisation=actor.organisation, project_id=pk, cause="version", batch=batch, proposed_by=actor.user,
                before={"version": known[pk]}, after={"version": version.pk},
            )
            for pk in ids
        ],
        batch_size=1_000,
    )  # fmt: skip
    owe(MOVE, actor.organisation.pk, [row.pk for row in made])
    audit_record(
        actor=actor, action="standard.move", object_type="standardversion", object_id=version.pk, label=str(version),
        after={"projects": len(ids), "batch": batch},
    )  # fmt: skip
    return batch


@transaction.atomic
def standard_move_undo(*, actor: Actor, batch: str) -> int:
    """Take a whole move back, by a worker. Answers how many projects. Refused where one of them was moved or tailored
    anew since; that comes first."""
    actor.require("standard.move")
    mine = TailoringChange.objects.filter(organisation=actor.organisation, batch=batch).exclude(batch="")
    if not mine.exists():
        raise NotFound
    rows = list(mine.filter(state__in=(State.ACCEPTED, State.PROPOSED)).values_list("pk", "project_id"))
    if not rows:
        raise ApplicationError(_("This move is undone already."), code="wrong_state", status=409)
    since = TailoringChange.objects.filter(
        organisation=actor.organisation, state=State.ACCEPTED, project_id__in=[project for _pk, project in rows],
        decided_at__isnull=False, pk__gt=max(pk for pk, _project in rows),
    ).select_related("project")  # fmt: skip
    later = since.exclude(batch=batch).first()
    if later is not None:
        raise ApplicationError(
            _("%s was moved or tailored anew since; undo that first.") % later.project.code,
            code="changed_since",
            status=409,
        )
    mine.filter(state=State.PROPOSED).update(state=State.UNDONE, decided_at=timezone.now(), decided_by=actor.user)
    owe(UNDO, actor.organisation.pk, list(mine.filter(state=State.ACCEPTED).values_list("pk", flat=True)))
    mine.filter(state=State.ACCEPTED).update(decided_by=actor.user)
    audit_record(
        actor=actor, action="standard.move_undo", object_type="tailoringchange", object_id=batch, label=batch,
        after={"projects": len(rows)},
    )  # fmt: skip
    return len(rows)


def version_open(actor: Actor, version_id: int) -> StandardVersion:
    """A published version of a standard in use in the actor's organisation."""
    rows = StandardVersion.objects.filter(organisation=actor.organisation, published_at__isnull=False)
    version = rows.filter(pk=version_id, standard__retired_at__isnull=True).select_related("standard").first()
    if version is None:
        raise ApplicationError(_("That is no published version of a standard in use."), field="version", code="invalid")
    return version


def _lock(organisation_id: int, ids: Sequence[int]) -> list[int]:
    """Lock the changes, skipping those another worker has; gone ones are answered too, so that their marks go."""
    rows = TailoringChange.objects.filter(organisation_id=organisation_id, pk__in=ids)
    there = set(rows.values_list("pk", flat=True))
    held = rows.select_for_update(skip_locked=connection.vendor == "postgresql").order_by("pk")
    return [*held.values_list("pk", flat=True), *sorted(set(ids) - there)]


def moves_run(organisation_id: int, ids: Sequence[int]) -> None:
    """Move the projects of these changes. What is moved already stays as it is."""
    rows = TailoringChange.objects.filter(organisation_id=organisation_id, pk__in=ids, state=State.PROPOSED)
    by_version: dict[int, list[TailoringChange]] = {}
    for row in rows.order_by("pk"):
        by_version.setdefault(row.after["version"], []).append(row)
    for version_id, mine in by_version.items():
        version = StandardVersion.objects.select_related("standard").get(pk=version_id)
        plans = plans_for(organisation_id, [row.project_id for row in mine], version=version)
        told = {plan.project_id: plan.told for plan in plans}
        done = plans_apply(plans)
        now = timezone.now()
        for row in mine:
            kept: dict[str, Any] = done.get(row.project_id, {"before": row.before, "after": row.after})
            row.before, row.after, row.diff = kept["before"], kept["after"], told.get(row.project_id, [])
            row.state, row.decided_at, row.decided_by_id = State.ACCEPTED, now, row.proposed_by_id
        TailoringChange.objects.bulk_update(
            mine, ["before", "after", "diff", "state", "decided_at", "decided_by"], batch_size=100
        )


def undo_run(organisation_id: int, ids: Sequence[int]) -> None:
    """Take the moves of these changes back. What is undone already stays as it is."""
    rows = TailoringChange.objects.filter(organisation_id=organisation_id, pk__in=ids, state=State.ACCEPTED)
    by_version: dict[int, list[TailoringChange]] = {}
    for row in rows.order_by("pk"):
        by_version.setdefault(row.before["version"], []).append(row)
    for version_id, mine in by_version.items():
        target = target_of(StandardVersion.objects.select_related("standard").get(pk=version_id))
        changes_undo(target, [(row.project_id, row.before, row.after) for row in mine])
        requirements_changed(organisation_id, [row.project_id for row in mine])
    rows.update(state=State.UNDONE, decided_at=timezone.now())


HANDLERS.add(MOVE, Handler(MOVE, _lock, moves_run, batch=100))
HANDLERS.add(UNDO, Handler(UNDO, _lock, undo_run, batch=100))
