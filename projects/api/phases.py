"""project-phases: the phases a project goes through."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from pmo.api.resource import Changes, Input
from pmo.kit.api import DayField, IdField, ReferenceField, TextField
from projects.listings.phases import PROJECT_PHASES
from projects.models import ProjectPhase
from projects.selectors.rows import project_phases_for
from projects.services.phases import project_phase_update


class ProjectPhaseOut(serializers.ModelSerializer[ProjectPhase]):
    id = IdField()
    project = ReferenceField()
    phase = ReferenceField()

    class Meta:
        model = ProjectPhase
        fields = [
            "id", "project", "phase", "order", "name", "start", "finish", "actual_start", "actual_finish",
        ]  # fmt: skip


class ProjectPhaseIn(Input):
    name = TextField(max_length=120)
    start = DayField(required=False, allow_null=True)
    finish = DayField(required=False, allow_null=True)
    actual_start = DayField(required=False, allow_null=True)
    actual_finish = DayField(required=False, allow_null=True)


class ProjectPhases(Changes):
    """The phases a project goes through; they come with its standard."""

    action_map = {"list": "project.view", "retrieve": "project.view", "partial_update": "project.edit"}
    queryset = ProjectPhase.objects.none()
    selector = staticmethod(project_phases_for)
    listing = PROJECT_PHASES
    serializer_class = ProjectPhaseOut
    input_classes = {"partial_update": ProjectPhaseIn}
    http_method_names = ["get", "head", "patch"]

    def update_one(self, row: ProjectPhase, data: dict[str, Any], version: int | None) -> ProjectPhase:
        return project_phase_update(actor=self.actor, phase_id=row.pk, values=data)
