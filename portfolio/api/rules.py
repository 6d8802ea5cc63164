"""rules: what is looked for, and the tolerances of the organisation."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from pmo.api.office import OfficeView
from pmo.api.resource import Input
from pmo.kit.api import decimal_text, etag, require_version
from portfolio.models import Severity
from portfolio.selectors.rules import RuleInForce, rule_get, rules_in_force
from portfolio.services.rules import rule_setting_update

_NUMBER = re.compile(r"[0-9]{1,10}(\.[0-9]{1,6})?", re.ASCII)


class ToleranceField(serializers.DictField):
    """Tolerances by name, each a number as text such as "12.5"."""

    default_error_messages = {"number": _("Write a tolerance as text in quotation marks, such as “12.5”.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.CharField(max_length=20), allow_empty=False, **kwargs)

    def to_internal_value(self, data: Any) -> dict[str, Decimal]:
        values = data.values() if isinstance(data, dict) else ()
        if not all(isinstance(value, str) and _NUMBER.fullmatch(value) for value in values):
            self.fail("number")
        return {name: Decimal(value) for name, value in super().to_internal_value(data).items()}


class RuleOut(serializers.Serializer[Any]):
    """A rule as it is in force in the organisation. `version` 0: as shipped."""

    id = serializers.CharField(source="rule.id", read_only=True)
    slug = serializers.CharField(source="rule.slug", read_only=True)
    title = serializers.CharField(source="rule.title", read_only=True)
    group = serializers.CharField(source="rule.group", read_only=True)
    scope = serializers.CharField(source="rule.scope", read_only=True)
    severity = serializers.CharField(read_only=True)
    enabled = serializers.BooleanField(read_only=True)
    condition = serializers.CharField(source="sentence", read_only=True)
    hint = serializers.CharField(source="rule.hint", read_only=True)
    tolerance = serializers.DictField(child=serializers.CharField(), read_only=True)
    tolerance_help = serializers.DictField(source="rule.tolerance_help", child=serializers.CharField(), read_only=True)
    as_shipped = serializers.BooleanField(read_only=True)
    version = serializers.IntegerField(read_only=True)

    def to_representation(self, instance: RuleInForce) -> dict[str, Any]:
        shown = super().to_representation(instance)
        shown["tolerance"] = {name: decimal_text(value) for name, value in instance.tolerance.items()}
        return shown


class RulesOut(serializers.Serializer[Any]):
    """All rules, in one page."""

    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = RuleOut(many=True)


class RuleIn(Input):
    enabled = serializers.BooleanField(required=False)
    severity = serializers.ChoiceField(choices=Severity.choices, required=False)
    tolerance = ToleranceField(required=False)


class Rules(OfficeView, ViewSet):
    """The rules of the organisation. They are addressed by their slug and changed, never added or deleted."""

    action_map = {"list": "rule.view", "retrieve": "rule.view", "partial_update": "rule.configure"}
    input_classes = {"partial_update": RuleIn}
    output_classes = {"list": RulesOut}
    serializer_class = RuleOut
    versioned = ("partial_update",)
    lookup_field = "slug"
    lookup_value_regex = "[a-z0-9-]+"

    def list(self, request: Request) -> Response:
        """All rules, by id."""
        rules = RuleOut(rules_in_force(self.actor), many=True).data
        return Response({"count": len(rules), "next": None, "previous": None, "results": rules})

    def retrieve(self, request: Request, slug: str) -> Response:
        """One rule, with the version of its settings as ETag."""
        return self._answer(rule_get(self.actor, slug))

    def partial_update(self, request: Request, slug: str) -> Response:
        """Switch it on or off, set its severity or some of its tolerances. Every project is looked at anew."""
        version = require_version(request, rule_get(self.actor, slug).version)
        given = RuleIn(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        return self._answer(rule_setting_update(actor=self.actor, slug=slug, version=version, **given.validated_data))

    def _answer(self, rule: RuleInForce) -> Response:
        return Response(RuleOut(rule).data, headers={"ETag": etag(rule.version)})
