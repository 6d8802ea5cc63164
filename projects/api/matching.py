"""unmatched-costs: lines of finance files that wait for their project."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Input, Resource
from pmo.kit.api import DayField, IdField, MoneyField, ReferenceField, TextField
from projects.api.references import project_in
from projects.listings.matching import UNMATCHED
from projects.models import UnmatchedCost
from projects.selectors.matching import unmatched_for
from projects.services.matching import unmatched_dismiss, unmatched_match


class UnmatchedCostOut(serializers.ModelSerializer[UnmatchedCost]):
    id = IdField()
    amount = MoneyField()
    import_batch = ReferenceField()
    suggested = ReferenceField()
    cost_entry = ReferenceField()
    decided_by = ReferenceField()

    class Meta:
        model = UnmatchedCost
        fields = [
            "id", "import_batch", "line", "hint", "amount", "currency", "kind", "category", "incurred_on", "vendor",
            "reference", "description", "source", "external_id", "suggested", "suggested_because", "state",
            "cost_entry", "decided_by", "decided_at", "reason", "version",
        ]  # fmt: skip


class MatchIn(Input):
    project = project_in("cost.post")
    incurred_on = DayField(required=False)


class DismissIn(Input):
    reason = TextField(max_length=500)


class UnmatchedCosts(Resource):
    """The match queue. A line is matched, which posts it, or dismissed with a reason; it is never lost."""

    action_map = {
        "list": "import.run",
        "retrieve": "import.run",
        "match": "import.run",
        "dismiss": "import.run",
    }
    queryset = UnmatchedCost.objects.none()
    selector = staticmethod(unmatched_for)
    listing = UNMATCHED
    serializer_class = UnmatchedCostOut
    input_classes = {"match": MatchIn, "dismiss": DismissIn}
    http_method_names = ["get", "head", "post"]

    @action(detail=True, methods=["post"])
    def match(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Post the line to the project; `incurred_on` where its own month is closed."""
        row = self.get_object()
        data = self.checked(request.data)
        project = data.pop("project")
        done = unmatched_match(actor=self.actor, unmatched_id=row.pk, project_id=project.pk, **data)
        return self.answer(done)

    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that it is nobody's cost here."""
        row = self.get_object()
        return self.answer(unmatched_dismiss(actor=self.actor, unmatched_id=row.pk, **self.checked(request.data)))
