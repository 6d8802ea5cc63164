"""What every request passes: size limits, and the door of the office.

A page below `/o/<organisation>/` is reached only by somebody with a role there, and only through a view that says which
action of the permission matrix it is (`pmo.web.pages.page`). A view that says nothing is refused, for everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pmo.kit.errors import ApplicationError, NotFound
from pmo.selectors.actors import actor_by_slug

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class LimitsMiddleware:
    """Refuses a body over the limit before a byte of it is read, and NUL bytes in addresses."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (
            "\x00" in request.path
            or "%00" in request.META.get("QUERY_STRING", "")
            or "\x00" in request.META.get("QUERY_STRING", "")
        ):
            return self._refuse(request, 400, "nul_byte", _("The address contains a NUL byte."))
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        multipart = request.META.get("CONTENT_TYPE", "").startswith("multipart/form-data")
        limit = settings.UPLOAD_LIMIT if multipart else settings.BODY_LIMIT
        if length > limit:
            sentence = _("This is %(size)d MB; at most %(limit)s MB are taken here.") % {
                "size": length // 1_000_000,
                "limit": f"{limit / 1_048_576:g}",
            }
            return self._refuse(request, 413, "too_large", sentence)
        return self.get_response(request)

    @staticmethod
    def _refuse(request: HttpRequest, status: int, code: str, sentence: str) -> HttpResponse:
        if request.path.startswith("/api/"):
            problem = {"type": f"about:blank#{code}", "title": sentence, "status": status, "detail": sentence}
            problem["errors"] = [{"field": None, "code": code, "message": sentence}]  # type: ignore[assignment]
            return JsonResponse(problem, status=status, content_type="application/problem+json")
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


class OfficeMiddleware:
    """Resolves `/o/<organisation>/` to an actor and checks the view's action, before the view runs."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if not request.path.startswith("/o/"):
            return None
        actions = getattr(view, "actions", None)
        if actions is None:
            raise ImproperlyConfigured(f"{view} does not say which action of the permission matrix it is")
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        try:
            request.actor = actor_by_slug(request.user, kwargs["org"])  # type: ignore[attr-defined]
            if request.method not in actions:
                return HttpResponseNotAllowed(sorted(actions))
            request.actor.require(actions[request.method])  # type: ignore[attr-defined]
            if request.GET.get("as_of") and not getattr(view, "as_of", False):
                raise ApplicationError(_("This page shows figures as at the current date only."), field="as_of")
            if request.GET.get("known_at") and not getattr(view, "known_at", False):
                raise ApplicationError(_("This page shows figures as they are known now only."), field="known_at")
        except ApplicationError as error:
            return refusal(request, error)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, ApplicationError) and not request.path.startswith("/api/"):
            return refusal(request, exception)
        return None


def refusal(request: HttpRequest, error: ApplicationError) -> HttpResponseBase:
    """The page's answer to a refusal: the sentence itself, where the person is."""
    if isinstance(error, NotFound):
        raise Http404(error.message)
    if request.headers.get("HX-Request"):
        response = HttpResponse(error.message, status=error.status, content_type="text/plain; charset=utf-8")
        response["HX-Reswap"] = "none"
        return response
    back = request.headers.get("Referer", "")
    if request.method == "POST" and back.startswith(f"{request.scheme}://{request.get_host()}/"):
        messages.error(request, error.message)
        return redirect(back)
    template = "403.html" if error.status == 403 else "refused.html"
    return render(request, template, {"error": error}, status=error.status)
