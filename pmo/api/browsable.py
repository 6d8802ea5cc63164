"""The schema and its browsable page, without a line of inline script or style."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a token is sent, for the schema."""

    target_class = "pmo.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the browser signs in, for the schema."""

    target_class = "pmo.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


class Schema(SpectacularAPIView):
    """OpenAPI 3.1. It tells of no data, so nobody need sign in to read it."""

    permission_classes = [AllowAny]
    authentication_classes = []


class Docs(SpectacularSwaggerSplitView):
    """Swagger UI from our own files, its start script in a file of its own."""

    permission_classes = [AllowAny]
    authentication_classes = []
    url_name = "schema"
    template_name = "pmo/api_docs.html"


def nothing_here(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """404 in the API's own shape for an address below /api/ that is none."""
    message = _("There is no such address here. Addresses of the API end with a slash.")
    problem = {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": message,
        "errors": [{"field": None, "code": "not_found", "message": message}],
    }
    return JsonResponse(problem, status=404, content_type="application/problem+json")
