"""saved-views: a list's address under a name, one's own or shared."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from pmo.api.resource import Changes, Creates, Deletes, Input
from pmo.kit.api import IdField, ReferenceField, TextField
from pmo.listings.saved_views import SAVED_VIEWS
from pmo.models import SavedView
from pmo.selectors.office import saved_views_for
from pmo.services.saved_views import saved_view_create, saved_view_delete, saved_view_update


class SavedViewOut(serializers.ModelSerializer[SavedView]):
    id = IdField()
    user = ReferenceField()

    class Meta:
        model = SavedView
        fields = ["id", "listing", "name", "query", "shared", "user", "created_at"]


class SavedViewChange(Input):
    name = TextField(max_length=100)
    query = TextField(required=False, allow_blank=True, max_length=2000)
    shared = serializers.BooleanField(required=False)


class SavedViewIn(SavedViewChange):
    listing = serializers.SlugField(max_length=60)


class SavedViews(Creates, Changes, Deletes):
    """One's own views, and those that others share."""

    action_map = {
        "list": "view.see",
        "retrieve": "view.see",
        "create": "view.save",
        "partial_update": "view.save",
        "destroy": "view.save",
    }
    queryset = SavedView.objects.none()
    selector = staticmethod(saved_views_for)
    listing = SAVED_VIEWS
    serializer_class = SavedViewOut
    input_classes = {"create": SavedViewIn, "partial_update": SavedViewChange}

    def create_one(self, data: dict[str, Any]) -> SavedView:
        return saved_view_create(actor=self.actor, **data)

    def update_one(self, row: SavedView, data: dict[str, Any], version: int | None) -> SavedView:
        return saved_view_update(actor=self.actor, view_id=row.pk, values=data)

    def delete_one(self, row: SavedView) -> None:
        saved_view_delete(actor=self.actor, view_id=row.pk)
