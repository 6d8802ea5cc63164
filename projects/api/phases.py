"""project-phases: the phases a project goes through."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from pmo.api.resource import Changes, Input
from pmo.kit.api import DayField, IdField, QuantityField, ReferenceField, TextField
from projects.api.references import project_phase_in
from projects.listings.phases import PROJECT_PHASES
from projects.models import MeasurementMethod, PhaseMilestone, ProjectPhase
from projects.selectors.rows import measured_phases_for
from projects.services.phase_methods import MilestoneDraft, phase_change


class MilestoneOut(serializers.ModelSerializer[PhaseMilestone]):
    id = IdField()
    weight = QuantityField()

    class Meta:
        model = PhaseMilestone
        fields = ["id", "name", "weight", "planned_on"]


class MilestoneIn(Input):
    name = TextField(max_length=200)
    weight = QuantityField(help_text="Relative to the weights of the others.")
    planned_on = DayField(required=False, allow_null=True)


class ProjectPhaseOut(serializers.ModelSerializer[ProjectPhase]):
    id = IdField()
    project = ReferenceField()
    phase = ReferenceField()
    units_total = QuantityField()
    apportioned_to = ReferenceField(help_text="The phase whose share it takes.")
    milestones = MilestoneOut(many=True, help_text="In their order.")

    class Meta:
        model = ProjectPhase
        fields = [
            "id", "project", "phase", "order", "name", "start", "finish", "actual_start", "actual_finish", "method",
            "units_total", "apportioned_to", "milestones",
        ]  # fmt: skip


class ProjectPhaseIn(Input):
    name = TextField(max_length=120)
    start = DayField(required=False, allow_null=True)
    finish = DayField(required=False, allow_null=True)
    actual_start = DayField(required=False, allow_null=True)
    actual_finish = DayField(required=False, allow_null=True)
    method = serializers.ChoiceField(
        choices=MeasurementMethod.choices, required=False, help_text="How the earned share of the phase is measured."
    )
    units_total = QuantityField(required=False, allow_null=True, help_text="For units: how many there are in all.")
    apportioned_to = project_phase_in("project.edit", help_text="For apportioned effort: the phase it follows.")
    milestones = MilestoneIn(
        many=True, required=False, max_length=100,
        help_text="For milestones: all of them, in their order, each known by its name. One that was reported stays.",
    )  # fmt: skip


class ProjectPhases(Changes):
    """The phases a project goes through; they come with its standard. Each may be measured its own way."""

    action_map = {"list": "project.view", "retrieve": "project.view", "partial_update": "project.edit"}
    queryset = ProjectPhase.objects.none()
    selector = staticmethod(measured_phases_for)
    listing = PROJECT_PHASES
    serializer_class = ProjectPhaseOut
    input_classes = {"partial_update": ProjectPhaseIn}
    http_method_names = ["get", "head", "patch"]

    def update_one(self, row: ProjectPhase, data: dict[str, Any], version: int | None) -> ProjectPhase:
        if "apportioned_to" in data:
            other = data.pop("apportioned_to")
            data["apportioned_to_id"] = other.pk if other is not None else None
        if "milestones" in data:
            data["milestones"] = [MilestoneDraft(**each) for each in data["milestones"]]
        phase_change(actor=self.actor, phase_id=row.pk, values=data)
        return measured_phases_for(self.actor, "project.edit").get(pk=row.pk)
