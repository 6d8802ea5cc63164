"""How the difference of two budget versions, and the bridge between baselines, are written in JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from pmo.kit.money import money_string
from projects.analysis.bridge import Bridge
from projects.analysis.budget_diff import Diff
from projects.models import Budget


class _Amounts(serializers.Serializer[Any]):
    before = serializers.CharField()
    after = serializers.CharField()
    difference = serializers.CharField()


class DiffLineOut(_Amounts):
    phase = serializers.CharField()
    category = serializers.CharField()
    expense_type = serializers.CharField()
    funding_source = serializers.CharField()
    period = serializers.CharField(allow_null=True)
    state = serializers.CharField(help_text="added, removed, changed or same")


class DiffMonthOut(_Amounts):
    period = serializers.CharField(allow_null=True)


class DiffOut(_Amounts):
    budget = serializers.CharField()
    against = serializers.CharField()
    currency = serializers.CharField()
    lines = DiffLineOut(many=True)
    months = DiffMonthOut(many=True)


class BridgeStepOut(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="change, budget, so_far, remaining or estimate")
    title = serializers.CharField()
    amount = serializers.CharField()
    reaches = serializers.CharField()
    baseline = serializers.IntegerField(allow_null=True)
    change_request = serializers.IntegerField(allow_null=True)


class BridgeOut(serializers.Serializer[Any]):
    status_date = serializers.DateField()
    currency = serializers.CharField()
    start = serializers.CharField(allow_null=True)
    steps = BridgeStepOut(many=True)
    end = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)


def diff_shown(found: Diff, before: Budget, after: Budget) -> dict[str, Any]:
    """The answer of budgets/{id}/diff/."""
    currency = after.project.currency

    def amounts(row: Any) -> dict[str, str]:
        return {name: money_string(getattr(row, name), currency) for name in ("before", "after", "difference")}

    return {
        "budget": str(after.pk),
        "against": str(before.pk),
        "currency": currency,
        **amounts(found),
        "lines": [
            {
                **change.key._asdict(),
                "period": f"{change.key.period:%Y-%m}" if change.key.period else None,
                "state": change.state,
                **amounts(change),
            }
            for change in found.changes
        ],
        "months": [
            {"period": f"{month.period:%Y-%m}" if month.period else None, **amounts(month)} for month in found.months
        ],
    }


def bridge_shown(found: Bridge, currency: str) -> dict[str, Any]:
    """The answer of projects/{id}/bridge/, without its date."""

    def money(value: Decimal | None) -> str | None:
        return None if value is None else money_string(value, currency)

    return {
        "currency": currency,
        "start": money(found.start),
        "steps": [
            {
                "kind": step.kind,
                "title": step.title,
                "amount": money(step.amount),
                "reaches": money(step.reaches),
                "baseline": step.baseline,
                "change_request": step.request,
            }
            for step in found.steps
        ],
        "end": money(found.end),
        "reason": found.reason,
    }
