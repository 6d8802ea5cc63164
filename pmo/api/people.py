"""people, memberships: who is who, and who may do what."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from pmo.api.resource import Changes, Creates, Deletes, Input
from pmo.kit.api import IdField, MoneyField, ReferenceField, TextField
from pmo.listings.memberships import MEMBERSHIPS
from pmo.listings.people import PEOPLE
from pmo.models import Membership, Person, Role
from pmo.selectors.office import memberships_for, people_for
from pmo.services.organisations import membership_revoke, person_create
from pmo.services.people import member_add, person_update


class PersonOut(serializers.ModelSerializer[Person]):
    id = IdField()
    user = ReferenceField()

    class Meta:
        model = Person
        fields = ["id", "name", "email", "user"]


class PersonIn(Input):
    name = TextField(max_length=200)
    email = serializers.EmailField(required=False, allow_blank=True, max_length=254)


class People(Creates, Changes):
    """Everybody named in the organisation, with an account or without."""

    action_map = {
        "list": "people.view",
        "retrieve": "people.view",
        "create": "people.manage",
        "partial_update": "people.manage",
    }
    queryset = Person.objects.none()
    selector = staticmethod(people_for)
    listing = PEOPLE
    serializer_class = PersonOut
    input_classes = {"create": PersonIn, "partial_update": PersonIn}
    http_method_names = ["get", "head", "post", "patch"]

    def create_one(self, data: dict[str, Any]) -> Person:
        return person_create(actor=self.actor, name=data["name"], email=data.get("email", ""))

    def update_one(self, row: Person, data: dict[str, Any], version: int | None) -> Person:
        return person_update(actor=self.actor, person_id=row.pk, values=data)


class MembershipOut(serializers.ModelSerializer[Membership]):
    id = IdField()
    user = ReferenceField()
    name = serializers.CharField(source="user.name", read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)
    approval_limit = MoneyField(currency="organisation.currency", allow_null=True)

    class Meta:
        model = Membership
        fields = ["id", "user", "name", "email", "role", "approval_limit", "created_at"]


class MembershipIn(Input):
    email = serializers.EmailField(max_length=254)
    name = TextField(required=False, allow_blank=True, max_length=200)
    role = serializers.ChoiceField(choices=Role.choices)
    approval_limit = MoneyField(required=False, allow_null=True, positive=True)


class Memberships(Creates, Deletes):
    """Who has which role. Granting the same role again changes its approval limit."""

    action_map = {
        "list": "office.view",
        "retrieve": "office.view",
        "create": "office.manage",
        "destroy": "office.manage",
    }
    queryset = Membership.objects.none()
    selector = staticmethod(memberships_for)
    listing = MEMBERSHIPS
    serializer_class = MembershipOut
    input_classes = {"create": MembershipIn}
    http_method_names = ["get", "head", "post", "delete"]

    def create_one(self, data: dict[str, Any]) -> Membership:
        return member_add(actor=self.actor, **data)

    def delete_one(self, row: Membership) -> None:
        membership_revoke(actor=self.actor, membership_id=row.pk)
