"""Changing a row under its version, once: the conditional UPDATE that every decision about a checklist goes through."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Model
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, StaleVersion
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record


def row_move(row: Any, version: int | None, *, states: tuple[str, ...] = (), **values: Any) -> None:
    """UPDATE where the version (if one is given) and the state are still as expected; then the row has the new values.

    Raises StaleVersion, or ApplicationError 409 where its state does not allow it.
    """
    rows = type(row)._default_manager.filter(pk=row.pk)
    if states:
        rows = rows.filter(state__in=states)
    if version is not None:
        rows = rows.filter(version=version)
    changed = rows.update(version=F("version") + 1, **values)
    row.refresh_from_db()
    if changed:
        return
    if version is not None and row.version != version:
        raise StaleVersion(_("Somebody changed “%s” meanwhile.") % row, current_version=row.version)
    raise ApplicationError(
        _("“%(row)s” is %(state)s; that cannot be done to it now.")
        % {"row": row, "state": row.get_state_display().lower()},
        code="wrong_state",
        status=409,
    )


def row_tell(actor: Actor, row: Model, action: str, *, before: Any = None, after: Any = None, label: str = "") -> None:
    """Audit a change of something of a project."""
    project = row.project  # type: ignore[attr-defined]
    audit_record(
        actor=actor,
        action=action,
        object_type=row._meta.model_name or "",
        object_id=row.pk,
        label=f"{project.code}: {label or row}",
        project_id=project.pk,
        before=before,
        after=after,
    )


def text_of(value: str, *, field: str, missing: str, most: int = 10_000) -> str:
    """A text that must be there. Raises ApplicationError with the sentence `missing`."""
    text = value.strip()
    if not text:
        raise ApplicationError(missing, field=field, code="required")
    if len(text) > most:
        raise ApplicationError(_("At most %d characters.") % most, field=field, code="too_long")
    return text
