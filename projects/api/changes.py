"""baselines, change-requests. A baseline is only read; an approved change request makes the next one."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Changes, Creates, Input, Resource
from pmo.kit.api import DayField, IdField, MoneyField, ReferenceField, TextField, WholeField, require_version
from projects.api.references import budget_in, project_in
from projects.listings.changes import BASELINES, CHANGE_REQUESTS
from projects.models import Baseline, ChangeRequest
from projects.selectors.rows import baselines_for, change_requests_for
from projects.services.change_decisions import change_request_decide
from projects.services.change_requests import (
    LONGEST,
    ChangeDraft,
    change_request_propose,
    change_request_submit,
    change_request_update,
    change_request_withdraw,
)


class BaselinePhaseOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    start = serializers.DateField(allow_null=True)
    finish = serializers.DateField(allow_null=True)


class BaselineOut(serializers.ModelSerializer[Baseline]):
    id = IdField()
    project = ReferenceField()
    budget = ReferenceField()
    change_request = ReferenceField()
    bac = MoneyField(currency="project.currency")
    currency = serializers.CharField(source="project.currency", read_only=True)
    phases = BaselinePhaseOut(many=True, read_only=True)
    recorded_by = ReferenceField()

    class Meta:
        model = Baseline
        fields = [
            "id", "project", "number", "budget", "change_request", "bac", "currency", "scope", "start", "finish",
            "phases", "effective_on", "recorded_at", "recorded_by",
        ]  # fmt: skip


class Baselines(Resource):
    """Approved scope, schedule and budget, numbered; the highest number whose day has come is in force."""

    action_map = {"list": "money.view", "retrieve": "money.view"}
    queryset = Baseline.objects.none()
    selector = staticmethod(baselines_for)
    listing = BASELINES
    serializer_class = BaselineOut
    http_method_names = ["get", "head"]


class ChangeRequestOut(serializers.ModelSerializer[ChangeRequest]):
    id = IdField()
    project = ReferenceField()
    budget = ReferenceField()
    cost_effect = MoneyField(currency="project.currency")
    currency = serializers.CharField(source="project.currency", read_only=True)
    proposed_by = ReferenceField()
    decided_by = ReferenceField()

    class Meta:
        model = ChangeRequest
        fields = [
            "id", "project", "number", "title", "reason", "scope_effect", "risk_effect", "benefit_effect",
            "cost_effect", "currency", "days_effect", "new_finish", "budget", "state", "proposed_by", "submitted_at",
            "decided_by", "decided_at", "decision_reason", "version",
        ]  # fmt: skip


class ChangeShape(Input):
    title = TextField(max_length=200)
    reason = TextField(max_length=10_000)
    scope_effect = TextField(required=False, allow_blank=True, max_length=10_000)
    risk_effect = TextField(required=False, allow_blank=True, max_length=10_000)
    benefit_effect = TextField(required=False, allow_blank=True, max_length=10_000)
    cost_effect = MoneyField(required=False)
    days_effect = WholeField(required=False, min_value=-LONGEST, max_value=LONGEST)
    new_finish = DayField(required=False, allow_null=True)
    budget = budget_in("change.propose", required=False, allow_null=True)


class ChangeRequestIn(ChangeShape):
    project = project_in("change.propose")


class ChangeNothingIn(Input):
    """An empty body."""


class DecisionIn(Input):
    decision = serializers.ChoiceField(choices=["approve", "reject"])
    reason = TextField(max_length=10_000)
    effective_on = DayField(required=False)


class ChangeRequests(Creates, Changes):
    """What is to change, with its effects. PATCH, submit, withdraw and decide need If-Match; a token never decides."""

    action_map = {
        "list": "money.view",
        "retrieve": "money.view",
        "create": "change.propose",
        "partial_update": "change.propose",
        "submit": "change.propose",
        "withdraw": "change.propose",
        "decide": "change.decide",
    }
    queryset = ChangeRequest.objects.none()
    selector = staticmethod(change_requests_for)
    listing = CHANGE_REQUESTS
    serializer_class = ChangeRequestOut
    input_classes = {
        "create": ChangeRequestIn,
        "partial_update": ChangeShape,
        "submit": ChangeNothingIn,
        "withdraw": ChangeNothingIn,
        "decide": DecisionIn,
    }
    versioned = ("partial_update", "submit", "withdraw", "decide")
    http_method_names = ["get", "head", "post", "patch"]

    def create_one(self, data: dict[str, Any]) -> ChangeRequest:
        project = data.pop("project")
        return change_request_propose(actor=self.actor, project_id=project.pk, draft=ChangeDraft(**_plain(data)))

    def update_one(self, row: ChangeRequest, data: dict[str, Any], version: int | None) -> ChangeRequest:
        return change_request_update(
            actor=self.actor, request_id=row.pk, version=version or row.version, values=_plain(data)
        )

    @action(detail=True, methods=["post"])
    def submit(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hand it in for decision, its budget with it."""
        return self._moved(change_request_submit)

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it back before it is decided."""
        return self._moved(change_request_withdraw)

    @action(detail=True, methods=["post"])
    def decide(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Approve or turn down: not by who proposed it, not above one's limit, not by token."""
        return self._moved(change_request_decide)

    def _moved(self, service: Any) -> Response:
        row = self.get_object()
        version = require_version(self.request, row.version)
        data = self.checked(self.request.data)
        if "decision" in data:
            data["approve"] = data.pop("decision") == "approve"
        return self.answer(service(actor=self.actor, request_id=row.pk, version=version, **data))


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    values = dict(data)
    if "budget" in values:
        budget = values.pop("budget")
        values["budget_id"] = None if budget is None else budget.pk
    return values
