"""budgets, budget-lines. Drafted, submitted, decided by somebody else; an approved version never changes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Creates, Input
from pmo.kit.api import DayField, IdField, MoneyField, MonthField, ReferenceField, TextField, require_version
from projects.api.references import TaskField, budget_in, project_in, project_phase_in
from projects.listings.budgets import BUDGET_LINES, BUDGETS
from projects.models import Budget, BudgetLine, Category, ExpenseType
from projects.selectors.rows import budget_lines_for, budgets_for
from projects.services.budgets import (
    LineDraft,
    budget_approve,
    budget_get,
    budget_lines_add,
    budget_propose,
    budget_reject,
    budget_submit,
)


class BudgetOut(serializers.ModelSerializer[Budget]):
    id = IdField()
    project = ReferenceField()
    total = MoneyField(currency="project.currency", allow_null=True, read_only=True)
    management_reserve = MoneyField(currency="project.currency")
    currency = serializers.CharField(source="project.currency", read_only=True)
    proposed_by = ReferenceField()
    approved_by = ReferenceField()

    class Meta:
        model = Budget
        fields = [
            "id", "project", "number", "label", "state", "origin", "total", "management_reserve", "currency",
            "effective_on", "proposed_by", "approved_by", "approved_at", "decision_reason", "version",
        ]  # fmt: skip


class LineShape(Input):
    task = TaskField()
    project_phase = project_phase_in("budget.propose")
    category = serializers.ChoiceField(choices=Category.choices, default="other")
    expense_type = serializers.ChoiceField(choices=ExpenseType.choices, default="operating")
    period = MonthField(required=False, allow_null=True)
    amount = MoneyField(nonzero=True)
    funding_source = TextField(required=False, allow_blank=True, max_length=120)


class BudgetLineIn(LineShape):
    budget = budget_in("budget.propose")


class BudgetIn(Input):
    project = project_in("budget.propose")
    label = TextField(required=False, allow_blank=True, max_length=120)
    management_reserve = MoneyField(required=False, positive=True)
    lines = LineShape(many=True, required=False, max_length=1_000)


class NothingIn(Input):
    """An empty body."""


class ApprovalIn(Input):
    effective_on = DayField(required=False)


class RejectionIn(Input):
    reason = TextField(max_length=500)


class Budgets(Creates):
    """Versions of budgets. Submit, approve and reject need If-Match; a token never decides."""

    action_map = {
        "list": "money.view",
        "retrieve": "money.view",
        "create": "budget.propose",
        "submit": "budget.propose",
        "approve": "budget.approve",
        "reject": "budget.approve",
    }
    queryset = Budget.objects.none()
    selector = staticmethod(budgets_for)
    listing = BUDGETS
    serializer_class = BudgetOut
    input_classes = {"create": BudgetIn, "submit": NothingIn, "approve": ApprovalIn, "reject": RejectionIn}
    versioned = ("submit", "approve", "reject")
    http_method_names = ["get", "head", "post"]

    def create_one(self, data: dict[str, Any]) -> Budget:
        lines = [_draft(line) for line in data.pop("lines", [])]
        budget = budget_propose(actor=self.actor, project_id=data.pop("project").pk, lines=lines, **data)
        return self._with_total(budget)

    @action(detail=True, methods=["post"])
    def submit(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Hand a draft in for decision."""
        return self._decided(budget_submit)

    @action(detail=True, methods=["post"])
    def approve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Approve: not by who proposed it, not above one's limit, not by token."""
        return self._decided(budget_approve)

    @action(detail=True, methods=["post"])
    def reject(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Turn a submitted budget down, with the reason."""
        return self._decided(budget_reject)

    def _decided(self, service: Any) -> Response:
        budget = self.get_object()
        version = require_version(self.request, budget.version)
        data = self.checked(self.request.data)
        return self.answer(self._with_total(service(actor=self.actor, budget_id=budget.pk, version=version, **data)))

    def _with_total(self, budget: Budget) -> Budget:
        return self.permitted("money.view").get(pk=budget.pk)


class BudgetLineOut(serializers.ModelSerializer[BudgetLine]):
    id = IdField()
    task = TaskField()
    project = ReferenceField()
    budget = ReferenceField()
    project_phase = ReferenceField()
    period = MonthField(allow_null=True)
    amount = MoneyField(currency="project.currency")
    currency = serializers.CharField(source="project.currency", read_only=True)

    class Meta:
        model = BudgetLine
        fields = [
            "id", "project", "budget", "project_phase", "task", "category", "expense_type", "period", "amount",
            "currency", "funding_source",
        ]  # fmt: skip


class BudgetLines(Creates):
    """Planned amounts. Lines are added to a draft; `period` empty spreads the amount from start to finish."""

    action_map = {"list": "money.view", "retrieve": "money.view", "create": "budget.propose"}
    queryset = BudgetLine.objects.none()
    selector = staticmethod(budget_lines_for)
    listing = BUDGET_LINES
    serializer_class = BudgetLineOut
    input_classes = {"create": BudgetLineIn}
    http_method_names = ["get", "head", "post"]

    def create_one(self, data: dict[str, Any]) -> BudgetLine:
        budget = budget_get(self.actor, data.pop("budget").pk, action="budget.propose")
        return budget_lines_add(actor=self.actor, budget=budget, lines=[_draft(data)])[0]


def _draft(data: dict[str, Any]) -> LineDraft:
    values = dict(data)
    phase = values.pop("project_phase", None)
    return LineDraft(project_phase_id=phase.pk if phase is not None else None, **values)
