"""imports, import-mappings: send a file, see what it would do, apply it, take it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Creates, Deletes, Input, Resource
from pmo.kit.api import IdField, ReferenceField, StrictJSONParser, TextField
from pmo.kit.api_parsers import parse_json
from pmo.kit.errors import ApplicationError
from pmo.kit.export import CSV_TYPE
from projects.listings.imports import IMPORT_MAPPINGS, IMPORT_ROWS, IMPORTS, rejects_lines
from projects.models import ImportBatch, ImportMapping, ImportRow, ImportTarget
from projects.selectors.imports import batches_for, mapping_named, mappings_for, rows_of
from projects.services.imports import (
    import_apply,
    import_cancel,
    import_create,
    import_undo,
    mapping_delete,
    mapping_save,
)

ROW_PARAMETERS = ("outcome", "outcome__in", "line", "line__gte", "line__lte", "search", "page", "page_size", "ordering")


class ImportOut(serializers.ModelSerializer[ImportBatch]):
    id = IdField()
    created_by = ReferenceField()

    class Meta:
        model = ImportBatch
        fields = [
            "id", "target", "file_name", "file_sha256", "mapping", "options", "mode", "state", "progress", "total",
            "created", "updated", "unchanged", "rejected", "warnings", "columns", "sums", "error", "created_by",
            "created_at", "finished_at",
        ]  # fmt: skip


class ImportIn(Input):
    """`mapping` and `options` are JSON in text fields of the form; `mapping` may also be the name of a saved one."""

    file = serializers.FileField(allow_empty_file=True, max_length=255)
    target = serializers.ChoiceField(choices=ImportTarget.choices, required=False)
    mapping = serializers.CharField(required=False, allow_blank=True, max_length=200_000)
    options = serializers.CharField(required=False, allow_blank=True, max_length=100_000)
    mode = serializers.ChoiceField(choices=["preview", "apply"], default="preview")


class NothingIn(Input):
    """An empty body."""


class ImportRowOut(serializers.ModelSerializer[ImportRow]):
    id = IdField()
    object_id = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = ImportRow
        fields = ["id", "line", "outcome", "key", "field", "value", "message", "object_type", "object_id"]


class ImportRowsOut(serializers.Serializer[Any]):
    """A page of rows."""

    count = serializers.IntegerField(read_only=True)
    next = serializers.CharField(read_only=True, allow_null=True)
    previous = serializers.CharField(read_only=True, allow_null=True)
    results = ImportRowOut(many=True, read_only=True)


class Imports(Resource):
    """Files sent in bulk, and what became of each of their rows."""

    action_map = dict.fromkeys(
        ("list", "retrieve", "create", "row_outcomes", "rejects", "apply", "undo", "cancel"), "import.run"
    )
    parameters = {"row_outcomes": ROW_PARAMETERS}
    queryset = ImportBatch.objects.none()
    selector = staticmethod(batches_for)
    listing = IMPORTS
    serializer_class = ImportOut
    input_classes = {"create": ImportIn, "apply": NothingIn, "undo": NothingIn, "cancel": NothingIn}
    http_method_names = ["get", "head", "post"]

    def get_parsers(self) -> list[Any]:
        """A form with the file for sending; JSON for everything else."""
        wanted = getattr(self, "action", None)
        if wanted is None and self.request is not None:  # asked for before the action is set
            wanted = self.action_map.get((self.request.method or "").lower())
        return [MultiPartParser()] if wanted == "create" else [StrictJSONParser()]

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Keep the file and queue its preview or application. Without a mapping a known kind of file is recognised."""
        given = self.checked(request.data)
        mapping, options, target = self._mapping(given)
        batch = import_create(
            actor=self.actor,
            file=given["file"],
            file_name=given["file"].name,
            target=target,
            mapping=mapping,
            options=options,
            mode=given["mode"],
        )
        return self.answer(batch, 202, location=f"{request.path}{batch.pk}/")

    def _mapping(self, given: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any], str]:
        target = given.get("target", "")
        options = _json("options", given.get("options", ""))
        text = given.get("mapping", "").strip()
        if text and not text.startswith("{"):
            saved = mapping_named(self.actor, text.strip('"'))
            if target and target != saved.target:
                raise ApplicationError(
                    _("The mapping “%(name)s” is one for %(target)s.") % {"name": text[:60], "target": saved.target},
                    field="mapping",
                    code="other_target",
                )
            return saved.mapping, {**saved.options, **options}, saved.target
        return _json("mapping", text), options, target

    @extend_schema(responses=ImportRowsOut, filters=False)
    @action(detail=True, methods=["get"], url_path="rows", url_name="rows", pagination_class=None)
    def row_outcomes(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What became of each row, in file order."""
        batch = self.get_object()
        page = IMPORT_ROWS.apply(rows_of(batch), IMPORT_ROWS.parse(request.query_params, self.allows))
        address = request.build_absolute_uri(request.path)
        body = {
            "count": page.count,
            "next": f"{address}?{page.next}" if page.next is not None else None,
            "previous": f"{address}?{page.previous}" if page.previous is not None else None,
            "results": ImportRowOut(page.rows, many=True).data,
        }
        return Response(body)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def rejects(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The rejected rows as they came, with the reason of each, to correct and send again."""
        batch = self.get_object()
        response = StreamingHttpResponse(rejects_lines(batch), content_type=CSV_TYPE)
        response["Content-Disposition"] = f'attachment; filename="rejects-{batch.pk}.csv"'
        return response

    @extend_schema(request=NothingIn, responses={202: ImportOut})
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Queue the application of a previewed import."""
        self.checked(request.data)
        return self.answer(import_apply(actor=self.actor, batch_id=self.get_object().pk), 202)

    @extend_schema(request=NothingIn, responses={202: ImportOut})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Queue taking an applied import back: entries reversed, values restored, new projects archived."""
        self.checked(request.data)
        return self.answer(import_undo(actor=self.actor, batch_id=self.get_object().pk), 202)

    @extend_schema(request=NothingIn, responses={202: ImportOut})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Stop a waiting or running import; nothing of it is written."""
        self.checked(request.data)
        return self.answer(import_cancel(actor=self.actor, batch_id=self.get_object().pk), 202)


def _json(field: str, text: str) -> dict[str, Any]:
    """An object from JSON text; ApplicationError naming the field otherwise. Numbers keep their digits as text."""
    if not text.strip():
        return {}
    found = parse_json(text)
    if not isinstance(found, dict):
        raise ApplicationError(_("“%s” must be a JSON object.") % field, field=field, code="invalid")
    plain: dict[str, Any] = _without_decimals(found)
    return plain


def _without_decimals(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_decimals(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_decimals(item) for item in value]
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)


class ImportMappingOut(serializers.ModelSerializer[ImportMapping]):
    id = IdField()

    class Meta:
        model = ImportMapping
        fields = ["id", "name", "target", "mapping", "options", "created_at"]


class ImportMappingIn(Input):
    name = TextField(max_length=120)
    target = serializers.ChoiceField(choices=ImportTarget.choices)
    mapping = serializers.DictField()
    options = serializers.DictField(required=False)


class ImportMappings(Creates, Deletes):
    """Mappings with a name; the same name again replaces the one before."""

    action_map = dict.fromkeys(("list", "retrieve", "create", "destroy"), "import.run")
    queryset = ImportMapping.objects.none()
    selector = staticmethod(mappings_for)
    listing = IMPORT_MAPPINGS
    serializer_class = ImportMappingOut
    input_classes = {"create": ImportMappingIn}
    http_method_names = ["get", "head", "post", "delete"]

    def create_one(self, data: dict[str, Any]) -> ImportMapping:
        mapping, options = _without_decimals(data["mapping"]), _without_decimals(data.get("options", {}))
        return mapping_save(
            actor=self.actor, name=data["name"], target=data["target"], mapping=mapping, options=options
        )

    def delete_one(self, row: ImportMapping) -> None:
        mapping_delete(actor=self.actor, mapping_id=row.pk)
