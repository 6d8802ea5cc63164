"""exchange-rates: dated and kept; of one pair and day the last recorded counts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from pmo.api.resource import Creates, Input
from pmo.kit.api import DayField, IdField, ReferenceField, TextField
from pmo.kit.api_fields import decimal_text
from pmo.listings.rates import EXCHANGE_RATES
from pmo.models import ExchangeRate
from pmo.selectors.rates import rates_for
from pmo.services.rates import rate_record


class ExchangeRateOut(serializers.ModelSerializer[ExchangeRate]):
    id = IdField()
    rate = serializers.SerializerMethodField(help_text="Units of `quote` for one of `base`, plain digits as text.")
    recorded_by = ReferenceField()

    class Meta:
        model = ExchangeRate
        fields = ["id", "base", "quote", "rate", "valid_on", "source", "recorded_at", "recorded_by"]

    @extend_schema_field({"type": "string", "examples": ["0.8512"]})
    def get_rate(self, row: ExchangeRate) -> str:
        return decimal_text(row.rate, 8)


class ExchangeRateIn(Input):
    base = serializers.RegexField(r"^[A-Z]{3}\Z", max_length=3)
    quote = serializers.RegexField(r"^[A-Z]{3}\Z", max_length=3)
    rate = serializers.RegexField(
        r"^[0-9]{1,10}(\.[0-9]{1,8})?\Z", max_length=19, help_text="Plain digits as text, above zero."
    )
    valid_on = DayField()
    source = TextField(required=False, allow_blank=True, max_length=60)


class ExchangeRates(Creates):
    """What a currency was worth from a day on, until a later rate. Never changed: a newer record of the day counts."""

    action_map = {"list": "rate.view", "retrieve": "rate.view", "create": "rate.edit"}
    queryset = ExchangeRate.objects.none()
    selector = staticmethod(rates_for)
    listing = EXCHANGE_RATES
    serializer_class = ExchangeRateOut
    input_classes = {"create": ExchangeRateIn}
    http_method_names = ["get", "head", "post"]

    def create_one(self, data: dict[str, Any]) -> ExchangeRate:
        return rate_record(actor=self.actor, **{**data, "rate": Decimal(data["rate"])})
