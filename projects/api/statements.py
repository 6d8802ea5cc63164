"""progress, forecasts, health-declarations: dated statements, each kept; the latest counts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from pmo.api.resource import Creates, Input
from pmo.kit.api import (
    DayField,
    IdField,
    MoneyField,
    MonthField,
    PercentField,
    QuantityField,
    ReferenceField,
    TextField,
    WholeField,
)
from projects.api.references import TaskField, milestone_in, project_in, project_phase_in
from projects.listings.statements import FORECASTS, HEALTH_DECLARATIONS, PROGRESS
from projects.models import Category, Forecast, Health, HealthDeclaration, Progress
from projects.selectors.rows import forecasts_for, health_declarations_for, progress_for
from projects.services.forecasts import EtcLine, etc_record
from projects.services.progress import forecast_record, health_declare, progress_record


class ProgressOut(serializers.ModelSerializer[Progress]):
    id = IdField()
    task = TaskField()
    project = ReferenceField()
    project_phase = ReferenceField()
    percent_complete = PercentField()
    units_done = QuantityField()
    milestone = ReferenceField(help_text="The milestone of the phase that was reached, or with 0 % taken back.")
    recorded_by = ReferenceField()

    class Meta:
        model = Progress
        fields = [
            "id", "project", "project_phase", "task", "status_date", "percent_complete", "units_done",
            "milestone", "actual_start", "actual_finish", "remaining_duration", "note", "recorded_at", "recorded_by",
        ]  # fmt: skip


class ProgressIn(Input):
    task = TaskField()
    project = project_in("project.edit")
    project_phase = project_phase_in("project.edit")
    status_date = DayField()
    percent_complete = PercentField(
        required=False, allow_null=True, help_text="Left out with `units_done` or `milestone`, from which it follows."
    )
    units_done = QuantityField(required=False, allow_null=True, help_text="Of a phase whose units are counted.")
    milestone = milestone_in("project.edit", help_text="A milestone of the phase, reached by the status date.")
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
        phase, milestone = data.pop("project_phase", None), data.pop("milestone", None)
        return progress_record(
            actor=self.actor,
            project_id=data.pop("project").pk,
            project_phase_id=phase.pk if phase is not None else None,
            milestone_id=milestone.pk if milestone is not None else None,
            **data,
        )


class ForecastLineOut(serializers.Serializer[Any]):
    period = MonthField()
    category = serializers.CharField()
    amount = MoneyField(currency="forecast.project.currency")


class ForecastLineIn(Input):
    period = MonthField()
    category = serializers.ChoiceField(choices=Category.choices, default="other")
    amount = MoneyField(positive=True)


class ForecastOut(serializers.ModelSerializer[Forecast]):
    id = IdField()
    project = ReferenceField()
    eac = MoneyField(currency="project.currency")
    currency = serializers.CharField(source="project.currency", read_only=True)
    recorded_by = ReferenceField()
    lines = ForecastLineOut(many=True, read_only=True, help_text="Of an estimate to complete: what is left by month.")

    class Meta:
        model = Forecast
        fields = [
            "id", "project", "kind", "status_date", "eac", "currency", "lines", "note", "recorded_at", "recorded_by",
        ]  # fmt: skip


class ForecastIn(Input):
    project = project_in("project.edit")
    status_date = DayField()
    eac = MoneyField(positive=True, required=False)
    lines = ForecastLineIn(
        many=True,
        required=False,
        help_text="An estimate to complete by month, in place of `eac`, which follows from it.",
    )
    note = TextField(required=False, allow_blank=True, max_length=500)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if ("eac" in data) == ("lines" in data):
            raise serializers.ValidationError({"eac": _("Give either the cost at completion or the lines left.")})
        return data


class Forecasts(Creates):
    """The estimate at completion as somebody reports it, whole or by month, beside the computed ones."""

    action_map = {"list": "money.view", "retrieve": "money.view", "create": "project.edit"}
    queryset = Forecast.objects.none()
    selector = staticmethod(forecasts_for)
    listing = FORECASTS
    serializer_class = ForecastOut
    input_classes = {"create": ForecastIn}
    http_method_names = ["get", "head", "post"]

    def create_one(self, data: dict[str, Any]) -> Forecast:
        project_id = data.pop("project").pk
        if "lines" in data:
            lines = [EtcLine(line["period"], line["amount"], line["category"]) for line in data.pop("lines")]
            return etc_record(actor=self.actor, project_id=project_id, lines=lines, **data)
        return forecast_record(actor=self.actor, project_id=project_id, **data)


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
