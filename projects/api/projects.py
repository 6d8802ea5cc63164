"""projects: one project, its figures and where each figure comes from."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Changes, Creates, Input
from pmo.kit.api import DayField, IdField, MoneyField, PercentField, ReferenceField, TextField, WholeField
from pmo.kit.errors import NotFound
from pmo.selectors.actors import Actor
from pmo.selectors.clock import status_date_of
from projects.analysis.explain import explain
from projects.analysis.metrics import METRIC
from projects.analysis.series import series
from projects.api.budget_diff import BridgeOut, bridge_shown
from projects.api.money import MoneyOut, project_money_shown
from projects.api.performance import (
    ExplanationOut,
    PerformanceOut,
    explanation_shown,
    performance_shown,
    series_shown,
    time_travel,
    wants_series,
)
from projects.api.references import person_in, portfolio_in, programme_in, project_phase_in
from projects.listings.projects import PROJECTS
from projects.models import EacMethod, Project, ProjectStatus
from projects.selectors.baselines import baselines_of, story_of
from projects.selectors.performance import figures, measured
from projects.selectors.projects import projects_for
from projects.selectors.rows import covers
from projects.services.projects import ProjectDraft, project_archive, project_move
from projects.services.totals import Totals, project_create_with_totals, project_update_with_totals


class ProjectOut(serializers.ModelSerializer[Project]):
    id = IdField()
    portfolio = ReferenceField()
    programme = ReferenceField()
    phase = ReferenceField()
    standard_version = ReferenceField()
    project_manager = ReferenceField()
    sponsor = ReferenceField()
    budget_owner = ReferenceField()
    percent_complete = PercentField(source="performance.percent_complete", default=None, read_only=True)
    tags = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Project
        fields = [
            "id", "code", "name", "description", "portfolio", "programme", "status", "phase", "standard_version",
            "tier", "project_manager", "sponsor", "budget_owner", "start", "finish", "actual_start", "actual_finish",
            "forecast_finish", "percent_complete", "currency", "tags", "source", "external_id", "eac_method",
            "eac_method_reason", "archived_at", "version",
        ]  # fmt: skip


class ProjectChange(Input):
    name = TextField(max_length=300)
    description = TextField(required=False, allow_blank=True, max_length=20_000)
    status = serializers.ChoiceField(choices=ProjectStatus.choices, required=False)
    tier = WholeField(required=False, allow_null=True, min_value=1, max_value=5)
    project_manager = person_in()
    sponsor = person_in()
    budget_owner = person_in()
    start = DayField(required=False, allow_null=True)
    finish = DayField(required=False, allow_null=True)
    actual_start = DayField(required=False, allow_null=True)
    actual_finish = DayField(required=False, allow_null=True)
    forecast_finish = DayField(required=False, allow_null=True)
    tags = serializers.ListField(child=TextField(max_length=60), required=False, max_length=50)
    source = TextField(required=False, allow_blank=True, max_length=60)
    external_id = TextField(required=False, allow_blank=True, max_length=120)
    eac_method = serializers.ChoiceField(choices=EacMethod.choices, required=False, allow_blank=True)
    eac_method_reason = TextField(required=False, allow_blank=True, max_length=2_000)


class TotalsShape(Input):
    budget = MoneyField(required=False, positive=True, nonzero=True, help_text="Proposed as a budget of one line.")
    actual_cost = MoneyField(required=False, positive=True, help_text="Posted as one ledger entry for the difference.")
    reported_eac = MoneyField(required=False, positive=True, help_text="Recorded as a forecast.")


class ProjectPatch(TotalsShape, ProjectChange):
    programme = programme_in("project.edit")
    phase = project_phase_in("project.edit")


class ProjectIn(TotalsShape, ProjectChange):
    code = TextField(max_length=60)
    portfolio = portfolio_in("project.create")
    programme = programme_in("project.create")
    currency = serializers.RegexField(r"^[A-Z]{3}$", max_length=3)


class MoveIn(Input):
    portfolio = portfolio_in("project.move")
    programme = programme_in("project.move")


class NothingIn(Input):
    """An empty body."""


def _totals(data: dict[str, Any]) -> Totals:
    """Takes the totals out of the request's data."""
    return Totals(**{name: data.pop(name, None) for name in ("budget", "actual_cost", "reported_eac")})


def project_rows(actor: Actor, wanted: str) -> QuerySet[Project]:
    """Projects with what a row of the list shows: one query."""
    rows = projects_for(actor, wanted)
    return rows.select_related(
        "organisation", "performance", "portfolio", "programme", "phase", "project_manager", "sponsor", "budget_owner"
    )


class Projects(Creates, Changes):
    """Projects. PATCH, archive, restore and move need If-Match. Money stands under performance/ and in the ledger."""

    action_map = {
        "list": "project.view",
        "retrieve": "project.view",
        "create": "project.create",
        "partial_update": "project.edit",
        "archive": "project.archive",
        "restore": "project.archive",
        "move": "project.move",
        "performance": "money.view",
        "explain": "money.view",
        "bridge": "money.view",
        "money": "money.view",
    }
    queryset = Project.objects.none()
    selector = staticmethod(project_rows)
    listing = PROJECTS
    serializer_class = ProjectOut
    input_classes = {
        "create": ProjectIn,
        "partial_update": ProjectPatch,
        "archive": NothingIn,
        "restore": NothingIn,
        "move": MoveIn,
    }
    output_classes = {"performance": PerformanceOut, "explain": ExplanationOut, "bridge": BridgeOut, "money": MoneyOut}
    parameters = {
        "performance": ("as_of", "known_at", "series"),
        "explain": ("as_of", "known_at"),
        "bridge": ("as_of",),
        "money": ("mode", "group", "as_of", "known_at"),
    }
    versioned = ("partial_update", "archive", "restore", "move")
    http_method_names = ["get", "head", "post", "patch"]

    def allows(self, wanted: str) -> bool:
        """Columns of money only where every row of the list may show them."""
        return covers(self.actor, wanted, "project.view") and self.actor.allows(wanted)

    def create_one(self, data: dict[str, Any]) -> Project:
        totals, programme = _totals(data), data.pop("programme", None)
        draft = ProjectDraft(
            code=data.pop("code"),
            name=data.pop("name"),
            portfolio_id=data.pop("portfolio").pk,
            currency=data.pop("currency"),
            programme_id=programme.pk if programme is not None else None,
            values=data,
        )
        return project_create_with_totals(actor=self.actor, draft=draft, totals=totals)

    def update_one(self, row: Project, data: dict[str, Any], version: int | None) -> Project:
        totals, given = _totals(data), version or row.version
        return project_update_with_totals(
            actor=self.actor, project_id=row.pk, version=given, values=data, totals=totals
        )

    @action(detail=True, methods=["post"])
    def archive(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the project out of lists and roll-ups; its rows stay."""
        return self._archive(archived=True)

    @action(detail=True, methods=["post"])
    def restore(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Bring an archived project back."""
        return self._archive(archived=False)

    def _archive(self, *, archived: bool) -> Response:
        row = self.get_object()
        version = self.version_of(row) or row.version
        self.checked(self.request.data)
        return self.answer(project_archive(actor=self.actor, project_id=row.pk, version=version, archived=archived))

    @action(detail=True, methods=["post"])
    def move(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Move to another portfolio; a portfolio manager needs both."""
        row = self.get_object()
        version = self.version_of(row) or row.version
        data = self.checked(request.data)
        programme = data.get("programme")
        moved = project_move(
            actor=self.actor,
            project_id=row.pk,
            version=version,
            portfolio_id=data["portfolio"].pk,
            programme_id=programme.pk if programme is not None else None,
        )
        return self.answer(moved)

    @action(detail=True, methods=["get"])
    def performance(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every figure, as kept or, with as_of or known_at, as it was; undefined ones with the reason."""
        project = self.get_object()
        when = time_travel(request.query_params)
        shown = performance_shown(figures(project, **when))
        if wants_series(request.query_params):
            facts, performance = measured(project, **when)
            shown["series"] = series_shown(series(facts, performance.status_date), project.currency)
        return Response(shown)

    @action(detail=True, methods=["get"])
    def bridge(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """From the first baseline's budget to today's estimate at completion: what changed, and by which request."""
        project = self.get_object()
        asked = time_travel(request.query_params).get("as_of")
        status_date = asked or status_date_of(self.actor.organisation)
        story = story_of(project, list(baselines_of(project)), None, status_date)
        return Response({"status_date": status_date, **bridge_shown(story.bridge, project.currency)})

    @action(detail=True, methods=["get"])
    def money(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Budget, actual and forecast, variance or open commitments by line and month."""
        project = self.get_object()
        when = time_travel(request.query_params)
        as_of = when["as_of"] or status_date_of(self.actor.organisation)
        return Response(project_money_shown(project, request.query_params, as_of, when["known_at"]))

    @extend_schema(parameters=[OpenApiParameter("key", enum=list(METRIC), location="path")])
    @action(detail=True, methods=["get"], url_path="performance/(?P<key>[a-z_]{1,40})/explain")
    def explain(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Formula, inputs and the rows behind one figure."""
        project = self.get_object()
        if kwargs["key"] not in METRIC:
            raise NotFound("There is no figure of that name.")
        facts, performance = measured(project, **time_travel(request.query_params))
        return Response(explanation_shown(explain(kwargs["key"], facts, performance), project.currency))
