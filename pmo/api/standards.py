"""standards, standard-versions, phases, activities, deliverables, gates, tailoring-rules, tier-models.

Drafts are written here; what is published only reads. Each write of a draft's part needs If-Match with the draft's
revision, which is the ETag of the version: of two writers the second is told.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Changes, Creates, Deletes, Input
from pmo.kit.api import IdField, ReferenceField, TextField, require_version
from pmo.kit.api_writes import etag
from pmo.kit.errors import ApplicationError
from pmo.listings.standards import STANDARD_VERSIONS, STANDARDS, TIER_MODELS
from pmo.models import Standard, StandardVersion, TierModel
from pmo.selectors.office import standards_for
from pmo.selectors.standards import library_for, tier_models_for
from pmo.services.standards import (
    draft_begin,
    draft_discard,
    standard_create,
    standard_import,
    standard_retire,
    standard_update,
    version_publish,
)
from pmo.services.tiers import tier_draft_begin, tier_draft_change, tier_publish

LONG = 10_000


class StandardOut(serializers.ModelSerializer[Standard]):
    id = IdField()

    class Meta:
        model = Standard
        fields = ["id", "slug", "name", "description", "source", "licence", "retired_at"]


class StandardShape(Input):
    name = TextField(max_length=200)
    slug = TextField(max_length=60, help_text="Small letters, digits and hyphens.")
    description = TextField(required=False, allow_blank=True, max_length=LONG)
    source = TextField(required=False, allow_blank=True, max_length=300)
    licence = TextField(required=False, allow_blank=True, max_length=300)


class RetireIn(Input):
    retired = serializers.BooleanField()


class Standards(Creates, Changes):
    """The organisation's standards. A new one begins with an empty draft."""

    action_map = {
        "list": "standard.view",
        "retrieve": "standard.view",
        "create": "standard.edit",
        "partial_update": "standard.edit",
        "retire": "standard.publish",
    }
    queryset = Standard.objects.none()
    selector = staticmethod(standards_for)
    listing = STANDARDS
    serializer_class = StandardOut
    input_classes = {"create": StandardShape, "partial_update": StandardShape, "retire": RetireIn}
    http_method_names = ["get", "head", "post", "patch"]

    def create_one(self, data: dict[str, Any]) -> Standard:
        return standard_create(actor=self.actor, values=data).standard

    def update_one(self, row: Standard, data: dict[str, Any], version: int | None) -> Standard:
        return standard_update(actor=self.actor, standard_id=row.pk, values=data)

    @action(detail=True, methods=["post"])
    def retire(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Let no new project follow it (retired true), or let them again. Never by token."""
        row = self.get_object()
        return self.answer(standard_retire(actor=self.actor, standard_id=row.pk, **self.checked(request.data)))


class StandardVersionOut(serializers.ModelSerializer[StandardVersion]):
    id = IdField()
    standard = ReferenceField()
    copied_from = ReferenceField()
    published_by = ReferenceField()
    state = serializers.CharField(help_text="draft, published, superseded or retired.")
    projects = serializers.IntegerField(source="followers", help_text="Running projects that follow it.")
    version = serializers.IntegerField(source="revision", help_text="Of the draft; its ETag.")

    class Meta:
        model = StandardVersion
        fields = [
            "id", "standard", "number", "state", "projects", "published_at", "published_by", "copied_from", "summary",
            "version",
        ]  # fmt: skip


class VersionIn(Input):
    """Begin a draft: a copy of the standard's latest version, or the content of a YAML file."""

    standard = ReferenceField(scope=lambda actor: standards_for(actor, "standard.edit"), required=False)
    yaml = TextField(required=False, max_length=520_000)


class PublishIn(Input):
    summary = TextField(max_length=LONG)


class StandardVersions(Creates, Deletes):
    """Versions with their state. DELETE and publish need If-Match; a published one never changes."""

    action_map = {
        "list": "standard.view",
        "retrieve": "standard.view",
        "create": "standard.edit",
        "destroy": "standard.edit",
        "publish": "standard.publish",
    }
    queryset = StandardVersion.objects.none()
    selector = staticmethod(library_for)
    listing = STANDARD_VERSIONS
    serializer_class = StandardVersionOut
    input_classes = {"create": VersionIn, "publish": PublishIn}
    versioned = ("destroy", "publish")
    http_method_names = ["get", "head", "post", "delete"]
    bulk = 10

    def create_one(self, data: dict[str, Any]) -> StandardVersion:
        if ("standard" in data) == ("yaml" in data):
            raise ApplicationError(_("Name either a standard to copy or a YAML text."), field="standard")
        if "yaml" in data:
            made = standard_import(actor=self.actor, data=data["yaml"].encode())
        else:
            made = draft_begin(actor=self.actor, standard_id=data["standard"].pk)
        return self._again(made)

    def delete_one(self, row: StandardVersion) -> None:
        revision = require_version(self.request, row.revision)
        draft_discard(actor=self.actor, version_id=row.pk, revision=revision)

    @action(detail=True, methods=["post"])
    def publish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put the draft in force for new projects. Never by token."""
        row = self.get_object()
        revision = require_version(request, row.revision)
        made = version_publish(actor=self.actor, version_id=row.pk, revision=revision, **self.checked(request.data))
        return self.answer(self._again(made))

    def answer(self, row: Any, status: int = 200, *, location: str = "") -> Response:
        answer = super().answer(row, status, location=location)
        answer["ETag"] = etag(row.revision)
        return answer

    def _again(self, made: StandardVersion) -> StandardVersion:
        return library_for(self.actor, "standard.view").get(pk=made.pk)


class TierModelOut(serializers.ModelSerializer[TierModel]):
    id = IdField()

    class Meta:
        model = TierModel
        fields = [
            "id", "number", "name", "source", "factors", "size_bands", "complexity_bands", "tiers", "grid",
            "published_at",
        ]  # fmt: skip


class TierNothingIn(Input):
    """An empty body."""


class TierModelIn(Input):
    name = TextField(max_length=200)
    source = TextField(required=False, allow_blank=True, max_length=300)
    factors = serializers.JSONField(help_text="[{key, text, help, answers: [{score, text}]}], four answers each.")
    size_bands = serializers.JSONField(help_text="{budget, months, team: [{key, name, from}]}")
    complexity_bands = serializers.JSONField(help_text="[{key, name, from}]")
    tiers = serializers.JSONField(help_text="[{tier, name, says}]")
    grid = serializers.JSONField(help_text="{size: {complexity: tier}}")


class TierModels(Creates, Changes):
    """How size and complexity give a tier. POST begins a draft, a copy of the latest; a published one never changes."""

    action_map = {
        "list": "standard.view",
        "retrieve": "standard.view",
        "create": "standard.edit",
        "partial_update": "standard.edit",
        "publish": "standard.publish",
    }
    queryset = TierModel.objects.none()
    selector = staticmethod(tier_models_for)
    listing = TIER_MODELS
    serializer_class = TierModelOut
    input_classes = {"create": TierNothingIn, "partial_update": TierModelIn, "publish": TierNothingIn}
    http_method_names = ["get", "head", "post", "patch"]
    bulk = 1

    def create_one(self, data: dict[str, Any]) -> TierModel:
        return tier_draft_begin(actor=self.actor)

    def update_one(self, row: TierModel, data: dict[str, Any], version: int | None) -> TierModel:
        return tier_draft_change(actor=self.actor, model_id=row.pk, values=data)

    @action(detail=True, methods=["post"])
    def publish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Measure projects by it from now on. Never by token."""
        row = self.get_object()
        self.checked(request.data)
        return self.answer(tier_publish(actor=self.actor, model_id=row.pk))
