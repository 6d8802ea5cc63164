"""Sign-in: accounts are made by administrators, not by visitors."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from django.core.exceptions import ValidationError
from django.http import HttpRequest

PATIENCE = 15 * 60


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Too many failures are answered with 429, whoever is asked about, and not with one more form."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as refused:
            response = respond_429(request)
            response["Retry-After"] = str(PATIENCE)
            raise ImmediateHttpResponse(response) from refused
