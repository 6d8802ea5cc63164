"""Keeping the register of stakeholders of a project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError
from pmo.models import Person
from pmo.selectors.actors import Actor
from projects.models import Project, Stakeholder
from projects.selectors.checklist import row_get
from projects.selectors.projects import project_get
from projects.selectors.stakeholders import stakeholders_for
from projects.services.row_moves import row_move, row_tell, text_of

FIELDS: Final = ("name", "group", "person_id", "interest", "influence", "stance", "wanted_stance", "expectations")


@transaction.atomic
def stakeholder_create(*, actor: Actor, project_id: int, values: Mapping[str, Any]) -> Stakeholder:
    """Enter somebody. Raises ApplicationError naming the field; 409 where the name is in the register already."""
    project = project_get(actor, action="stakeholder.edit", pk=project_id)
    checked = _checked(project, values)
    for field in ("name", "interest", "influence"):
        if field not in checked:
            raise ApplicationError(_("This is needed."), field=field, code="required")
    try:
        with transaction.atomic():
            row = Stakeholder.objects.create(organisation_id=project.organisation_id, project=project, **checked)
    except IntegrityError as error:
        raise _taken(checked["name"]) from error
    row_tell(actor, row, "stakeholder.create", after=_told(row))
    return row


@transaction.atomic
def stakeholder_update(
    *, actor: Actor, stakeholder_id: int, values: Mapping[str, Any], version: int | None = None
) -> Stakeholder:
    """Change what is given. Raises StaleVersion where somebody else changed it since `version`."""
    row = row_get(stakeholders_for(actor, "project.view"), actor, stakeholder_id, "stakeholder.edit")
    checked, before = _checked(row.project, values), _told(row)
    try:
        with transaction.atomic():
            row_move(row, version, **checked)
    except IntegrityError as error:
        raise _taken(checked.get("name", row.name)) from error
    row_tell(actor, row, "stakeholder.update", before=before, after=_told(row))
    return row


@transaction.atomic
def stakeholder_remove(*, actor: Actor, stakeholder_id: int, version: int | None = None) -> None:
    """Take somebody off the register and out of the audiences shown. What was told to them stays written."""
    row = row_get(stakeholders_for(actor, "project.view"), actor, stakeholder_id, "stakeholder.edit")
    row_move(row, version, removed_at=timezone.now())
    row_tell(actor, row, "stakeholder.remove", before=_told(row))


def _taken(name: str) -> ApplicationError:
    return ApplicationError(
        _("“%s” is in the register of this project already.") % name, field="name", code="taken", status=409
    )


def _checked(project: Project, values: Mapping[str, Any]) -> dict[str, Any]:
    checked = {field: values[field] for field in FIELDS if field in values}
    if "name" in checked:
        checked["name"] = text_of(checked["name"], field="name", missing=_("Give a name."), most=200)
    for field in ("interest", "influence"):
        if field in checked and not (isinstance(checked[field], int) and 1 <= checked[field] <= 5):
            raise ApplicationError(_("A number from 1 (low) to 5 (high) is needed."), field=field, code="out_of_range")
    for field, allowed in (("stance", Stakeholder.Stance.values), ("wanted_stance", ["", *Stakeholder.Stance.values])):
        if field in checked and checked[field] not in allowed:
            raise ApplicationError(
                _("“%s” is none of the stances.") % str(checked[field])[:20], field=field, code="unknown_choice"
            )
    person = checked.get("person_id")
    if person is not None and not Person.objects.filter(organisation=project.organisation_id, pk=person).exists():
        raise ApplicationError(_("There is no such person here."), field="person", code="does_not_exist")
    return checked


def _told(row: Stakeholder) -> dict[str, Any]:
    return {field: getattr(row, field) for field in FIELDS}
