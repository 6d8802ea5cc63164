"""phases, activities, deliverables, gates, tailoring-rules: what stands in a version of a standard.

Written only in a draft; POST, PATCH and DELETE need If-Match with the revision of that draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from pmo.api.resource import Changes, Creates, Deletes, Input
from pmo.kit.api import IdField, ReferenceField, TextField, WholeField, require_version
from pmo.kit.errors import ApplicationError
from pmo.listings.standards import ACTIVITIES, DELIVERABLES, GATES, PHASES, TAILORING_RULES
from pmo.models import Activity, Deliverable, DueFrom, Gate, Obligation, Phase, StandardVersion, TailoringRule
from pmo.selectors.office import activities_for, phases_for, standard_versions_for
from pmo.selectors.standards import deliverables_for, gates_for, tailoring_rules_for
from pmo.services.standard_items import item_add, item_change, item_delete, item_move

LONG = 10_000


def _version_in(**kwargs: Any) -> ReferenceField:
    return ReferenceField(scope=lambda actor: standard_versions_for(actor, "standard.edit"), **kwargs)


def _phase_in(**kwargs: Any) -> ReferenceField:
    return ReferenceField(scope=lambda actor: phases_for(actor, "standard.edit"), **kwargs)


class PhaseOut(serializers.ModelSerializer[Phase]):
    id = IdField()
    standard_version = ReferenceField(source="version")

    class Meta:
        model = Phase
        fields = ["id", "standard_version", "order", "key", "name", "purpose"]


class ActivityOut(serializers.ModelSerializer[Activity]):
    id = IdField()
    phase = ReferenceField()
    template = serializers.CharField(source="template.key", allow_null=True, default=None, help_text="Its key.")

    class Meta:
        model = Activity
        fields = [
            "id", "phase", "order", "key", "name", "obligation", "responsible_role", "why", "how", "template",
            "due_from", "due_days",
        ]  # fmt: skip


class DeliverableOut(serializers.ModelSerializer[Deliverable]):
    id = IdField()
    phase = ReferenceField()
    template = serializers.CharField(source="template.key", allow_null=True, default=None, help_text="Its key.")

    class Meta:
        model = Deliverable
        fields = [
            "id", "phase", "order", "key", "name", "obligation", "responsible_role", "description", "acceptance",
            "template",
        ]  # fmt: skip


class GateOut(serializers.ModelSerializer[Gate]):
    id = IdField()
    phase = ReferenceField()
    approver_roles = serializers.ListField(child=serializers.CharField())
    criteria = serializers.SerializerMethodField()

    class Meta:
        model = Gate
        fields = [
            "id", "phase", "order", "key", "name", "obligation", "responsible_role", "purpose", "at",
            "approver_roles", "quorum", "in_order", "criteria",
        ]  # fmt: skip

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_criteria(self, row: Gate) -> list[dict[str, Any]]:
        return [{"key": each.key, "text": each.text, "mandatory": each.mandatory} for each in row.criteria.all()]


class TailoringRuleOut(serializers.ModelSerializer[TailoringRule]):
    id = IdField()
    standard_version = ReferenceField(source="version")
    targets = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = TailoringRule
        fields = ["id", "standard_version", "order", "name", "effect", "conditions", "targets", "value"]


class PhaseShape(Input):
    name = TextField(max_length=100)
    key = TextField(required=False, max_length=40)
    purpose = TextField(required=False, allow_blank=True, max_length=LONG)
    place = WholeField(required=False, min_value=1, max_value=1_000)


class PhaseIn(PhaseShape):
    standard_version = _version_in()


class RequirementShape(Input):
    """What activities, deliverables and gates have in common. `place` counts from 1 among those of the phase."""

    phase = _phase_in(required=False)
    name = TextField(max_length=200)
    key = TextField(required=False, max_length=60)
    obligation = serializers.ChoiceField(choices=Obligation.choices, required=False)
    responsible_role = TextField(required=False, allow_blank=True, max_length=30)
    place = WholeField(required=False, min_value=1, max_value=1_000)


class ActivityShape(RequirementShape):
    why = TextField(required=False, allow_blank=True, max_length=LONG)
    how = TextField(required=False, allow_blank=True, max_length=LONG)
    template = TextField(required=False, allow_blank=True, max_length=60)
    due_from = serializers.ChoiceField(choices=DueFrom.choices, required=False)
    due_days = WholeField(required=False, min_value=-3650, max_value=3650)


class ActivityIn(ActivityShape):
    phase = _phase_in()


class DeliverableShape(RequirementShape):
    description = TextField(required=False, allow_blank=True, max_length=LONG)
    acceptance = TextField(required=False, allow_blank=True, max_length=LONG)
    template = TextField(required=False, allow_blank=True, max_length=60)


class DeliverableIn(DeliverableShape):
    phase = _phase_in()


class GateShape(RequirementShape):
    purpose = TextField(required=False, allow_blank=True, max_length=LONG)
    at = serializers.ChoiceField(choices=DueFrom.choices, required=False)
    approver_roles = serializers.ListField(child=TextField(max_length=30), max_length=10)
    quorum = WholeField(required=False, min_value=1, max_value=10)
    in_order = serializers.BooleanField(required=False)


class GateIn(GateShape):
    phase = _phase_in()


class TailoringRuleShape(Input):
    name = TextField(max_length=200)
    effect = TextField(
        max_length=20, help_text="leave_out, mandatory, recommended, report_days, approval_limit, quorum."
    )
    conditions = serializers.JSONField(required=False, help_text="All must hold: tier, budget_from, months_below, …")
    targets = serializers.ListField(child=TextField(max_length=80), required=False, max_length=400)
    value = TextField(required=False, allow_blank=True, max_length=40)
    place = WholeField(required=False, min_value=1, max_value=1_000)


class TailoringRuleIn(TailoringRuleShape):
    standard_version = _version_in()


class Items(Creates, Changes, Deletes):
    """One kind of thing in versions of standards."""

    action_map = {
        "list": "standard.view",
        "retrieve": "standard.view",
        "create": "standard.edit",
        "partial_update": "standard.edit",
        "destroy": "standard.edit",
    }
    kind: ClassVar[str]
    bulk = 1
    versioned = ("create", "partial_update", "destroy")

    def version_of_row(self, row: Any) -> StandardVersion:
        """The version it stands in."""
        found: StandardVersion = row.version if self.kind in ("phase", "rule") else row.phase.version
        return found

    def create_one(self, data: dict[str, Any]) -> Any:
        values = dict(data)
        place = values.pop("place", None)
        parent = values.pop("standard_version", None) or values.pop("phase")
        version = parent if isinstance(parent, StandardVersion) else parent.version
        revision = require_version(self.request, version.revision)
        inside = None if parent is version else parent.pk
        row = item_add(
            actor=self.actor, version_id=version.pk, revision=revision, kind=self.kind, values=values, parent_id=inside
        )
        return self._placed(row, version, revision, place)

    def update_one(self, row: Any, data: dict[str, Any], version: int | None) -> Any:
        found, values = self.version_of_row(row), dict(data)
        revision = version or found.revision
        place, phase = values.pop("place", None), values.pop("phase", None)
        if phase is not None and phase.version_id != found.pk:
            raise ApplicationError("The phase is of another version.", field="phase")
        changed = item_change(
            actor=self.actor, version_id=found.pk, revision=revision, kind=self.kind, item_id=row.pk, values=values,
            parent_id=phase.pk if phase is not None else None,
        )  # fmt: skip
        return self._placed(changed, found, revision, place)

    def _placed(self, row: Any, version: StandardVersion, revision: int, place: int | None) -> Any:
        if place is not None:
            item_move(
                actor=self.actor, version_id=version.pk, revision=revision + 1, kind=self.kind, item_id=row.pk, to=place
            )
        return self.permitted("standard.view").get(pk=row.pk)

    def delete_one(self, row: Any) -> None:
        version = self.version_of_row(row)
        revision = require_version(self.request, version.revision)
        item_delete(actor=self.actor, version_id=version.pk, revision=revision, kind=self.kind, item_id=row.pk)

    def version_of(self, row: Any) -> int | None:
        return require_version(self.request, self.version_of_row(row).revision)


class Phases(Items):
    """The phases of a version."""

    kind = "phase"
    queryset = Phase.objects.none()
    selector = staticmethod(phases_for)
    listing = PHASES
    serializer_class = PhaseOut
    input_classes: ClassVar[Mapping[str, Any]] = {"create": PhaseIn, "partial_update": PhaseShape}


class Activities(Items):
    """What is to be done in a phase."""

    kind = "activity"
    queryset = Activity.objects.none()
    selector = staticmethod(activities_for)
    listing = ACTIVITIES
    serializer_class = ActivityOut
    input_classes: ClassVar[Mapping[str, Any]] = {"create": ActivityIn, "partial_update": ActivityShape}


class Deliverables(Items):
    """What a phase has to bring."""

    kind = "deliverable"
    queryset = Deliverable.objects.none()
    selector = staticmethod(deliverables_for)
    listing = DELIVERABLES
    serializer_class = DeliverableOut
    input_classes: ClassVar[Mapping[str, Any]] = {"create": DeliverableIn, "partial_update": DeliverableShape}


class Gates(Items):
    """The decisions of a phase, with their criteria."""

    kind = "gate"
    queryset = Gate.objects.none()
    selector = staticmethod(gates_for)
    listing = GATES
    serializer_class = GateOut
    input_classes: ClassVar[Mapping[str, Any]] = {"create": GateIn, "partial_update": GateShape}


class TailoringRules(Items):
    """For which projects a requirement counts; of two that speak of the same the later decides."""

    kind = "rule"
    queryset = TailoringRule.objects.none()
    selector = staticmethod(tailoring_rules_for)
    listing = TAILORING_RULES
    serializer_class = TailoringRuleOut
    input_classes: ClassVar[Mapping[str, Any]] = {"create": TailoringRuleIn, "partial_update": TailoringRuleShape}
