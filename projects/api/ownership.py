"""responsibilities: one letter (R, A, C or I) of one person for a project, a phase, a deliverable or a gate."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from pmo.api.resource import Changes, Creates, Deletes, Input
from pmo.kit.api import IdField, ReferenceField, TextField
from projects.api.references import person_in, project_in
from projects.listings.ownership import RESPONSIBILITIES
from projects.models import Responsibility
from projects.selectors.ownership import responsibilities_for
from projects.services.ownership import responsibility_create, responsibility_delete, responsibility_update


class ResponsibilityOut(serializers.ModelSerializer[Responsibility]):
    id = IdField()
    project = ReferenceField()
    project_phase = ReferenceField()
    deliverable = ReferenceField()
    gate = ReferenceField()
    person = ReferenceField()

    class Meta:
        model = Responsibility
        fields = ["id", "project", "subject", "project_phase", "deliverable", "gate", "person", "letter"]


class LetterIn(Input):
    letter = serializers.ChoiceField(choices=Responsibility.Letter.choices)


class ResponsibilityIn(LetterIn):
    project = project_in("responsibility.edit")
    subject = TextField(
        max_length=40, help_text="“project”, or “phase:7”, “deliverable:3”, “gate:9” with the id of the thing."
    )
    person = person_in(required=True)


class Responsibilities(Creates, Changes, Deletes):
    """Who answers for what. Exactly one person is accountable for each thing: a second A is a 409."""

    action_map = {
        "list": "responsibility.view",
        "retrieve": "responsibility.view",
        "create": "responsibility.edit",
        "partial_update": "responsibility.edit",
        "destroy": "responsibility.edit",
    }
    queryset = Responsibility.objects.none()
    selector = staticmethod(responsibilities_for)
    listing = RESPONSIBILITIES
    serializer_class = ResponsibilityOut
    input_classes = {"create": ResponsibilityIn, "partial_update": LetterIn}

    def create_one(self, data: dict[str, Any]) -> Responsibility:
        return responsibility_create(
            actor=self.actor, project_id=data["project"].pk, subject=data["subject"], person_id=data["person"].pk,
            letter=data["letter"],
        )  # fmt: skip

    def update_one(self, row: Responsibility, data: dict[str, Any], version: int | None) -> Responsibility:
        return responsibility_update(actor=self.actor, responsibility_id=row.pk, letter=data.get("letter", row.letter))

    def delete_one(self, row: Responsibility) -> None:
        responsibility_delete(actor=self.actor, responsibility_id=row.pk)
