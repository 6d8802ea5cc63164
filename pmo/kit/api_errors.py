"""Every refusal of the API in one shape: RFC 9457 problem details with `errors: [{field, code, message}]`."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import IntegrityError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from pmo.kit.errors import ApplicationError

CONTENT_TYPE: Final = "application/problem+json"
Error = dict[str, Any]

logger = logging.getLogger(__name__)


def problem(
    status: int,
    detail: str,
    *,
    code: str,
    errors: Sequence[Error] = (),
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One problem answer. `errors` defaults to the detail itself, without a field."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": list(errors) or [{"field": None, "code": code, "message": detail}],
    }
    body.update({key: value for key, value in (extra or {}).items() if key not in body})
    return Response(body, status=status, headers=dict(headers or {}), content_type=CONTENT_TYPE)


def error_of(refusal: ApplicationError) -> Error:
    """One refusal as an entry of `errors`."""
    return {"field": refusal.field, "code": refusal.code, "message": refusal.message}


def flatten(detail: Any, field: str | None = None) -> Iterator[Error]:
    """DRF's nested validation detail as flat entries; `lines.0.amount` names a nested field."""
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            own = None if key == "non_field_errors" else str(key)
            yield from flatten(value, ".".join(part for part in (field, own) if part) or None)
    elif isinstance(detail, list | tuple):
        for index, value in enumerate(detail):
            nested = isinstance(value, Mapping | list | tuple)
            yield from flatten(value, f"{field}.{index}" if nested and field else field)
    else:
        yield {"field": field, "code": getattr(detail, "code", None) or "invalid", "message": str(detail)}


def indexed(detail: Mapping[int, Any]) -> Iterator[Error]:
    """The validation detail of a bulk request: each entry says which item, counted from 0."""
    for index, value in detail.items():
        for error in flatten(value):
            yield {"index": index, **error}


def problem_handler(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER. None (a 500 that is logged) only for what is a fault of ours."""
    if isinstance(exc, ApplicationError):
        headers = {"ETag": f'"v{exc.extra["version"]}"'} if "version" in exc.extra else {}
        errors = exc.extra.get("errors") or [error_of(exc)]
        return problem(exc.status, exc.message, code=exc.code, errors=errors, extra=exc.extra, headers=headers)
    if isinstance(exc, exceptions.ValidationError):
        return _invalid(exc)
    if isinstance(exc, Http404):
        return problem(404, _("There is no such object here."), code="not_found")
    if isinstance(exc, PermissionDenied):
        return problem(403, _("You may not do this here."), code="forbidden")
    if isinstance(exc, ModelValidationError):
        errors = [{"field": None, "code": "invalid", "message": message} for message in exc.messages]
        return problem(400, _("The request holds errors."), code="invalid", errors=errors)
    if isinstance(exc, RequestDataTooBig | TooManyFieldsSent):
        return problem(413, _("The request is too large."), code="too_large", headers={"Connection": "close"})
    if isinstance(exc, SuspiciousOperation | RecursionError):
        return problem(400, _("The request cannot be read."), code="unreadable")
    if isinstance(exc, IntegrityError):
        logger.warning("A database constraint refused a write", exc_info=exc)
        return problem(409, _("This clashes with what is already there."), code="conflict")
    if isinstance(exc, OperationalError):
        logger.error("The database did not answer", exc_info=exc)
        headers = {"Retry-After": "2"}
        return problem(503, _("The database does not answer. Try again."), code="unavailable", headers=headers)
    if isinstance(exc, exceptions.APIException):
        return _api_exception(exc)
    return None


def _invalid(exc: exceptions.ValidationError) -> Response:
    detail = exc.detail
    bulk = isinstance(detail, Mapping) and all(isinstance(key, int) for key in detail)
    errors = list(indexed(detail)) if bulk else list(flatten(detail))
    first = errors[0] if len(errors) == 1 else None
    summary = first["message"] if first else _("%(count)d values cannot be taken.") % {"count": len(errors)}
    return problem(400, summary, code="invalid", errors=errors)


def _api_exception(exc: exceptions.APIException) -> Response:
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(exc.wait) + 1)
    errors = list(flatten(exc.detail))
    return problem(
        exc.status_code,
        errors[0]["message"] if errors else str(exc),
        code=exc.default_code,
        errors=errors,
        headers=headers,
    )
