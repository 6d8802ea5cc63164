"""changed: what changed between two moments of what was known, down to the ledger entries."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from pmo.api.office import OfficeView
from pmo.kit.export import rows_response
from pmo.kit.money import money_string
from pmo.kit.parameters import parse_positive, parse_text, parse_value, refuse
from portfolio.listings.changed import CHANGES
from portfolio.selectors.changed import Driven, Line, ProjectChanged, Total, changed
from portfolio.selectors.changed_moments import moment_asked, moments_of
from projects.analysis.changes import KINDS, Moment
from projects.analysis.metrics import METRIC
from projects.api.performance import shown_as
from projects.selectors.projects import visible_to

PAGE_SIZE = 50
PARAMETERS = ("from", "to", "project", "portfolio", "kind", "page", "page_size", "format")


class MomentOut(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    known_at = serializers.DateTimeField(allow_null=True, help_text="null: everything recorded so far.")


class FigureOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)
    difference = serializers.CharField(allow_null=True)


class ChangedTotalOut(serializers.Serializer[Any]):
    currency = serializers.CharField()
    projects = serializers.IntegerField(help_text="Those whose money the caller may see.")
    cost_difference = serializers.CharField(help_text="The sum of the amounts of kinds added, late and reversed.")
    figures = FigureOut(many=True)


class ChangedProjectOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    currency = serializers.CharField()
    cost_difference = serializers.CharField(allow_null=True)
    figures = FigureOut(many=True, help_text="Those that differ.")
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Changes by kind.")


class ChangeLineOut(serializers.Serializer[Any]):
    """`kind` "ordered" is no part of the actual cost."""

    kind = serializers.CharField(help_text=", ".join(KINDS))
    subject = serializers.CharField(help_text="What kind of row `id` is of.")
    id = serializers.CharField()
    project = serializers.CharField(help_text="The project's id.")
    code = serializers.CharField()
    text = serializers.CharField()
    amount = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    on = serializers.DateField(allow_null=True)
    recorded_at = serializers.DateTimeField()
    by = serializers.CharField(allow_blank=True)


class ChangedOut(serializers.Serializer[Any]):
    """The changes in pages, newest first; moments, totals and projects are those of all pages."""

    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    first = MomentOut()
    second = MomentOut()
    projects_without_money = serializers.IntegerField()
    totals = ChangedTotalOut(many=True)
    projects = ChangedProjectOut(many=True)
    results = ChangeLineOut(many=True)


class ChangedView(OfficeView, ViewSet):
    """What changed between the moments `from` and `to` (days, each as known at its end, or instants)."""

    action_map = {"list": "project.view"}
    parameters = {"list": PARAMETERS}
    output_classes = {"list": ChangedOut}
    serializer_class = ChangedOut

    def list(self, request: Request) -> HttpResponseBase:
        """By default from 30 days ago up to now; of one project by `project` (its id), of one portfolio by its code."""
        given = request.query_params
        organisation = self.actor.organisation
        asked = [moment_asked(organisation, name, given.get(name, "")) for name in ("from", "to")]
        first, second = moments_of(organisation, *asked)
        rows = visible_to(self.actor)
        if given.get("project"):
            rows = rows.filter(pk=parse_value("project", given["project"], "id"))
            if not rows.exists():
                raise refuse("project", _("There is no project %s here.") % given["project"])
        else:
            rows = rows.filter(archived_at__isnull=True)
        if given.get("portfolio"):
            rows = rows.filter(portfolio__code=parse_text("portfolio", given["portfolio"]))
        kind = parse_value("kind", given["kind"], "choice", dict.fromkeys(KINDS)) if given.get("kind") else ""
        page = parse_positive("page", given.get("page") or "1", at_most=1_000_000)
        size = parse_positive("page_size", given.get("page_size") or str(PAGE_SIZE), at_most=200)
        formats = {"json": "", "csv": "", "xlsx": ""}
        file_format = parse_value("format", given.get("format") or "json", "choice", formats)
        found = changed(self.actor, rows, first, second)
        lines = [line for line in found.lines if kind in ("", line.kind)]
        if file_format != "json":
            self.actor.require("export.run")
            query = CHANGES.parse({"format": file_format})
            stem = f"{organisation.slug}-changed"
            return rows_response(query, lines, title=str(CHANGES.label), file_format=file_format, stem=stem)
        pages = max(1, -(-len(lines) // size))
        if page > pages:
            raise refuse("page", _("There is no page %(page)d: the list ends with page %(pages)d.") % {
                "page": page, "pages": pages,
            })  # fmt: skip
        return Response(
            {
                "count": len(lines),
                "next": self._page(request, page + 1) if page < pages else None,
                "previous": self._page(request, page - 1) if page > 1 else None,
                "first": _moment(first),
                "second": _moment(second),
                "projects_without_money": found.without_money,
                "totals": [_total(total) for total in found.totals],
                "projects": [_project(one) for one in found.projects],
                "results": [_line(line) for line in lines[(page - 1) * size : page * size]],
            }
        )

    def _page(self, request: Request, page: int) -> str:
        params = request.query_params.copy()
        params["page"] = str(page)
        return f"{request.build_absolute_uri(request.path)}?{params.urlencode()}"


def _moment(moment: Moment) -> dict[str, Any]:
    return {"as_of": moment.as_of, "known_at": moment.known_at}


def _figure(one: Driven, currency: str) -> dict[str, Any]:
    unit = METRIC[one.key].unit
    values = {name: getattr(one, name) for name in ("before", "after", "difference")}
    return {"key": one.key, **{name: shown_as(unit, value, currency) for name, value in values.items()}}


def _total(total: Total) -> dict[str, Any]:
    return {
        "currency": total.currency,
        "projects": total.projects,
        "cost_difference": money_string(total.cost_difference, total.currency),
        "figures": [_figure(one, total.currency) for one in total.figures],
    }


def _project(one: ProjectChanged) -> dict[str, Any]:
    project = one.project
    cost = one.cost_difference
    return {
        "id": str(project.pk),
        "code": project.code,
        "name": project.name,
        "currency": project.currency,
        "cost_difference": None if cost is None else money_string(cost, project.currency),
        "figures": [_figure(figure, project.currency) for figure in one.figures],
        "counts": dict(one.counts),
    }


def _line(line: Line) -> dict[str, Any]:
    currency = line.project.currency
    return {
        "kind": line.kind,
        "subject": line.subject,
        "id": str(line.id),
        "project": str(line.project.pk),
        "code": line.project.code,
        "text": line.text,
        "amount": None if line.amount is None else money_string(line.amount, currency),
        "currency": currency,
        "on": line.on,
        "recorded_at": line.at,
        "by": line.who,
    }
