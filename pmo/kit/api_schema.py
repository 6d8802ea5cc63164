"""What OpenAPI says of every resource without anybody writing it: filters, headers, dry runs, problems, envelopes."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.pagination import BasePagination

from pmo.kit.api_guards import SAFE
from pmo.kit.listing import FORMATS, MAX_PAGE_SIZE, Listing

_TYPES: Final[dict[str, Any]] = {
    "text": OpenApiTypes.STR,
    "choice": OpenApiTypes.STR,
    "id": OpenApiTypes.STR,
    "int": OpenApiTypes.INT64,
    "decimal": OpenApiTypes.STR,
    "bool": OpenApiTypes.BOOL,
    "date": OpenApiTypes.DATE,
    "month": OpenApiTypes.STR,
    "datetime": OpenApiTypes.DATETIME,
}
_STATED: Final[dict[str, OpenApiParameter]] = {
    "as_of": OpenApiParameter("as_of", OpenApiTypes.DATE, description="Figures as at this date (effective)."),
    "known_at": OpenApiParameter(
        "known_at", OpenApiTypes.DATETIME, description="Figures as known at this instant (recorded)."
    ),
    "mode": OpenApiParameter(
        "mode",
        OpenApiTypes.STR,
        enum=["budget", "forecast", "variance", "commitments"],
        description="Which money: budget; actual and, after the date, forecast; their variance; open commitments.",
    ),
    "group": OpenApiParameter("group", OpenApiTypes.STR, description="What a line is."),
    "series": OpenApiParameter("series", OpenApiTypes.BOOL, description="Add the periods."),
    "dry_run": OpenApiParameter(
        "dry_run", OpenApiTypes.BOOL, description="Answer what would change and change nothing."
    ),
}
_IDEMPOTENCY: Final = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Any text of your own. The same key and body get the same answer and have one effect, for 72 hours.",
)
_IF_MATCH: Final = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description='The ETag you read, such as "v17".'
)
_ORGANISATION: Final = OpenApiParameter(
    "X-Organisation",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The slug of the organisation to act in; needed by a signed-in person who belongs to several.",
)
PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "index": {"type": "integer"},
                    "field": {"type": ["string", "null"]},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}


class Envelope(BasePagination):
    """Describes `{count, next, previous, results}`; the listing does the paging."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope around the items."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {"count": {"type": "integer"}, "next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """None here: the listing's own parameters are added with its filters."""
        return []


def listing_parameters(listing: Listing) -> list[OpenApiParameter]:
    """Every parameter the list understands."""
    keys = [column.key for column in listing.columns if column.sort_paths]
    found = [
        OpenApiParameter("page", OpenApiTypes.INT),
        OpenApiParameter("page_size", OpenApiTypes.INT, description=f"At most {MAX_PAGE_SIZE}."),
        OpenApiParameter(
            "ordering", OpenApiTypes.STR, description=f"Any of {', '.join(keys)}, with commas; - for descending."
        ),
        OpenApiParameter(
            "format", OpenApiTypes.STR, enum=list(FORMATS), description="csv or xlsx: all pages, as a file."
        ),
        OpenApiParameter("columns", OpenApiTypes.STR, description="The columns of a csv or xlsx, with commas."),
        *(_STATED[name] for name in listing.extras if name in _STATED),
    ]
    if listing.search:
        found.append(OpenApiParameter("search", OpenApiTypes.STR))
    for item in listing.filters:
        for lookup in item.lookups:
            kind = {"isnull": OpenApiTypes.BOOL, "in": OpenApiTypes.STR}.get(lookup, _TYPES[item.kind])
            named = item.kind == "choice" and lookup in ("exact", "not") and not callable(item.choices)
            enum = list(item.choice_map) if named else None
            found.append(OpenApiParameter(item.parameter(lookup), kind, enum=enum, description=str(item.label)))
    return found


class ResourceSchema(AutoSchema):
    """Reads what the view declares: `listing`, `parameters`, `versioned`, `input_class`, `update_class`."""

    def get_override_parameters(self) -> list[Any]:
        """The parameters of the contract for this operation."""
        action = getattr(self.view, "action", None) or self.method.lower()
        found: list[Any] = [_ORGANISATION]
        if action == "list" and getattr(self.view, "listing", None) is not None:
            found += listing_parameters(self.view.listing)
        for name in getattr(self.view, "parameters", {}).get(action, ()):
            found.append(_STATED.get(name) or OpenApiParameter(name, OpenApiTypes.STR))
        if self.method not in SAFE:
            found.append(_STATED["dry_run"])
        if self.method == "POST":
            found.append(_IDEMPOTENCY)
        if action in getattr(self.view, "versioned", ()):
            found.append(_IF_MATCH)
        return found

    def get_summary(self) -> str:
        """What the operation does, in a few words."""
        name = self.path.removeprefix(self.path_prefix).strip("/").split("/")[0].replace("-", " ")
        action = getattr(self.view, "action", None) or self.method.lower()
        words = {
            "list": f"List {name}",
            "get": f"List {name}",
            "retrieve": f"Read one of {name}",
            "create": f"Add to {name}",
            "partial_update": f"Change one of {name}",
            "destroy": f"Remove one of {name}",
        }
        return words.get(action) or f"{action.replace('_', ' ').capitalize()} one of {name}"

    def get_request_serializer(self) -> Any:
        """What the operation takes in."""
        inputs = getattr(self.view, "input_classes", {})
        action = getattr(self.view, "action", None) or self.method.lower()
        return inputs.get(action) if inputs or not self._has_body() else super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        """What it answers: the resource itself unless the view names another shape for the action."""
        action = getattr(self.view, "action", None) or self.method.lower()
        outputs = getattr(self.view, "output_classes", {})
        if self.method == "DELETE":
            return None
        return outputs.get(action) or super().get_response_serializers()

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        """Ids are opaque texts, whatever the database counts with."""
        parameters: list[dict[str, Any]] = super()._resolve_path_parameters(variables)
        for parameter in parameters:
            if parameter["name"] == "id":
                parameter["schema"] = {"type": "string"}
        return parameters

    def _bulk(self) -> bool:
        return getattr(self.view, "action", None) == "create" and getattr(self.view, "bulk", 0) > 0

    def _get_request_body(self, direction: Any = "request") -> dict[str, Any] | None:
        """One object, or a list of them where the resource takes lists."""
        body: dict[str, Any] | None = super()._get_request_body(direction)
        if body is not None and self._bulk():
            for content in body["content"].values():
                one = content["schema"]
                content["schema"] = {
                    "oneOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": self.view.bulk}]
                }
        return body

    def _has_body(self) -> bool:
        return self.method in ("POST", "PUT", "PATCH")

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        made = bodies.get("201", {}).get("content", {})
        for shown in made.values() if self._bulk() else ():
            one = shown["schema"]
            many = {"count": {"type": "integer"}, "results": {"type": "array", "items": one}}
            listed = {"type": "object", "required": ["count", "results"], "properties": many}
            shown["schema"] = {"oneOf": [one, listed]}
        component = ResolvedComponent(name="Problem", type=ResolvedComponent.SCHEMA, object="Problem", schema=PROBLEM)
        self.registry.register_on_missing(component)
        content = {"application/problem+json": {"schema": component.ref}}
        bodies["default"] = {"content": content, "description": "A refusal, in plain sentences."}
        return bodies


__all__ = ["PROBLEM", "Envelope", "ResourceSchema", "listing_parameters"]
