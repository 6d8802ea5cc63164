"""stakeholders, communications."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Changes, Creates, Deletes, Input
from pmo.kit.api import DayField, IdField, ReferenceField, TextField, WholeField
from pmo.selectors.clock import today_in
from projects.api.references import person_in, project_in, stakeholder_in
from projects.listings.stakeholders import COMMUNICATIONS, STAKEHOLDERS
from projects.models import Communication, CommunicationPlanItem, Stakeholder
from projects.selectors.stakeholders import DueShown, due_shown, plan_items_for, stakeholders_for
from projects.services.communication import communication_mark, plan_item_create, plan_item_stop, plan_item_update
from projects.services.stakeholders import stakeholder_create, stakeholder_remove, stakeholder_update

VIEW, EDIT = "stakeholder.view", "stakeholder.edit"


def _keyed(data: dict[str, Any], *references: str) -> dict[str, Any]:
    """The values, with references to people as keys."""
    for name in references:
        if name in data:
            found = data.pop(name)
            data[f"{name}_id"] = found.pk if found is not None else None
    return data


class StakeholderOut(serializers.ModelSerializer[Stakeholder]):
    id = IdField()
    project = ReferenceField()
    person = ReferenceField()

    class Meta:
        model = Stakeholder
        fields = [
            "id", "project", "name", "group", "person", "interest", "influence", "stance", "wanted_stance",
            "expectations", "version",
        ]  # fmt: skip


class StakeholderChange(Input):
    name = TextField(max_length=200)
    group = TextField(max_length=200, required=False, allow_blank=True)
    person = person_in()
    interest = WholeField(min_value=1, max_value=5, help_text="1 low to 5 high.")
    influence = WholeField(min_value=1, max_value=5, help_text="1 low to 5 high.")
    stance = serializers.ChoiceField(choices=Stakeholder.Stance.choices, required=False)
    wanted_stance = serializers.ChoiceField(choices=Stakeholder.Stance.choices, required=False, allow_blank=True)
    expectations = TextField(max_length=10_000, required=False, allow_blank=True)


class StakeholderIn(StakeholderChange):
    project = project_in(EDIT)


class Stakeholders(Creates, Changes, Deletes):
    """Who has an interest in a project. Deleting takes somebody off the register; what they were told stays."""

    action_map = {"list": VIEW, "retrieve": VIEW, "create": EDIT, "partial_update": EDIT, "destroy": EDIT}
    queryset = Stakeholder.objects.none()
    selector = staticmethod(stakeholders_for)
    listing = STAKEHOLDERS
    serializer_class = StakeholderOut
    input_classes = {"create": StakeholderIn, "partial_update": StakeholderChange}
    versioned = ("partial_update",)

    def create_one(self, data: dict[str, Any]) -> Stakeholder:
        project = data.pop("project")
        return stakeholder_create(actor=self.actor, project_id=project.pk, values=_keyed(data, "person"))

    def update_one(self, row: Stakeholder, data: dict[str, Any], version: int | None) -> Stakeholder:
        return stakeholder_update(
            actor=self.actor, stakeholder_id=row.pk, values=_keyed(data, "person"), version=version
        )

    def delete_one(self, row: Stakeholder) -> None:
        stakeholder_remove(actor=self.actor, stakeholder_id=row.pk)


class CommunicationOut(serializers.ModelSerializer[CommunicationPlanItem]):
    id = IdField()
    project = ReferenceField()
    responsible = ReferenceField()
    audience = serializers.SerializerMethodField()

    class Meta:
        model = CommunicationPlanItem
        fields = [
            "id", "project", "message", "purpose", "audience", "channel", "cadence", "starts_on", "ends_on",
            "responsible", "stopped_at", "version",
        ]  # fmt: skip

    def get_audience(self, row: CommunicationPlanItem) -> list[str]:
        """The ids of the stakeholders it is for."""
        return [str(heard.stakeholder_id) for heard in row.audiences.all()]


class CommunicationChange(Input):
    message = TextField(max_length=300)
    purpose = TextField(max_length=10_000, required=False, allow_blank=True)
    audience = serializers.ListField(child=stakeholder_in(EDIT), required=False, max_length=500)
    channel = serializers.ChoiceField(choices=CommunicationPlanItem.Channel.choices)
    cadence = serializers.ChoiceField(choices=CommunicationPlanItem.Cadence.choices)
    starts_on = DayField()
    ends_on = DayField(required=False, allow_null=True)
    responsible = person_in()


class CommunicationIn(CommunicationChange):
    project = project_in(EDIT)


class MarkIn(Input):
    due = DayField()
    state = serializers.ChoiceField(choices=Communication.State.choices)
    note = TextField(max_length=2_000, required=False, allow_blank=True)


class MarkOut(serializers.ModelSerializer[Communication]):
    id = IdField()
    item = ReferenceField()
    project = ReferenceField()
    done_by = ReferenceField()

    class Meta:
        model = Communication
        fields = ["id", "item", "project", "due", "state", "done_on", "done_by", "note"]


class DueOut(serializers.Serializer[DueShown]):
    item = serializers.CharField(source="item.pk")
    project = serializers.CharField(source="item.project_id")
    message = serializers.CharField(source="item.message")
    responsible = serializers.SerializerMethodField()
    due = serializers.DateField(source="day")
    due_state = serializers.CharField(source="state", help_text="missed, due, sent or left_out")

    def get_responsible(self, row: DueShown) -> str | None:
        """The id of the person."""
        return str(row.item.responsible_id) if row.item.responsible_id else None


class Communications(Creates, Changes, Deletes):
    """Messages of communication plans. Deleting stops one: what was sent stays written."""

    action_map = {
        "list": VIEW, "retrieve": VIEW, "create": EDIT, "partial_update": EDIT, "destroy": EDIT, "due": VIEW,
        "mark": "communication.send",
    }  # fmt: skip
    queryset = CommunicationPlanItem.objects.none()
    selector = staticmethod(plan_items_for)
    listing = COMMUNICATIONS
    serializer_class = CommunicationOut
    input_classes = {"create": CommunicationIn, "partial_update": CommunicationChange, "mark": MarkIn}
    versioned = ("partial_update",)

    def create_one(self, data: dict[str, Any]) -> CommunicationPlanItem:
        project, audience = data.pop("project"), data.pop("audience", [])
        return plan_item_create(
            actor=self.actor, project_id=project.pk, values=_keyed(data, "responsible"),
            audience=[heard.pk for heard in audience],
        )  # fmt: skip

    def update_one(
        self, row: CommunicationPlanItem, data: dict[str, Any], version: int | None
    ) -> CommunicationPlanItem:
        audience = data.pop("audience", None)
        changed = plan_item_update(
            actor=self.actor, item_id=row.pk, values=_keyed(data, "responsible"), version=version,
            audience=None if audience is None else [heard.pk for heard in audience],
        )  # fmt: skip
        return plan_items_for(self.actor, EDIT).get(pk=changed.pk)

    def delete_one(self, row: CommunicationPlanItem) -> None:
        plan_item_stop(actor=self.actor, item_id=row.pk)

    @extend_schema(responses=DueOut(many=True))
    @action(detail=False, methods=["get"])
    def due(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every date from three months ago to two weeks ahead, with what became of it. Takes the list's filters."""
        query = self.listing.parse(request.query_params, self.allows)
        rows = due_shown(self.listing.filter(self.get_queryset(), query), today_in(self.actor.organisation))
        return Response({"count": len(rows), "results": DueOut(rows, many=True).data})

    @extend_schema(request=MarkIn, responses={201: MarkOut})
    @action(detail=True, methods=["post"])
    def mark(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say that the message of one date was sent or left out."""
        row = self.get_object()
        made = communication_mark(actor=self.actor, item_id=row.pk, **self.checked(request.data))
        return Response(MarkOut(made).data, status=201)
