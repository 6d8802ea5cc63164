"""tokens: the text of a token is in the answer to its creation and never again."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.api.resource import Creates, Deletes, Input
from pmo.kit.api import IdField, ReferenceField, TextField, WholeField
from pmo.listings.tokens import TOKENS
from pmo.models import ApiToken
from pmo.selectors.office import tokens_for
from pmo.services.tokens import LONGEST, token_create, token_revoke


class TokenOut(serializers.ModelSerializer[ApiToken]):
    id = IdField()
    user = ReferenceField()
    scopes = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = ApiToken
        fields = ["id", "name", "prefix", "user", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]


class TokenMadeOut(TokenOut):
    token = serializers.CharField(read_only=True, help_text="Shown this once. Absent when the request is repeated.")

    class Meta(TokenOut.Meta):
        fields = [*TokenOut.Meta.fields, "token"]


class TokenIn(Input):
    name = TextField(max_length=100)
    scopes = serializers.ListField(child=TextField(max_length=60), min_length=1, max_length=40)
    days = WholeField(min_value=1, max_value=LONGEST, default=90)


class Tokens(Creates, Deletes):
    """API tokens: one's own; their names, for who may see them. DELETE revokes."""

    action_map = {"list": "token.own", "retrieve": "token.own", "create": "token.own", "destroy": "token.own"}
    bulk = 0
    queryset = ApiToken.objects.none()
    selector = staticmethod(tokens_for)
    listing = TOKENS
    serializer_class = TokenOut
    input_classes = {"create": TokenIn}
    output_classes = {"create": TokenMadeOut}
    http_method_names = ["get", "head", "post", "delete"]

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One token at a time, for its text is shown once."""
        token, text = token_create(actor=self.actor, **self.checked(request.data))
        return Response({**self.get_serializer(token).data, "token": text}, status=201)

    def storable(self, data: Any) -> Any:
        """Everything but the secret."""
        return {key: value for key, value in data.items() if key != "token"}

    def delete_one(self, row: ApiToken) -> None:
        token_revoke(actor=self.actor, token_id=row.pk)
