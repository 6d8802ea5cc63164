"""waivers, complexity-assessments, lessons."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Creates, Input
from pmo.kit.api import DayField, IdField, MoneyField, ReferenceField, TextField, WholeField, require_version
from projects.api.references import project_in
from projects.listings.lifecycle import COMPLEXITY, LESSONS, WAIVERS
from projects.models import ComplexityAssessment, Lesson, Waiver
from projects.selectors.checklist import assessments_for, lessons_for, waivers_for
from projects.services.closing import lesson_record
from projects.services.tailoring import complexity_assess
from projects.services.waivers import KINDS, waiver_ask, waiver_decide, waiver_revoke


class WaiverOut(serializers.ModelSerializer[Waiver]):
    id = IdField()
    project = ReferenceField()
    activity = ReferenceField()
    deliverable = ReferenceField()
    gate = ReferenceField()
    policy = ReferenceField()
    asked_by = ReferenceField()
    decided_by = ReferenceField()

    class Meta:
        model = Waiver
        fields = [
            "id", "project", "activity", "deliverable", "gate", "policy", "reason", "instead", "expires_on", "state",
            "asked_at", "asked_by", "decided_at", "decided_by", "decision_reason", "version",
        ]  # fmt: skip


class WaiverIn(Input):
    project = project_in("waiver.ask")
    kind = serializers.ChoiceField(choices=KINDS)
    object = WholeField(min_value=1, max_value=10**17)
    reason = TextField(max_length=10_000)
    instead = TextField(required=False, allow_blank=True, max_length=10_000)
    expires_on = DayField()


class WaiverDecisionIn(Input):
    decision = serializers.ChoiceField(choices=["grant", "refuse", "revoke"])
    reason = TextField(required=False, allow_blank=True, max_length=10_000)


class Waivers(Creates):
    """Deviations with reason, approver and expiry. Decided by somebody who did not ask, never by token."""

    action_map = {
        "list": "project.view", "retrieve": "project.view", "create": "waiver.ask", "decide": "waiver.decide",
    }  # fmt: skip
    queryset = Waiver.objects.none()
    selector = staticmethod(waivers_for)
    listing = WAIVERS
    serializer_class = WaiverOut
    input_classes = {"create": WaiverIn, "decide": WaiverDecisionIn}
    versioned = ("decide",)
    http_method_names = ["get", "head", "post"]

    def create_one(self, data: dict[str, Any]) -> Waiver:
        project, pk = data.pop("project"), data.pop("object")
        return waiver_ask(actor=self.actor, project_id=project.pk, object_id=pk, **data)

    @action(detail=True, methods=["post"])
    def decide(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Grant or refuse what is asked for, or revoke what was granted."""
        row = self.get_object()
        version = require_version(request, row.version)
        data = self.checked(request.data)
        decision, reason = data["decision"], data.get("reason", "")
        if decision == "revoke":
            return self.answer(waiver_revoke(actor=self.actor, waiver_id=row.pk, version=version, reason=reason))
        grant = decision == "grant"
        return self.answer(
            waiver_decide(actor=self.actor, waiver_id=row.pk, version=version, grant=grant, reason=reason)
        )


class ComplexityOut(serializers.ModelSerializer[ComplexityAssessment]):
    id = IdField()
    project = ReferenceField()
    tier_model = ReferenceField()
    recorded_by = ReferenceField()

    class Meta:
        model = ComplexityAssessment
        fields = [
            "id", "project", "tier_model", "answers", "size", "score", "complexity", "size_band", "tier", "reason",
            "recorded_at", "recorded_by",
        ]  # fmt: skip


class SizeIn(Input):
    budget = MoneyField(required=False, allow_null=True)
    months = WholeField(required=False, allow_null=True, min_value=0, max_value=600)
    team = WholeField(required=False, allow_null=True, min_value=0, max_value=100_000)


class ComplexityIn(Input):
    project = project_in("tailoring.edit")
    answers = serializers.DictField(child=WholeField(min_value=0, max_value=99))
    size = SizeIn()
    reason = TextField(required=False, allow_blank=True, max_length=10_000)


class ComplexityAssessments(Creates):
    """Answered questionnaires with the tier that follows. Another tier is proposed, then decided on by people."""

    action_map = {"list": "project.view", "retrieve": "project.view", "create": "tailoring.edit"}
    queryset = ComplexityAssessment.objects.none()
    selector = staticmethod(assessments_for)
    listing = COMPLEXITY
    serializer_class = ComplexityOut
    input_classes = {"create": ComplexityIn}
    http_method_names = ["get", "head", "post"]

    def create_one(self, data: dict[str, Any]) -> ComplexityAssessment:
        project = data.pop("project")
        return complexity_assess(actor=self.actor, project_id=project.pk, **data)[0]


class LessonOut(serializers.ModelSerializer[Lesson]):
    id = IdField()
    project = ReferenceField()
    recorded_by = ReferenceField()

    class Meta:
        model = Lesson
        fields = ["id", "project", "title", "happened", "advice", "tags", "recorded_at", "recorded_by"]


class LessonIn(Input):
    project = project_in("checklist.edit")
    title = TextField(max_length=200)
    happened = TextField(max_length=10_000)
    advice = TextField(max_length=10_000)
    tags = serializers.ListField(child=TextField(max_length=40), max_length=12, required=False)


class Lessons(Creates):
    """What others should know."""

    action_map = {"list": "project.view", "retrieve": "project.view", "create": "checklist.edit"}
    queryset = Lesson.objects.none()
    selector = staticmethod(lessons_for)
    listing = LESSONS
    serializer_class = LessonOut
    input_classes = {"create": LessonIn}
    http_method_names = ["get", "head", "post"]

    def create_one(self, data: dict[str, Any]) -> Lesson:
        project = data.pop("project")
        return lesson_record(actor=self.actor, project_id=project.pk, **data)
