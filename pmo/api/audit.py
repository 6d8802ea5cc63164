"""audit-events: who changed what, when, from what to what. Read only, for ever."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from pmo.api.resource import Resource
from pmo.kit.api import IdField, ReferenceField
from pmo.listings.audit import AUDIT
from pmo.models import AuditEvent
from pmo.selectors.office import audit_events_for


class AuditEventOut(serializers.ModelSerializer[AuditEvent]):
    id = IdField()
    user = ReferenceField()
    user_name = serializers.SerializerMethodField()
    project = serializers.CharField(source="project_ref", read_only=True, allow_null=True)
    before = serializers.SerializerMethodField(help_text="null for those who may not see money.")
    after = serializers.SerializerMethodField(help_text="null for those who may not see money.")

    class Meta:
        model = AuditEvent
        fields = [
            "id", "at", "user", "user_name", "token_prefix", "action", "object_type", "object_id", "label", "project",
            "before", "after",
        ]  # fmt: skip

    def get_user_name(self, event: AuditEvent) -> str:
        return str(event.user) if event.user else ""

    def get_before(self, event: AuditEvent) -> dict[str, Any] | None:
        return event.before if self._money else None

    def get_after(self, event: AuditEvent) -> dict[str, Any] | None:
        return event.after if self._money else None

    @property
    def _money(self) -> bool:
        return bool(self.context["request"].auth.allows("money.view"))


class AuditEvents(Resource):
    """The log of changes: the organisation's, or that of the projects one answers for."""

    action_map = {"list": "audit.view", "retrieve": "audit.view"}
    queryset = AuditEvent.objects.none()
    selector = staticmethod(audit_events_for)
    listing = AUDIT
    serializer_class = AuditEventOut
    http_method_names = ["get", "head"]
