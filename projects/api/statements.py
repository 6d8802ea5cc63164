"""progress, forecasts, health-declarations: dated statements, each kept; the latest counts."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from pmo.api.resource import Creates, Input
from pmo.kit.api import DayField, IdField, MoneyField, PercentField, ReferenceField, TextField, WholeField
from projects.api.references import TaskField, project_in, project_phase_in
from projects.listings.statements import FORECASTS, HEALTH_DECLARATIONS, PROGRESS
from projects.models import Forecast, Health, HealthDeclaration, Progress
from projects.selectors.rows import forecasts_for, health_declarations_for, progress_for
from projects.services.progress import forecast_record, health_declare, progress_record


class ProgressOut(serializers.ModelSerializer[Progress]):
    id = IdField()
    task = TaskField()
    project = ReferenceField()
    project_phase = ReferenceField()
    percent_complete = PercentField()
    recorded_by = ReferenceField()

    class Meta:
        model = Progress
        fields = [
            "id", "project", "project_phase", "task", "status_date", "percent_complete", "actual_start",
            "actual_finish", "remaining_duration", "note", "recorded_at", "recorded_by",
        ]  # fmt: skip


class ProgressIn(Input):
    task = TaskField()
    project = project_in("project.edit")
    project_phase = project_phase_in("project.edit")
    status_date = DayField()
    percent_complete = PercentField()
    actual_start = DayField(required=False, allow_null=True)
    actual_finish = DayField(required=False, allow_null=True)
    remaining_duration = WholeField(required=False, allow_null=True, min_value=0, max_value=100_000)
    note = TextField(required=False, allow_blank=True, max_length=500)


class ProgressStatements(Creates):
    """How much of a phase, or of a whole project, is done as at a date."""

    action_map = {"list": "project.view", "retrieve": "project.view", "create": "project.edit"}
    queryset = Progress.objects.none()
    selector = staticmethod(progress_for)
    listing = PROGRESS
    serializer_class = ProgressOut
    input_classes = {"create": ProgressIn}
    http_method_names = ["get", "head", "post"]

    def create_one(self, data: dict[str, Any]) -> Progress:
        phase = data.pop("project_phase", None)
        return progress_record(
            actor=self.actor,
            project_id=data.pop("project").pk,
            project_phase_id=phase.pk if phase is not None else None,
            **data,
        )


class ForecastOut(serializers.ModelSerializer[Forecast]):
    id = IdField()
    project = ReferenceField()
    eac = MoneyField(currency="project.currency")
    currency = serializers.CharField(source="project.currency", read_only=True)
    recorded_by = ReferenceField()

    class Meta:
        model = Forecast
        fields = ["id", "project", "status_date", "eac", "currency", "note", "recorded_at", "recorded_by"]


class ForecastIn(Input):
    project = project_in("project.edit")
    status_date = DayField()
    eac = MoneyField(positive=True)
    note = TextField(required=False, allow_blank=True, max_length=500)


class Forecasts(Creates):
    """The estimate at completion as somebody reports it, beside the computed ones."""

    action_map = {"list": "money.view", "retrieve": "money.view", "create": "project.edit"}
    queryset = Forecast.objects.none()
    selector = staticmethod(forecasts_for)
    listing = FORECASTS
    serializer_class = ForecastOut
    input_classes = {"create": ForecastIn}
    http_method_names = ["get", "head", "post"]

    def create_one(self, data: dict[str, Any]) -> Forecast:
        return forecast_record(actor=self.actor, project_id=data.pop("project").pk, **data)


class HealthDeclarationOut(serializers.ModelSerializer[HealthDeclaration]):
    id = IdField()
    project = ReferenceField()
    declared_by = ReferenceField()

    class Meta:
        model = HealthDeclaration
        fields = ["id", "project", "status_date", "health", "reason", "expires_on", "recorded_at", "declared_by"]


class HealthDeclarationIn(Input):
    project = project_in("project.edit")
    status_date = DayField()
    health = serializers.ChoiceField(choices=[choice for choice in Health.choices if choice[0] != "none"])
    reason = TextField(required=False, allow_blank=True, max_length=500)
    expires_on = DayField(required=False, allow_null=True)


class HealthDeclarations(Creates):
    """The project manager's own word, with its reason and the day it stops counting."""

    action_map = {"list": "project.view", "retrieve": "project.view", "create": "project.edit"}
    queryset = HealthDeclaration.objects.none()
    selector = staticmethod(health_declarations_for)
    listing = HEALTH_DECLARATIONS
    serializer_class = HealthDeclarationOut
    input_classes = {"create": HealthDeclarationIn}
    http_method_names = ["get", "head", "post"]

    def create_one(self, data: dict[str, Any]) -> HealthDeclaration:
        return health_declare(actor=self.actor, project_id=data.pop("project").pk, **data)
