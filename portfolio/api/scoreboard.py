"""scoreboard: which estimate at completion was right, of projects that are finished."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from pmo.api.office import OfficeView
from pmo.kit.export import rows_response
from pmo.kit.parameters import parse_text, parse_value
from portfolio.listings.scoreboard import SCOREBOARD, lines_of
from portfolio.selectors.scoreboard import TYPES, Finished, scoreboard, why_silent
from projects.analysis.scoreboard import Checkpoint, TypeScore
from projects.api.performance import shown_as


class TypeScoreOut(serializers.Serializer[Any]):
    """`type` "": all of them. `errors`: mean absolute error in percent of the final cost by method."""

    type = serializers.CharField(allow_blank=True)
    at = serializers.IntegerField(help_text="Percent of the work done: 25, 50 or 75.")
    compared = serializers.IntegerField()
    errors = serializers.DictField(child=serializers.CharField(allow_null=True))
    counts = serializers.DictField(child=serializers.IntegerField())
    best = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_null=True)


class MissOut(serializers.Serializer[Any]):
    method = serializers.CharField()
    estimate = serializers.CharField(allow_null=True)
    error_percent = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True, help_text="Why the method was undefined.")


class CheckpointOut(serializers.Serializer[Any]):
    at = serializers.IntegerField()
    on = serializers.DateField(allow_null=True)
    percent_complete = serializers.CharField(allow_null=True)
    best = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_null=True)
    methods = MissOut(many=True)


class FinishedOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    types = serializers.ListField(child=serializers.CharField())
    currency = serializers.CharField()
    finished_on = serializers.DateField(allow_null=True)
    final_cost = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_blank=True, help_text="Why it tells nothing.")
    checkpoints = CheckpointOut(many=True)


class ScoreboardOut(serializers.Serializer[Any]):
    """All of it in one page: at most the thousand projects finished last."""

    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    by = serializers.ChoiceField(choices=TYPES)
    scores = TypeScoreOut(many=True)
    results = FinishedOut(many=True)


class ScoreboardView(OfficeView, ViewSet):
    """How the five estimates fared at 25, 50 and 75 % of the work, by type of project."""

    action_map = {"list": "money.view"}
    parameters = {"list": ("by", "portfolio", "format")}
    output_classes = {"list": ScoreboardOut}
    serializer_class = ScoreboardOut

    def list(self, request: Request) -> HttpResponseBase:
        """Finished projects whose money the caller may see; `by` portfolio, programme, tier or tag."""
        given = request.query_params
        by = parse_value("by", given.get("by") or TYPES[0], "choice", dict.fromkeys(TYPES))
        formats = dict.fromkeys(("json", "csv", "xlsx"))
        file_format = parse_value("format", given.get("format") or "json", "choice", formats)
        found = scoreboard(self.actor, by=by, portfolio=parse_text("portfolio", given.get("portfolio", "")))
        if file_format != "json":
            self.actor.require("export.run")
            return rows_response(
                SCOREBOARD.parse({"format": file_format}), lines_of(found.compared), title=str(SCOREBOARD.label),
                file_format=file_format, stem=f"{self.actor.organisation.slug}-scoreboard",
            )  # fmt: skip
        rows = [*found.compared, *found.silent]
        return Response(
            {
                "count": len(rows),
                "next": None,
                "previous": None,
                "by": by,
                "scores": [_score(point) for point in (*found.whole, *found.types)],
                "results": [_finished(one, one in found.silent) for one in rows],
            }
        )


def _percent(value: Decimal | None) -> str | None:
    return shown_as("percent", value, "")


def _score(point: TypeScore) -> dict[str, Any]:
    return {
        "type": point.kind,
        "at": int(point.at),
        "compared": point.compared,
        "errors": {method: _percent(error) for method, error in point.errors.items()},
        "counts": point.counts,
        "best": point.best,
        "reason": point.reason,
    }


def _finished(one: Finished, silent: bool) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "code": one.code,
        "name": one.name,
        "types": list(one.kinds),
        "currency": one.currency,
        "finished_on": one.finished_on,
        "final_cost": shown_as("money", one.score.final, one.currency),
        "reason": why_silent(one) if silent else "",
        "checkpoints": [_checkpoint(point, one.currency) for point in one.score.checkpoints],
    }


def _checkpoint(point: Checkpoint, currency: str) -> dict[str, Any]:
    return {
        "at": int(point.at),
        "on": point.on,
        "percent_complete": _percent(point.percent),
        "best": point.best,
        "reason": point.reason,
        "methods": [
            {
                "method": miss.method,
                "estimate": shown_as("money", miss.estimate, currency),
                "error_percent": _percent(miss.error_percent),
                "reason": miss.reason,
            }
            for miss in point.misses
        ],
    }
