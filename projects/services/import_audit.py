"""What an import changes of projects, told in the log of changes as if it had been entered by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pmo.selectors.actors import Actor
from pmo.services.audit import Told, audit_record_all
from projects.models import Project
from projects.services.import_projects import ProjectChange

Undone = tuple[Project, dict[str, Any], dict[str, Any]]  # a project, its fields before and after


def projects_told(actor: Actor, changes: Sequence[ProjectChange]) -> None:
    """Every project made and every field changed. Call after both were written: people made here have an id then."""
    audit_record_all(actor=actor, changes=(told for change in changes for told in _told(change)))


def undo_told(actor: Actor, archived: Iterable[Project], restored: Iterable[Undone]) -> None:
    """Every project archived, and every field set back, when an import is taken back."""
    changes = [_of("project.archive", project) for project in archived]
    for project, before, after in restored:
        if "archived_at" in after:
            changes.append(_of("project.archive", project))
        names = [name for name in after if name != "archived_at"]
        if names:
            old, new = ({name: values[name] for name in names} for values in (before, after))
            changes.append(_of("project.update", project, old, new))
    audit_record_all(actor=actor, changes=changes)


def _told(change: ProjectChange) -> Iterator[Told]:
    project = change.project
    if change.known is None:
        after = {"code": project.code, "name": project.name, "portfolio": project.portfolio_id}
        yield _of("project.create", project, None, after)
        return
    if "archived_at" in change.fields:
        yield _of("project.restore", project)
    pairs = {name: change.before[name] for name in change.fields if name != "archived_at"}
    if pairs:
        before, after = ({name: pair[place] for name, pair in pairs.items()} for place in (0, 1))
        yield _of("project.update", project, before, after)


def _of(
    action: str, project: Project, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
) -> Told:
    label = f"{project.code} {project.name}"
    return Told(action, "project", project.pk, label, project.pk, before, after)
