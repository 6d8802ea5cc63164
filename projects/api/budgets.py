"""budgets, budget-lines. Drafted, submitted, decided by somebody else; an approved version never changes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Creates, Input
from pmo.kit.api import (
    DayField,
    IdField,
    MoneyField,
    MonthField,
    ReferenceField,
    TextField,
    WholeField,
    require_version,
)
from pmo.kit.errors import ApplicationError
from pmo.kit.parameters import parse_value
from projects.api.budget_diff import DiffOut, diff_shown
from projects.api.references import TaskField, budget_in, project_in, project_phase_in
from projects.listings.budgets import BUDGET_LINES, BUDGETS
from projects.models import Budget, BudgetLine, Category, ExpenseType
from projects.selectors.budget_diff import budget_diff
from projects.selectors.budgets import budget_get
from projects.selectors.rows import budget_lines_for, budgets_for
from projects.services.budget_copy import budget_copy
from projects.services.budget_lines import MOST_LINES, LineDraft, budget_lines_add, budget_lines_replace
from projects.services.budgets import budget_approve, budget_propose, budget_reject, budget_submit


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


class CopyIn(Input):
    shift_months = WholeField(required=False, min_value=-240, max_value=240)
    percent = MoneyField(required=False)  # of the same shape: digits as text
    label = TextField(required=False, allow_blank=True, max_length=120)


class LinesIn(Input):
    lines = LineShape(many=True, max_length=MOST_LINES)


class Budgets(Creates):
    """Versions of budgets. Submit, approve, reject and lines need If-Match; a token never decides."""

    action_map = {
        "list": "money.view",
        "retrieve": "money.view",
        "create": "budget.propose",
        "submit": "budget.propose",
        "approve": "budget.approve",
        "reject": "budget.approve",
        "copy": "budget.propose",
        "lines": "budget.propose",
        "diff": "money.view",
    }
    queryset = Budget.objects.none()
    selector = staticmethod(budgets_for)
    listing = BUDGETS
    serializer_class = BudgetOut
    input_classes = {
        "create": BudgetIn,
        "submit": NothingIn,
        "approve": ApprovalIn,
        "reject": RejectionIn,
        "copy": CopyIn,
        "lines": LinesIn,
    }
    output_classes = {"diff": DiffOut}
    parameters = {"diff": ("against",)}
    versioned = ("submit", "approve", "reject", "lines")
    http_method_names = ["get", "head", "post", "put"]

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

    @action(detail=True, methods=["post"])
    def copy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A new draft with the lines of this version, moved by months and raised by a percentage where wished."""
        source = self.get_object()
        copied = budget_copy(actor=self.actor, budget_id=source.pk, **self.checked(request.data))
        return self.answer(self._with_total(copied), 201)

    @action(detail=True, methods=["put"])
    def lines(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give a draft exactly these lines."""
        budget = self.get_object()
        version = require_version(request, budget.version)
        lines = [_draft(line) for line in self.checked(request.data)["lines"]]
        changed = budget_lines_replace(actor=self.actor, budget_id=budget.pk, version=version, lines=lines)
        return self.answer(self._with_total(changed))

    @action(detail=True, methods=["get"])
    def diff(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What changed from the version `against` to this one; both of the same project."""
        budget = self.get_object()
        against = parse_value("against", request.query_params.get("against", ""), "id")
        before = self.permitted("money.view").filter(pk=against, project_id=budget.project_id).first()
        if before is None:
            raise ApplicationError(_("“%s” is no budget of this project.") % against, field="against")
        return Response(diff_shown(budget_diff(before, budget), before, budget))

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
