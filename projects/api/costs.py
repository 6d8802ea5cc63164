"""cost-entries, vendors. The ledger is append-only: no PUT, PATCH or DELETE; a mistake is reversed."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Creates, Input
from pmo.kit.api import DayField, IdField, MoneyField, RatioField, ReferenceField, TextField
from projects.api.references import TaskField, commitment_in, project_in, project_phase_in, vendor_in
from projects.listings.costs import COST_ENTRIES, VENDORS
from projects.models import Category, CostEntry, Vendor
from projects.selectors.commitments import with_open_amounts
from projects.selectors.rows import cost_entries_for, vendors_for
from projects.services.costs import Posting, cost_entry_post, cost_entry_reverse
from projects.services.vendors import vendor_create


class CostEntryOut(serializers.ModelSerializer[CostEntry]):
    id = IdField()
    task = TaskField()
    project = ReferenceField()
    project_phase = ReferenceField()
    amount = MoneyField()
    vendor = ReferenceField()
    vendor_name = serializers.CharField(source="vendor.name", default="", read_only=True)
    recorded_by = ReferenceField()
    reverses = ReferenceField()
    import_batch = ReferenceField()
    settles = ReferenceField()
    entry_amount = MoneyField(currency="entry_currency", read_only=True, help_text="As entered in another currency.")
    rate = RatioField(places=8, help_text="What `entry_amount` was converted at.")
    open_amount = serializers.SerializerMethodField(help_text="Of a commitment: what no invoice has settled yet.")

    class Meta:
        model = CostEntry
        fields = [
            "id", "project", "project_phase", "task", "kind", "category", "amount", "currency", "incurred_on",
            "recorded_at", "recorded_by", "vendor", "vendor_name", "reference", "description", "source",
            "external_id", "reverses", "import_batch", "settles", "open_amount", "reverse_on",
            "entry_amount", "entry_currency", "rate",
        ]  # fmt: skip

    def get_open_amount(self, entry: CostEntry) -> str | None:
        if not hasattr(entry, "open_amount"):
            with_open_amounts([entry])
        left = entry.open_amount  # type: ignore[attr-defined]
        return None if left is None else f"{left:.2f}"


class CostEntryIn(Input):
    task = TaskField()
    project = project_in("cost.post")
    project_phase = project_phase_in("cost.post")
    kind = serializers.ChoiceField(choices=CostEntry.Kind.choices, default="actual")
    category = serializers.ChoiceField(choices=Category.choices, default="other")
    amount = MoneyField(nonzero=True)
    currency = TextField(required=False, allow_blank=True, max_length=3)
    incurred_on = DayField()
    vendor = vendor_in()
    vendor_name = TextField(required=False, allow_blank=True, max_length=200)
    reference = TextField(required=False, allow_blank=True, max_length=120)
    description = TextField(required=False, allow_blank=True, max_length=500)
    source = TextField(required=False, allow_blank=True, max_length=60)
    external_id = TextField(required=False, allow_blank=True, max_length=120)
    settles = commitment_in()
    reverse_on = DayField(required=False, allow_null=True)


class ReversalIn(Input):
    reason = TextField(max_length=500)
    incurred_on = DayField(required=False)


class CostEntries(Creates):
    """The ledger of actual costs, commitments and accruals."""

    action_map = {
        "list": "money.view",
        "retrieve": "money.view",
        "create": "cost.post",
        "reverse": "cost.reverse",
    }
    queryset = CostEntry.objects.none()
    selector = staticmethod(cost_entries_for)
    listing = COST_ENTRIES
    serializer_class = CostEntryOut
    input_classes = {"create": CostEntryIn, "reverse": ReversalIn}
    http_method_names = ["get", "head", "post"]

    def create_one(self, data: dict[str, Any]) -> CostEntry:
        vendor, phase = data.pop("vendor", None), data.pop("project_phase", None)
        order = data.pop("settles", None)
        data["settles_id"] = order.pk if order is not None else None
        if vendor is not None:
            data["vendor_name"] = vendor.name
        posting = Posting(
            project_id=data.pop("project").pk, project_phase_id=phase.pk if phase is not None else None, **data
        )
        return cost_entry_post(actor=self.actor, posting=posting).entry

    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Post the opposite entry, which names the one it reverses."""
        entry = self.get_object()
        reversal = cost_entry_reverse(actor=self.actor, entry_id=entry.pk, **self.checked(request.data))
        return self.answer(reversal, 201)


class VendorOut(serializers.ModelSerializer[Vendor]):
    id = IdField()

    class Meta:
        model = Vendor
        fields = ["id", "name"]


class VendorIn(Input):
    name = TextField(max_length=200)


class Vendors(Creates):
    """Who is paid."""

    action_map = {"list": "money.view", "retrieve": "money.view", "create": "cost.post"}
    queryset = Vendor.objects.none()
    selector = staticmethod(vendors_for)
    listing = VENDORS
    serializer_class = VendorOut
    input_classes = {"create": VendorIn}
    http_method_names = ["get", "head", "post"]

    def create_one(self, data: dict[str, Any]) -> Vendor:
        return vendor_create(actor=self.actor, name=data["name"])
