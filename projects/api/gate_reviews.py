"""gate-reviews: prepared, put before approvers, decided by their verdicts."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Changes, Creates, Input
from pmo.kit.api import DayField, IdField, ReferenceField, TextField, require_version
from projects.api.references import gate_in, person_in
from projects.listings.lifecycle import GATE_REVIEWS
from projects.models import GateApproval, GateCondition, GateReview
from projects.selectors.checklist import reviews_for
from projects.services.gate_reviews import (
    gate_review_prepare,
    gate_review_submit,
    gate_review_update,
    gate_review_withdraw,
)
from projects.services.gate_verdicts import Condition, gate_verdict_give


class CriterionOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    text = serializers.CharField()
    mandatory = serializers.BooleanField()
    verdict = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


class GateApprovalOut(serializers.ModelSerializer[GateApproval]):
    id = IdField()
    approver = ReferenceField()
    given_by = ReferenceField()
    delegated_from = ReferenceField()

    class Meta:
        model = GateApproval
        fields = [
            "id", "order", "role", "approver", "verdict", "reason", "given_at", "given_by", "delegated_from",
            "revoked_at",
        ]  # fmt: skip


class GateConditionOut(serializers.ModelSerializer[GateCondition]):
    id = IdField()
    owner = ReferenceField()

    class Meta:
        model = GateCondition
        fields = ["id", "text", "due", "owner", "met_on", "note"]


class GateReviewOut(serializers.ModelSerializer[GateReview]):
    id = IdField()
    project = ReferenceField()
    gate = ReferenceField()
    criteria = CriterionOut(many=True, read_only=True)
    approvals = GateApprovalOut(many=True, read_only=True)
    conditions = GateConditionOut(many=True, read_only=True)
    submitted_by = ReferenceField()
    decided_by = ReferenceField()

    class Meta:
        model = GateReview
        fields = [
            "id", "project", "gate", "number", "state", "summary", "criteria", "approvals", "submitted_at",
            "submitted_by", "decision", "reason", "conditions", "decided_at", "decided_on", "decided_by", "version",
        ]  # fmt: skip


class GateReviewIn(Input):
    gate = gate_in("gate.prepare")


class JudgementIn(Input):
    key = TextField(max_length=60)
    verdict = serializers.ChoiceField(choices=["met", "not_met", "waived", ""], required=False)
    note = TextField(required=False, allow_blank=True, max_length=2_000)


class GateReviewChange(Input):
    summary = TextField(required=False, allow_blank=True, max_length=10_000)
    criteria = JudgementIn(many=True, required=False)


class ReviewNothingIn(Input):
    """An empty body."""


class ConditionIn(Input):
    text = TextField(max_length=500)
    due = DayField()
    owner = person_in()


class VerdictIn(Input):
    verdict = serializers.ChoiceField(choices=GateApproval.Verdict.choices)
    reason = TextField(required=False, allow_blank=True, max_length=10_000)
    conditions = ConditionIn(many=True, required=False)


class GateReviews(Creates, Changes):
    """Reviews of gates. POST prepares one, PATCH judges its criteria, submit puts it before the approvers. They decide
    it, once; a token never speaks. A decided review is superseded by a new one, never changed."""

    action_map = {
        "list": "project.view", "retrieve": "project.view", "create": "gate.prepare", "partial_update": "gate.prepare",
        "submit": "gate.prepare", "withdraw": "gate.prepare", "verdict": "gate.decide",
    }  # fmt: skip
    queryset = GateReview.objects.none()
    selector = staticmethod(reviews_for)
    listing = GATE_REVIEWS
    serializer_class = GateReviewOut
    input_classes = {
        "create": GateReviewIn, "partial_update": GateReviewChange, "submit": ReviewNothingIn,
        "withdraw": ReviewNothingIn, "verdict": VerdictIn,
    }  # fmt: skip
    versioned = ("partial_update", "submit", "withdraw")
    http_method_names = ["get", "head", "post", "patch"]

    def create_one(self, data: dict[str, Any]) -> GateReview:
        return gate_review_prepare(actor=self.actor, gate_id=data["gate"].pk)

    def update_one(self, row: GateReview, data: dict[str, Any], version: int | None) -> GateReview:
        said = {each.pop("key"): each for each in (dict(one) for one in data.get("criteria", ()))}
        return gate_review_update(
            actor=self.actor, review_id=row.pk, version=version, summary=data.get("summary"), criteria=said
        )

    @action(detail=True, methods=["post"])
    def submit(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put it before its approvers."""
        return self._moved(gate_review_submit)

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it back before it is decided."""
        return self._moved(gate_review_withdraw)

    @action(detail=True, methods=["post"])
    def verdict(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Speak in one's own seat, or for somebody who delegated it; not by token."""
        row = self.get_object()
        data = self.checked(request.data)
        conditions = [Condition(**each) for each in data.pop("conditions", ())]
        return self.answer(gate_verdict_give(actor=self.actor, review_id=row.pk, conditions=conditions, **data))

    def _moved(self, service: Any) -> Response:
        row = self.get_object()
        version = require_version(self.request, row.version)
        self.checked(self.request.data)
        return self.answer(service(actor=self.actor, review_id=row.pk, version=version))
