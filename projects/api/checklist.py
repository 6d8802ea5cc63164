"""project-activities, project-deliverables, project-gates: the checklist of projects."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Changes, Creates, Input, Resource
from pmo.kit.api import DayField, IdField, ReferenceField, TextField, require_version
from pmo.models import Obligation
from projects.api.references import person_in, project_in, project_phase_in
from projects.listings.lifecycle import PROJECT_ACTIVITIES, PROJECT_DELIVERABLES, PROJECT_GATES
from projects.models import ProjectActivity, ProjectDeliverable, ProjectGate
from projects.selectors.checklist import activities_for, deliverables_for, gates_for
from projects.services.checklist_items import (
    project_activity_add,
    project_activity_update,
    project_deliverable_decide,
    project_deliverable_submit,
    project_deliverable_update,
)

COMMON = ["id", "project", "project_phase", "order", "key", "name", "obligation", "applies", "due", "state"]


class ProjectActivityOut(serializers.ModelSerializer[ProjectActivity]):
    id = IdField()
    project = ReferenceField()
    project_phase = ReferenceField()
    activity = ReferenceField()
    assigned_to = ReferenceField()
    done_by = ReferenceField()

    class Meta:
        model = ProjectActivity
        fields = [*COMMON, "activity", "assigned_to", "done_on", "done_at", "done_by", "note", "version"]


class ProjectActivityChange(Input):
    assigned_to = person_in()
    due = DayField(required=False, allow_null=True)
    state = serializers.ChoiceField(choices=ProjectActivity.State.choices, required=False)
    done_on = DayField(required=False, allow_null=True)
    note = TextField(required=False, allow_blank=True, max_length=10_000)


class ProjectActivityIn(Input):
    project = project_in("checklist.edit")
    project_phase = project_phase_in("checklist.edit")
    name = TextField(max_length=200)
    due = DayField(required=False, allow_null=True)
    assigned_to = person_in()
    obligation = serializers.ChoiceField(choices=Obligation.choices, required=False)


class ProjectActivities(Creates, Changes):
    """What is to be done. POST adds one of the project's own; PATCH assigns it, moves it, or says that it is done."""

    action_map = {
        "list": "project.view", "retrieve": "project.view", "create": "checklist.edit",
        "partial_update": "checklist.edit",
    }  # fmt: skip
    queryset = ProjectActivity.objects.none()
    selector = staticmethod(activities_for)
    listing = PROJECT_ACTIVITIES
    serializer_class = ProjectActivityOut
    input_classes = {"create": ProjectActivityIn, "partial_update": ProjectActivityChange}
    versioned = ("partial_update",)
    http_method_names = ["get", "head", "post", "patch"]

    def create_one(self, data: dict[str, Any]) -> ProjectActivity:
        project, phase = data.pop("project"), data.pop("project_phase", None)
        return project_activity_add(
            actor=self.actor, project_id=project.pk, project_phase_id=phase.pk if phase is not None else 0, **data
        )

    def update_one(self, row: ProjectActivity, data: dict[str, Any], version: int | None) -> ProjectActivity:
        return project_activity_update(actor=self.actor, activity_id=row.pk, version=version, values=data)


class ProjectDeliverableOut(serializers.ModelSerializer[ProjectDeliverable]):
    id = IdField()
    project = ReferenceField()
    project_phase = ReferenceField()
    deliverable = ReferenceField()
    owner = ReferenceField()
    submitted_by = ReferenceField()
    decided_by = ReferenceField()

    class Meta:
        model = ProjectDeliverable
        fields = [
            *COMMON, "deliverable", "owner", "submitted_at", "submitted_by", "decided_at", "decided_on", "decided_by",
            "decision_reason", "version",
        ]  # fmt: skip


class ProjectDeliverableChange(Input):
    owner = person_in()
    due = DayField(required=False, allow_null=True)


class DeliverableNothingIn(Input):
    """An empty body."""


class DeliverableDecisionIn(Input):
    decision = serializers.ChoiceField(choices=["accept", "return"])
    reason = TextField(required=False, allow_blank=True, max_length=10_000)


class ProjectDeliverables(Changes):
    """What is to be brought. It is handed in, then accepted or returned by somebody else, never by token."""

    action_map = {
        "list": "project.view", "retrieve": "project.view", "partial_update": "checklist.edit",
        "submit": "checklist.edit", "decide": "deliverable.decide",
    }  # fmt: skip
    queryset = ProjectDeliverable.objects.none()
    selector = staticmethod(deliverables_for)
    listing = PROJECT_DELIVERABLES
    serializer_class = ProjectDeliverableOut
    input_classes = {
        "partial_update": ProjectDeliverableChange, "submit": DeliverableNothingIn, "decide": DeliverableDecisionIn,
    }  # fmt: skip
    versioned = ("partial_update", "submit", "decide")
    http_method_names = ["get", "head", "post", "patch"]

    def update_one(self, row: ProjectDeliverable, data: dict[str, Any], version: int | None) -> ProjectDeliverable:
        return project_deliverable_update(actor=self.actor, deliverable_id=row.pk, version=version, values=data)

    @action(detail=True, methods=["post"])
    def submit(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hand it in."""
        row = self.get_object()
        version = require_version(request, row.version)
        self.checked(request.data)
        return self.answer(project_deliverable_submit(actor=self.actor, deliverable_id=row.pk, version=version))

    @action(detail=True, methods=["post"])
    def decide(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Accept or return it: not by who handed it in, not by token."""
        row = self.get_object()
        version = require_version(request, row.version)
        data = self.checked(request.data)
        accept = data.pop("decision") == "accept"
        return self.answer(
            project_deliverable_decide(actor=self.actor, deliverable_id=row.pk, version=version, accept=accept, **data)
        )


class ProjectGateOut(serializers.ModelSerializer[ProjectGate]):
    id = IdField()
    project = ReferenceField()
    project_phase = ReferenceField()
    gate = ReferenceField()

    class Meta:
        model = ProjectGate
        fields = [*COMMON, "gate", "at", "quorum", "in_order", "decided_on", "version"]


class ProjectGates(Resource):
    """The gates on the way of projects; they change through gate-reviews alone."""

    action_map = {"list": "project.view", "retrieve": "project.view"}
    queryset = ProjectGate.objects.none()
    selector = staticmethod(gates_for)
    listing = PROJECT_GATES
    serializer_class = ProjectGateOut
    http_method_names = ["get", "head"]
