"""compliance: what is kept of each project's compliance, and one project's list behind the percentage, at any day."""

from __future__ import annotations

from datetime import date
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Resource
from pmo.kit.api import IdField, PercentField
from pmo.kit.parameters import parse_value
from pmo.selectors.clock import status_date_of
from portfolio.analysis.compliance import Judged, percent_shown, summed
from portfolio.listings.compliance import COMPLIANCE
from portfolio.models import ProjectCompliance
from portfolio.selectors.compliance import compliance_projects, judged_at
from projects.models import Project

COUNTS = ("applicable", "met", "waived", "late", "breached", "due_soon")


class ComplianceOut(serializers.ModelSerializer[Project]):
    """A project with what is kept of its compliance; null where nothing has been computed or nothing is due yet."""

    id = IdField()
    percent = PercentField(source="compliance.percent", default=None, read_only=True)
    why_undefined = serializers.CharField(source="compliance.why_undefined", default="", read_only=True)
    applicable = serializers.IntegerField(source="compliance.applicable", default=0, read_only=True)
    met = serializers.IntegerField(source="compliance.met", default=0, read_only=True)
    waived = serializers.IntegerField(source="compliance.waived", default=0, read_only=True)
    late = serializers.IntegerField(source="compliance.late", default=0, read_only=True)
    breached = serializers.IntegerField(source="compliance.breached", default=0, read_only=True)
    due_soon = serializers.IntegerField(source="compliance.due_soon", default=0, read_only=True)
    as_of = serializers.DateField(source="compliance.as_of", default=None, read_only=True)

    class Meta:
        model = Project
        fields = ["id", "code", "name", "percent", "why_undefined", *COUNTS, "as_of"]


class RequirementOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["activity", "deliverable", "gate", "policy"])
    id = serializers.CharField(help_text="Of the project's activity, deliverable or gate, or of the policy.")
    key = serializers.CharField()
    name = serializers.CharField()
    phase = serializers.CharField()
    mandatory = serializers.BooleanField()
    requirement_state = serializers.ChoiceField(
        choices=["breach", "due", "waived", "late", "open", "met", "not_applicable"]
    )
    due = serializers.DateField(allow_null=True)
    deadline = serializers.DateField(allow_null=True, help_text="The due day, moved by waivers granted in time.")
    done_on = serializers.DateField(allow_null=True)
    waived_until = serializers.DateField(allow_null=True)
    counted = serializers.BooleanField(help_text="In the percentage.")
    in_time = serializers.BooleanField()


class ProjectComplianceOut(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    percent = serializers.CharField(allow_null=True)
    why_undefined = serializers.CharField()
    applicable = serializers.IntegerField()
    met = serializers.IntegerField()
    waived = serializers.IntegerField()
    late = serializers.IntegerField()
    breached = serializers.IntegerField()
    due_soon = serializers.IntegerField()
    requirements = RequirementOut(many=True)


class Compliance(Resource):
    """The compliance of projects with their standard and the policies. Its list filters like the matrix."""

    action_map = {"list": "compliance.view", "retrieve": "compliance.view", "project": "compliance.view"}
    queryset = ProjectCompliance.objects.none()
    selector = staticmethod(compliance_projects)
    listing = COMPLIANCE
    serializer_class = ComplianceOut
    output_classes = {"project": ProjectComplianceOut}
    parameters = {"project": ("as_of",)}
    http_method_names = ["get", "head"]

    def project(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One project's percentage and the list behind it, as kept or, with as_of, as it was on that day."""
        project = self.get_object()
        raw = request.query_params.get("as_of")
        day: date = parse_value("as_of", raw, "date") if raw else status_date_of(self.actor.organisation)
        judged = judged_at(project, day)
        sums = summed(judged)
        percent = percent_shown(sums)
        return Response(
            {
                "as_of": day,
                "percent": None if percent is None else f"{percent:.2f}",
                "why_undefined": sums.why_undefined,
                **{name: getattr(sums, name) for name in COUNTS},
                "requirements": [_shown(item) for item in judged],
            }
        )


def _shown(item: Judged) -> dict[str, Any]:
    asked = item.requirement
    return {
        "kind": asked.kind,
        "id": str(asked.id),
        "key": asked.key,
        "name": asked.name,
        "phase": asked.phase_name,
        "mandatory": asked.mandatory,
        "requirement_state": item.state,
        "due": asked.due,
        "deadline": item.deadline,
        "done_on": item.done_on,
        "waived_until": item.until,
        "counted": item.counted,
        "in_time": item.in_time,
    }
