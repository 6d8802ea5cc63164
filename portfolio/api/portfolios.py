"""portfolios, programmes: where projects belong, and what all of them come to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Changes, Creates, Input, Resource
from pmo.kit.api import IdField, ReferenceField, TextField
from pmo.selectors.clock import status_date_of
from pmo.selectors.office import people_for
from portfolio.api.money import PortfolioMoneyOut, portfolio_money_shown
from portfolio.api.whole import WholeOut, whole_shown
from portfolio.listings.portfolios import PORTFOLIOS, PROGRAMMES
from portfolio.models import Portfolio, Programme, RollUp, RollUpDay
from portfolio.selectors.cockpit import portfolio_rows, running
from portfolio.selectors.known import rolled_then, whole_at, whole_now
from portfolio.selectors.portfolios import KnownRollUp, Rolled, portfolios_for, programmes_for, rolled
from portfolio.selectors.whole import Whole
from portfolio.services.portfolios import portfolio_create, portfolio_update, programme_create, programme_update
from projects.analysis.metrics import METRICS
from projects.api.performance import FIGURE_FIELDS, figures_shown, time_travel

COUNTS = (
    "projects_counted", "projects_without_data", "projects_measured", "red", "amber", "green", "overdue", "stale",
    "open_findings",
)  # fmt: skip
NOTHING = "No active project with this currency."


def _people(actor: Any) -> Any:
    return people_for(actor, "people.view")


def _portfolios(actor: Any) -> Any:
    return portfolios_for(actor, "portfolio.manage")


class OneCurrencyBase(serializers.Serializer[Any]):
    currency = serializers.CharField()
    projects_counted = serializers.IntegerField()
    projects_without_data = serializers.IntegerField()
    projects_measured = serializers.IntegerField()
    red = serializers.IntegerField()
    amber = serializers.IntegerField()
    green = serializers.IntegerField()
    overdue = serializers.IntegerField()
    stale = serializers.IntegerField()
    open_findings = serializers.IntegerField(allow_null=True, help_text="null with known_at: findings are of today.")
    undefined = serializers.DictField(child=serializers.CharField())
    computed_at = serializers.DateTimeField(allow_null=True)


OneCurrencyOut = type("OneCurrencyOut", (OneCurrencyBase,), dict(FIGURE_FIELDS))


class RolledExtra(serializers.Serializer[Any]):
    status_date = serializers.DateField(allow_null=True, help_text="The day of the roll-up; null for the current one.")
    pending = serializers.BooleanField(help_text="Newer facts are being computed.")
    other_currencies = OneCurrencyOut(many=True, help_text="The same for projects in other currencies: never mixed.")
    in_reporting_currency = WholeOut(
        allow_null=True,
        help_text="All currencies in the organisation's, each figure at the rate of its nature; null where there is "
        "one currency. With as_of it is computed from the facts of that day as they are known now.",
    )


RolledOut = type("RolledOut", (OneCurrencyOut, RolledExtra), {})


class RolledUp(Resource):
    """`performance/`: the figures of all live projects of a scope, rolled up."""

    output_classes = {"performance": RolledOut}
    parameters = {"performance": ("as_of", "known_at")}

    @action(detail=True, methods=["get"])
    def performance(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Sums of the live projects in the portfolio's currency; ratios of the sums. Other currencies stand apart.

        With `as_of` alone the roll-up kept for that day; with `known_at` computed from what was recorded by then.
        """
        when = time_travel(request.query_params)
        scope = self.get_object()
        if when["known_at"] is not None:
            found, whole = rolled_then(scope, as_of=when["as_of"], known_at=when["known_at"])
        else:
            found = rolled(scope, as_of=when["as_of"])
            whole = None
            if len(found.rows) > 1:
                whole = whole_now(scope) if found.status_date is None else whole_at(scope, found.status_date)
        return Response(_rolled_shown(found, whole))


def _rolled_shown(found: Rolled, whole: Whole | None) -> dict[str, Any]:
    own = [row for row in found.rows if row.currency == found.currency]
    others = [row for row in found.rows if row.currency != found.currency]
    main = _one(own[0]) if own else _empty(found.currency)
    return {
        **main,
        "status_date": found.status_date,
        "pending": found.pending,
        "other_currencies": [_one(row) for row in others],
        "in_reporting_currency": whole_shown(whole) if whole is not None else None,
    }


def _one(row: RollUp | RollUpDay | KnownRollUp) -> dict[str, Any]:
    values = {key: Decimal(value) if value is not None else None for key, value in row.figures.items()}
    return {
        "currency": row.currency,
        **figures_shown(values, row.currency),
        **{name: getattr(row, name) for name in COUNTS},
        "undefined": row.undefined,
        "computed_at": row.computed_at,
    }


def _empty(currency: str) -> dict[str, Any]:
    return {
        "currency": currency,
        **figures_shown({}, currency),
        **dict.fromkeys(COUNTS, 0),
        "undefined": {metric.key: NOTHING for metric in METRICS},
        "computed_at": None,
    }


class PortfolioOut(serializers.ModelSerializer[Portfolio]):
    id = IdField()
    managers = serializers.SerializerMethodField(help_text="Ids of the people who manage it.")

    class Meta:
        model = Portfolio
        fields = ["id", "code", "name", "description", "currency", "managers", "version"]

    def get_managers(self, portfolio: Portfolio) -> list[str]:
        return sorted(str(assignment.person_id) for assignment in portfolio.assignments.all())


class PortfolioChange(Input):
    name = TextField(max_length=200)
    description = TextField(required=False, allow_blank=True, max_length=20_000)
    managers = serializers.ListField(child=ReferenceField(_people), required=False, max_length=100)


class PortfolioIn(PortfolioChange):
    code = TextField(max_length=40)
    currency = serializers.RegexField(r"^[A-Z]{3}$", max_length=3, required=False)


class Portfolios(Creates, Changes, RolledUp):
    """Portfolios. `managers` are the people whose rights as portfolio managers reach it."""

    action_map = {
        "list": "portfolio.view",
        "retrieve": "portfolio.view",
        "create": "portfolio.manage",
        "partial_update": "portfolio.manage",
        "performance": "money.view",
        "money": "money.view",
    }
    output_classes = {**RolledUp.output_classes, "money": PortfolioMoneyOut}
    parameters = {**RolledUp.parameters, "money": ("mode", "group", "as_of", "known_at")}
    queryset = Portfolio.objects.none()
    selector = staticmethod(portfolios_for)
    listing = PORTFOLIOS
    serializer_class = PortfolioOut
    input_classes = {"create": PortfolioIn, "partial_update": PortfolioChange}
    versioned = ("partial_update",)
    http_method_names = ["get", "head", "post", "patch"]

    @action(detail=True, methods=["get"])
    def money(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Budget, actual and forecast, variance or open commitments of the projects under way, by month."""
        rows = running(portfolio_rows(self.actor)).filter(portfolio=self.get_object())
        when = time_travel(request.query_params)
        organisation = self.actor.organisation
        as_of = when["as_of"] or status_date_of(organisation)
        return Response(portfolio_money_shown(rows, organisation, request.query_params, as_of, when["known_at"]))

    def create_one(self, data: dict[str, Any]) -> Portfolio:
        return portfolio_create(actor=self.actor, **data)

    def update_one(self, row: Portfolio, data: dict[str, Any], version: int | None) -> Portfolio:
        return portfolio_update(actor=self.actor, portfolio_id=row.pk, version=version or row.version, values=data)


class ProgrammeOut(serializers.ModelSerializer[Programme]):
    id = IdField()
    portfolio = ReferenceField()

    class Meta:
        model = Programme
        fields = ["id", "portfolio", "code", "name", "description", "version"]


class ProgrammeChange(Input):
    name = TextField(max_length=200)
    description = TextField(required=False, allow_blank=True, max_length=20_000)


class ProgrammeIn(ProgrammeChange):
    portfolio = ReferenceField(_portfolios)
    code = TextField(max_length=40)


class Programmes(Creates, Changes, RolledUp):
    """Programmes: projects of one portfolio that belong together."""

    action_map = {
        "list": "portfolio.view",
        "retrieve": "portfolio.view",
        "create": "portfolio.manage",
        "partial_update": "portfolio.manage",
        "performance": "money.view",
    }
    queryset = Programme.objects.none()
    selector = staticmethod(programmes_for)
    listing = PROGRAMMES
    serializer_class = ProgrammeOut
    input_classes = {"create": ProgrammeIn, "partial_update": ProgrammeChange}
    versioned = ("partial_update",)
    http_method_names = ["get", "head", "post", "patch"]

    def create_one(self, data: dict[str, Any]) -> Programme:
        return programme_create(actor=self.actor, **data)

    def update_one(self, row: Programme, data: dict[str, Any], version: int | None) -> Programme:
        return programme_update(actor=self.actor, programme_id=row.pk, version=version or row.version, values=data)
