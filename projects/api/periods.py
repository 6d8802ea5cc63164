"""periods: which months take postings. Only people close and reopen them, never tokens."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from pmo.api.office import OfficeView
from pmo.api.resource import Input
from pmo.kit.api import TextField, etag, require_version
from pmo.services.periods import period_close, period_reopen
from projects.selectors.periods import PeriodRow, month_from, period_row, periods_of


class PeriodOut(serializers.Serializer[Any]):
    """A month. `version` 0: never closed. `spent`: actual cost and accruals by currency."""

    month = serializers.CharField(source="key", read_only=True, help_text="Such as 2026-10.")
    state = serializers.ChoiceField(choices=["open", "closed"], read_only=True)
    entries = serializers.IntegerField(read_only=True)
    spent = serializers.DictField(child=serializers.CharField(), read_only=True)
    changed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    changed_by = serializers.CharField(read_only=True, allow_blank=True)
    reason = serializers.CharField(read_only=True, allow_blank=True)
    version = serializers.IntegerField(read_only=True)

    def to_representation(self, instance: PeriodRow) -> dict[str, Any]:
        shown = super().to_representation(instance)
        shown["spent"] = {currency: f"{amount:.2f}" for currency, amount in sorted(instance.spent.items())}
        return shown


class PeriodsOut(serializers.Serializer[Any]):
    """All months, in one page."""

    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = PeriodOut(many=True)


class CloseIn(Input):
    reason = TextField(required=False, allow_blank=True, max_length=500)


class ReopenIn(Input):
    reason = TextField(max_length=500)


class Periods(OfficeView, ViewSet):
    """Months with entries, newest first. A closed month refuses every posting and names the one that takes it."""

    action_map = {"list": "period.close", "close": "period.close", "reopen": "period.close"}
    input_classes = {"close": CloseIn, "reopen": ReopenIn}
    output_classes = {"list": PeriodsOut}
    serializer_class = PeriodOut
    versioned = ("close", "reopen")
    lookup_field = "month"
    lookup_value_regex = "[0-9]{4}-[0-9]{2}"

    def list(self, request: Request) -> Response:
        """Every month with entries, every month ever closed, and the present one."""
        rows = PeriodOut(periods_of(self.actor), many=True).data
        return Response({"count": len(rows), "next": None, "previous": None, "results": rows})

    @action(detail=True, methods=["post"])
    def close(self, request: Request, month: str) -> Response:
        """Close the month. If-Match names the version seen ("v0": never closed)."""
        return self._turn(request, month, CloseIn, period_close)

    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, month: str) -> Response:
        """Let the month take postings again, with the reason."""
        return self._turn(request, month, ReopenIn, period_reopen)

    def _turn(self, request: Request, month: str, shape: type[Input], service: Any) -> Response:
        day = month_from(month)
        version = require_version(request, period_row(self.actor, day).version)
        given = shape(data=request.data)
        given.is_valid(raise_exception=True)
        service(actor=self.actor, month=day, version=version, reason=given.validated_data.get("reason", ""))
        row = period_row(self.actor, day)
        return Response(PeriodOut(row).data, headers={"ETag": etag(row.version)})
