"""findings: what the rules saw, and what people do with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Input, Resource
from pmo.kit.api import DayField, IdField, ReferenceField, TextField, if_match
from pmo.models import Person
from portfolio.listings.findings import FINDINGS
from portfolio.models import Finding
from portfolio.selectors.findings import attach_history, attach_projects, findings_listed
from portfolio.services.findings import (
    BULK_LIMIT,
    finding_acknowledge,
    finding_assign,
    finding_comment,
    finding_reopen,
    finding_suppress,
    finding_treat,
    findings_acknowledge,
)


class ConcernedOut(serializers.Serializer[Any]):
    """A project that a finding concerns."""

    id = IdField()
    code = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)


class EvidenceOut(serializers.Serializer[Any]):
    """One figure a finding rests on. `unit`: a currency, %, index, days, date, projects or text."""

    label = serializers.CharField(read_only=True)
    value = serializers.CharField(read_only=True, allow_null=True)
    unit = serializers.CharField(read_only=True)
    project = serializers.CharField(read_only=True, allow_null=True)
    metric = serializers.CharField(read_only=True, allow_null=True)


class HistoryOut(serializers.Serializer[Any]):
    """One line of a finding's history, newest first."""

    at = serializers.DateTimeField(read_only=True)
    user = serializers.CharField(source="user.name", read_only=True, allow_null=True, default=None)
    kind = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)


class FindingOut(serializers.ModelSerializer[Finding]):
    id = IdField()
    owner = ReferenceField()
    projects = ConcernedOut(source="projects_shown", many=True, read_only=True)
    evidence = EvidenceOut(many=True, read_only=True)
    history = HistoryOut(source="history_shown", many=True, read_only=True)

    class Meta:
        model = Finding
        fields = [
            "id", "rule", "scope", "severity", "title", "detail", "subject", "projects", "evidence", "status",
            "owner", "due", "suppressed_until", "suppress_reason", "first_seen", "last_seen", "resolved_at", "history",
            "version",
        ]  # fmt: skip


class AcknowledgedOut(serializers.Serializer[Any]):
    """How many of the findings were open and are acknowledged now."""

    acknowledged = serializers.IntegerField(read_only=True)


class NothingIn(Input):
    """No fields."""


class BulkIn(Input):
    ids = serializers.ListField(child=TextField(max_length=18), min_length=1, max_length=BULK_LIMIT)


class AssignIn(Input):
    owner = ReferenceField(scope=lambda actor: Person.objects.filter(organisation=actor.organisation), allow_null=True)
    due = DayField(required=False, allow_null=True)


class TreatIn(Input):
    note = TextField(required=False, allow_blank=True, max_length=2000)


class SuppressIn(Input):
    until = DayField()
    reason = TextField(max_length=500)


class CommentIn(Input):
    text = TextField(max_length=2000)


def attach(rows: Sequence[Finding]) -> None:
    """Projects and history: two queries for any number of findings."""
    attach_projects(rows)
    attach_history(rows)


class Findings(Resource):
    """Findings within the caller's reach. A finding across projects is visible to who may see all of them."""

    action_map = {
        "list": "finding.view",
        "retrieve": "finding.view",
        "acknowledge_many": "finding.resolve",
        "acknowledge": "finding.resolve",
        "assign": "finding.resolve",
        "treat": "finding.resolve",
        "suppress": "finding.resolve",
        "reopen": "finding.resolve",
        "comment": "comment.write",
    }
    queryset = Finding.objects.none()
    selector = staticmethod(findings_listed)
    listing = replace(FINDINGS, prepare=attach)
    serializer_class = FindingOut
    input_classes = {
        "acknowledge_many": BulkIn,
        "acknowledge": NothingIn,
        "assign": AssignIn,
        "treat": TreatIn,
        "suppress": SuppressIn,
        "reopen": NothingIn,
        "comment": CommentIn,
    }
    output_classes = {"acknowledge_many": AcknowledgedOut}
    http_method_names = ["get", "head", "post"]

    def answer(self, row: Any, status: int = 200, *, location: str = "") -> Response:
        """The finding with its projects and history."""
        attach([row])
        return super().answer(row, status, location=location)

    def _act(self, service: Callable[..., Any], **values: Any) -> Response:
        """Call the service for the finding of the address, under If-Match where it is given."""
        pk = self.get_object().pk
        return self.answer(service(actor=self.actor, finding_id=pk, version=if_match(self.request), **values))

    @action(detail=False, methods=["post"], url_path="bulk-acknowledge")
    def acknowledge_many(self, request: Request) -> Response:
        """Acknowledge up to 1,000 findings, all or nothing."""
        given = self.checked(request.data)["ids"]
        ids = [int(text) if text.isascii() and text.isdigit() else 0 for text in given]
        return Response({"acknowledged": findings_acknowledge(actor=self.actor, finding_ids=ids)})

    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        """Say that it was seen and is taken seriously."""
        self.checked(request.data)
        return self._act(finding_acknowledge)

    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        """Say who looks after it, and until when. `owner` null: nobody any more."""
        data = self.checked(request.data)
        owner = data["owner"]
        return self._act(finding_assign, person_id=owner.pk if owner else None, due=data.get("due"))

    @action(detail=True, methods=["post"])
    def treat(self, request: Request, pk: str) -> Response:
        """Say that something is being done about it."""
        return self._act(finding_treat, note=self.checked(request.data).get("note", ""))

    @action(detail=True, methods=["post"])
    def suppress(self, request: Request, pk: str) -> Response:
        """Put it out of sight until a date, with the reason."""
        return self._act(finding_suppress, **self.checked(request.data))

    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Back to open."""
        self.checked(request.data)
        return self._act(finding_reopen)

    @action(detail=True, methods=["post"])
    def comment(self, request: Request, pk: str) -> Response:
        """Add a sentence to its history."""
        row = self.get_object()
        finding_comment(actor=self.actor, finding_id=row.pk, text=self.checked(request.data)["text"])
        return self.answer(row)
