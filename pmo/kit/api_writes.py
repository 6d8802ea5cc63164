"""How a write is guarded: optimistic locking by version, dry runs, all-or-nothing."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from pmo.kit.errors import ApplicationError, StaleVersion

_ETAG = re.compile(r'(?:W/)?"v([0-9]{1,9})"', re.ASCII)
_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
KEY_HEADER: Final = "Idempotency-Key"


def etag(version: int) -> str:
    """The entity tag of a version: `"v17"`."""
    return f'"v{version}"'


def if_match(request: Request) -> int | None:
    """The version named by If-Match; None without the header; ApplicationError (412) for a tag that is not ours."""
    given = request.headers.get("If-Match")
    if given is None:
        return None
    match = _ETAG.fullmatch(given.strip())
    if match is None:
        raise ApplicationError(
            _('If-Match must name one version, such as "v17".'), code="stale_version", field="If-Match", status=412
        )
    return int(match[1])


def require_version(request: Request, current: int) -> int:
    """The version the caller read, which must be the current one: 428 without If-Match, 412 when stale.

    The service must still change the row `WHERE version = <the answer>`: this check alone loses a race.
    """
    given = if_match(request)
    if given is None:
        message = _("Say which version you change: send If-Match with the ETag you read.")
        raise ApplicationError(
            message, code="precondition_required", field="If-Match", status=428, extra={"version": current}
        )
    if given != current:
        message = _("This has changed since you read it: you have version %(given)d, now it is %(current)d.")
        raise StaleVersion(message % {"given": given, "current": current}, current_version=current)
    return given


class _RolledBack(Exception):
    """Carries the answer out of a transaction that must leave no trace."""

    def __init__(self, response: Response) -> None:
        self.response = response


def in_transaction(effect: Callable[[], Response], *, dry_run: bool = False) -> Response:
    """Run the effect in one transaction; undo it all (marks and wake-ups too) when it is a dry run or was refused."""
    try:
        with transaction.atomic():
            response = effect()
            if dry_run or response.status_code >= 400:
                raise _RolledBack(response)
            return response
    except _RolledBack as undone:
        if dry_run and undone.response.status_code < 400:
            return _as_dry_run(undone.response)
        return undone.response


def _as_dry_run(response: Response) -> Response:
    """200 with what would have been answered: `{dry_run: true, status, result}`; no ETag, no Location."""
    return Response({"dry_run": True, "status": response.status_code, "result": response.data}, status=200)


def is_dry_run(request: Request) -> bool:
    """`?dry_run=true`; ApplicationError for anything but true or false."""
    given = request.query_params.get("dry_run", "false")
    if given not in ("true", "false"):
        raise ApplicationError(_("dry_run is either true or false."), field="dry_run")
    return given == "true"


def idempotency_key(request: Request) -> str | None:
    """The key of the header; None without; ApplicationError unless it is 1 to 255 printable ASCII characters."""
    given = request.headers.get(KEY_HEADER)
    if given is None:
        return None
    if not _KEY.fullmatch(given):
        raise ApplicationError(
            _("An Idempotency-Key is 1 to 255 printable characters without blanks."), field=KEY_HEADER
        )
    return given


def request_digest(request: Request) -> str:
    """SHA-256 of what was asked: the query string and the body as parsed, so that white space does not matter."""
    digest = hashlib.sha256(request.META.get("QUERY_STRING", "").encode())
    digest.update(json.dumps(_comparable(request.data), sort_keys=True, default=str).encode())
    return digest.hexdigest()


def _comparable(data: Any) -> Any:
    if not hasattr(data, "lists"):
        return data
    return {
        name: [_file_digest(v) if isinstance(v, UploadedFile) else v for v in values] for name, values in data.lists()
    }


def _file_digest(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return f"{upload.name}:{digest.hexdigest()}"
