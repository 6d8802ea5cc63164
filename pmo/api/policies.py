"""policies, policy-versions, acknowledgements. A published version never changes; nobody acknowledges for another."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Changes, Creates, Deletes, Input
from pmo.kit.api import DayField, IdField, ReferenceField, TextField, WholeField, require_version
from pmo.kit.api_writes import etag
from pmo.listings.policies import ACKNOWLEDGEMENTS, POLICIES, POLICY_VERSIONS
from pmo.models import Policy, PolicyAcknowledgement, PolicyVersion
from pmo.selectors.office import people_for
from pmo.selectors.policies import acknowledgements_for, policies_for, policy_get, policy_versions_for
from pmo.services.policies import (
    LONGEST_TEXT,
    policy_acknowledge,
    policy_create,
    policy_draft_begin,
    policy_draft_change,
    policy_draft_discard,
    policy_publish,
    policy_withdraw,
)


class PolicyOut(serializers.ModelSerializer[Policy]):
    id = IdField()
    owner = ReferenceField()
    state = serializers.CharField(help_text="draft, published or withdrawn.")
    number = serializers.IntegerField(source="published_number", allow_null=True)
    effective_on = serializers.DateField(allow_null=True)

    class Meta:
        model = Policy
        fields = ["id", "slug", "name", "kind", "owner", "state", "number", "effective_on", "withdrawn_at"]


class TextShape(Input):
    text = TextField(max_length=LONGEST_TEXT)
    summary = TextField(required=False, allow_blank=True, max_length=2_000)
    binds_roles = serializers.ListField(child=TextField(max_length=30), required=False, max_length=9)
    acknowledge_within_days = WholeField(required=False, min_value=0, max_value=365)


class PolicyIn(TextShape):
    name = TextField(max_length=200)
    slug = TextField(max_length=60)
    kind = TextField(required=False, max_length=10, help_text="policy or procedure.")
    owner = ReferenceField(scope=lambda actor: people_for(actor, "people.view"), required=False, allow_null=True)


class WithdrawIn(Input):
    withdrawn = serializers.BooleanField()


class Policies(Creates):
    """Policies and procedures. A new one begins as a draft."""

    action_map = {
        "list": "policy.view",
        "retrieve": "policy.view",
        "create": "policy.edit",
        "withdraw": "policy.publish",
    }
    queryset = Policy.objects.none()
    selector = staticmethod(policies_for)
    listing = POLICIES
    serializer_class = PolicyOut
    input_classes = {"create": PolicyIn, "withdraw": WithdrawIn}
    http_method_names = ["get", "head", "post"]
    bulk = 100

    def create_one(self, data: dict[str, Any]) -> Policy:
        about = {name: data[name] for name in ("slug", "name", "kind") if name in data}
        text = {name: data[name] for name in TextShape().fields if name in data}
        made = policy_create(actor=self.actor, about=about, text=text, owner=data.get("owner"))
        return policy_get(self.actor, made.pk)

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Let it bind nobody any more (withdrawn true), or again. Never by token."""
        row = self.get_object()
        policy_withdraw(actor=self.actor, policy_id=row.pk, **self.checked(request.data))
        return self.answer(policy_get(self.actor, row.pk))


class PolicyVersionOut(serializers.ModelSerializer[PolicyVersion]):
    id = IdField()
    policy = ReferenceField()
    published_by = ReferenceField()
    binds_roles = serializers.ListField(child=serializers.CharField())
    version = serializers.IntegerField(source="revision", help_text="Of the draft; its ETag.")

    class Meta:
        model = PolicyVersion
        fields = [
            "id", "policy", "number", "text", "summary", "binds_roles", "acknowledge_within_days", "effective_on",
            "published_at", "published_by", "version",
        ]  # fmt: skip


class PolicyDraftIn(Input):
    policy = ReferenceField(scope=lambda actor: policies_for(actor, "policy.edit"))


class PublishPolicyIn(Input):
    effective_on = DayField()
    summary = TextField(max_length=2_000)


class PolicyVersions(Creates, Changes, Deletes):
    """Versions of policies. POST begins a draft as a copy of the latest; PATCH, DELETE and publish need If-Match."""

    action_map = {
        "list": "policy.view",
        "retrieve": "policy.view",
        "create": "policy.edit",
        "partial_update": "policy.edit",
        "destroy": "policy.edit",
        "publish": "policy.publish",
    }
    queryset = PolicyVersion.objects.none()
    selector = staticmethod(policy_versions_for)
    listing = POLICY_VERSIONS
    serializer_class = PolicyVersionOut
    input_classes = {"create": PolicyDraftIn, "partial_update": TextShape, "publish": PublishPolicyIn}
    versioned = ("partial_update", "destroy", "publish")
    bulk = 100

    def create_one(self, data: dict[str, Any]) -> PolicyVersion:
        return policy_draft_begin(actor=self.actor, policy_id=data["policy"].pk)

    def update_one(self, row: PolicyVersion, data: dict[str, Any], version: int | None) -> PolicyVersion:
        return policy_draft_change(actor=self.actor, version_id=row.pk, revision=version or row.revision, values=data)

    def delete_one(self, row: PolicyVersion) -> None:
        policy_draft_discard(actor=self.actor, version_id=row.pk, revision=require_version(self.request, row.revision))

    def version_of(self, row: PolicyVersion) -> int | None:
        return require_version(self.request, row.revision)

    @action(detail=True, methods=["post"])
    def publish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put it in force from a day on. Never by token."""
        row = self.get_object()
        revision = require_version(request, row.revision)
        made = policy_publish(actor=self.actor, version_id=row.pk, revision=revision, **self.checked(request.data))
        return self.answer(made)

    def answer(self, row: Any, status: int = 200, *, location: str = "") -> Response:
        answer = super().answer(row, status, location=location)
        answer["ETag"] = etag(row.revision)
        return answer


class AcknowledgementOut(serializers.ModelSerializer[PolicyAcknowledgement]):
    id = IdField()
    policy_version = ReferenceField(source="version")
    user = ReferenceField()

    class Meta:
        model = PolicyAcknowledgement
        fields = ["id", "policy_version", "user", "acknowledged_at"]


class AcknowledgementIn(Input):
    policy_version = ReferenceField(scope=lambda actor: policy_versions_for(actor, "policy.view"))


class Acknowledgements(Creates):
    """Who has read what: one's own, and everybody's for those who watch over it. POST is in person, never by token."""

    action_map = {
        "list": "acknowledgement.view",
        "retrieve": "acknowledgement.view",
        "create": "policy.acknowledge",
    }
    queryset = PolicyAcknowledgement.objects.none()
    selector = staticmethod(acknowledgements_for)
    listing = ACKNOWLEDGEMENTS
    serializer_class = AcknowledgementOut
    input_classes = {"create": AcknowledgementIn}
    http_method_names = ["get", "head", "post"]
    bulk = 100

    def create_one(self, data: dict[str, Any]) -> PolicyAcknowledgement:
        return policy_acknowledge(actor=self.actor, version_id=data["policy_version"].pk)
