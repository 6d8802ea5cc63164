"""A resource of rows: list, one, create (one or many), change, delete. Subclasses name listing, selector, services."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from pmo.api.office import OfficeView
from pmo.kit.api_errors import error_of
from pmo.kit.api_guards import declared_action
from pmo.kit.api_schema import Envelope
from pmo.kit.api_writes import etag, require_version
from pmo.kit.errors import ApplicationError, Forbidden, NotFound
from pmo.kit.export import export_response
from pmo.kit.listing import Listing
from pmo.selectors.actors import Actor

BULK_LIMIT = 1_000
Selector = Callable[[Actor, str], QuerySet[Any]]


class Input(serializers.Serializer[Any]):
    """The shape of a request. A field it does not know is refused: a misspelt one must not be lost in silence."""

    default_error_messages = {
        "null": _lazy("An object is needed here, not null."),
        "invalid": _lazy("An object such as {{…}} is needed here, not {datatype}."),
    }

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is None and not self.allow_null:
            raise serializers.ValidationError({"non_field_errors": [self.error_messages["null"]]}, code="null")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = {
                str(name): [_("There is no field of this name here.")] for name in data if name not in self.fields
            }
            if unknown:
                raise serializers.ValidationError(unknown, code="unknown_field")
        return super().to_internal_value(data)


class Resource(OfficeView, GenericViewSet[Any]):
    """Reading rows. `selector(actor, action)` answers the rows for which the actor has the action of the matrix."""

    listing: ClassVar[Listing]
    selector: ClassVar[Any]
    serializer_class: type[serializers.BaseSerializer[Any]]
    input_classes: ClassVar[Mapping[str, type[serializers.Serializer[Any]]]] = {}
    versioned: ClassVar[Sequence[str]] = ()
    pagination_class = Envelope  # for the schema only
    lookup_value_regex = "[^/.]+"
    http_method_names = ["get", "head", "post", "patch", "delete"]

    def allows(self, action: str) -> bool:
        """Whether the list may show the columns that require `action`."""
        return self.actor.allows(action)

    def permitted(self, action: str | None) -> QuerySet[Any]:
        """The rows the caller may do `action` to."""
        rows: QuerySet[Any] = type(self).selector(self.actor, action)
        return rows

    def get_queryset(self) -> QuerySet[Any]:
        """The rows for the action at hand."""
        return self.permitted(declared_action(self))

    def get_object(self) -> Any:
        """The row of the address: 404 when it is not visible, 403 when it is and the action on it is not theirs."""
        pk = self._pk()
        found = self.get_queryset().filter(pk=pk).first()
        if found is None:
            self.hide_unless_visible()
            raise Forbidden(_("You may not do this to this object."))
        return found

    def _pk(self) -> int:
        given = self.kwargs[self.lookup_field]
        if not (given.isascii() and given.isdigit() and len(given) <= 18):
            raise NotFound
        return int(given)

    def hide_unless_visible(self) -> None:
        """Raise NotFound unless the row of the address (if there is one) is visible to the caller at all."""
        if self.lookup_field not in self.kwargs:
            return
        seeing = type(self).action_map.get("retrieve") or type(self).action_map.get("list")
        if not self.permitted(seeing).filter(pk=self._pk()).exists():
            raise NotFound

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """One page as `{count, next, previous, results}`, or all of them as a file."""
        query = self.listing.parse(request.query_params, self.allows)
        file_format = query.extras.get("format", "json")
        if file_format != "json":
            self.actor.require("export.run")
            stem = f"{self.actor.organisation.slug}-{self.listing.name}"
            return export_response(self.listing, self.get_queryset(), query, file_format=file_format, stem=stem)
        page = self.listing.apply(self.get_queryset(), query)
        address = request.build_absolute_uri(request.path)
        return Response(
            {
                "count": page.count,
                "next": f"{address}?{page.next}" if page.next is not None else None,
                "previous": f"{address}?{page.previous}" if page.previous is not None else None,
                "results": self.get_serializer(page.rows, many=True).data,
            }
        )

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One row, with its version as ETag."""
        return self.answer(self.get_object())

    def answer(self, row: Any, status: int = 200, *, location: str = "") -> Response:
        """The row as the API shows it."""
        headers = {}
        if isinstance(getattr(row, "version", None), int):
            headers["ETag"] = etag(row.version)
        if location:
            headers["Location"] = location
        return Response(self.get_serializer(row).data, status=status, headers=headers)

    def checked(self, data: Any, *, partial: bool = False, many: bool = False) -> Any:
        """The request's data in the shape of the action; ValidationError otherwise."""
        shape = self.input_classes[self.action](
            data=data, partial=partial, many=many, context=self.get_serializer_context()
        )
        shape.is_valid(raise_exception=True)
        return shape.validated_data


class Creates(Resource):
    """POST of one object or of a list of up to 1,000, all or nothing."""

    bulk: ClassVar[int] = BULK_LIMIT

    def create_one(self, data: dict[str, Any]) -> Any:
        """Call the service and answer the new row."""
        raise NotImplementedError

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One service call, or as many as the list is long in one transaction."""
        if isinstance(request.data, list):
            return self._create_many(request.data)
        row = self.create_one(self.checked(request.data))
        return self.answer(row, 201, location=f"{request.path}{row.pk}/")

    def _create_many(self, given: Sequence[Any]) -> Response:
        if not 1 <= len(given) <= self.bulk:
            raise ApplicationError(
                _("A list holds 1 to %(limit)d objects; this one has %(count)d.")
                % {"limit": self.bulk, "count": len(given)},
                code="too_many" if given else "empty",
            )
        items = self.checked(given, many=True)
        with transaction.atomic():
            rows = self._each(items)
        return Response({"count": len(rows), "results": self.get_serializer(rows, many=True).data}, status=201)

    def _each(self, items: Sequence[dict[str, Any]]) -> Sequence[Any]:
        rows: list[Model] = []
        errors: list[dict[str, Any]] = []
        for index, item in enumerate(items):
            try:
                rows.append(self.create_one(item))  # a service undoes its own part when it refuses
            except ApplicationError as refusal:
                errors.append({"index": index, **error_of(refusal)})
        if errors:
            message = _("%(count)d of %(all)d objects cannot be taken; nothing was changed.")
            raise ApplicationError(
                message % {"count": len(errors), "all": len(items)}, code="invalid", extra={"errors": errors}
            )
        return rows


class Changes(Resource):
    """PATCH. With "partial_update" in `versioned` it needs If-Match."""

    def update_one(self, row: Any, data: dict[str, Any], version: int | None) -> Any:
        """Call the service and answer the changed row. `version` is the one that must still be current."""
        raise NotImplementedError

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change the fields that are given."""
        row = self.get_object()
        return self.answer(self.update_one(row, self.checked(request.data, partial=True), self.version_of(row)))

    def version_of(self, row: Any) -> int | None:
        """The version named by If-Match, checked, where the action is `versioned`."""
        return require_version(self.request, row.version) if self.action in self.versioned else None


class Deletes(Resource):
    """DELETE."""

    def delete_one(self, row: Any) -> None:
        """Call the service."""
        raise NotImplementedError

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete, answering 204."""
        self.delete_one(self.get_object())
        return Response(status=204)
