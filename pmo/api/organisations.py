"""organisations, roles: where one acts and what may be done there."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.analysis.permissions import MATRIX
from pmo.api.office import OfficeView
from pmo.api.resource import Resource
from pmo.kit.api import IdField
from pmo.listings.organisations import ORGANISATIONS
from pmo.models import Organisation, Role
from pmo.selectors.office import organisations_for


class OrganisationOut(serializers.ModelSerializer[Organisation]):
    id = IdField()

    class Meta:
        model = Organisation
        fields = ["id", "slug", "name", "currency", "timezone", "fiscal_year_start_month", "status_date"]


class Organisations(Resource):
    """The organisation that the caller acts in."""

    action_map = {"list": "organisation.view", "retrieve": "organisation.view"}
    queryset = Organisation.objects.none()
    selector = staticmethod(organisations_for)
    listing = ORGANISATIONS
    serializer_class = OrganisationOut
    http_method_names = ["get", "head"]


class RoleActionOut(serializers.Serializer[dict[str, str]]):
    action = serializers.CharField()
    reach = serializers.ChoiceField(choices=["org", "pf", "pr", "own"])
    says = serializers.CharField()


class RoleOut(serializers.Serializer[dict[str, object]]):
    id = serializers.CharField()
    name = serializers.CharField()
    actions = RoleActionOut(many=True)


class RolesOut(serializers.Serializer[dict[str, object]]):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = RoleOut(many=True)


class Roles(OfficeView):
    """The roles and what each may do: the permission matrix as data."""

    action_map = {"get": "organisation.view"}
    output_classes = {"get": RolesOut}
    serializer_class = RolesOut
    http_method_names = ["get", "head"]

    @extend_schema(operation_id="roles_list")
    def get(self, request: Request) -> Response:
        """Every role, in one page."""
        roles = [
            {
                "id": role.value,
                "name": str(role.label),
                "actions": [
                    {"action": key, "reach": action.by_role[role.value].value, "says": action.says}
                    for key, action in MATRIX.items()
                    if role.value in action.by_role
                ],
            }
            for role in Role
        ]
        return Response({"count": len(roles), "next": None, "previous": None, "results": roles})
