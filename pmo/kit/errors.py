"""The one exception for a business refusal. Doors turn it into a 4xx answer or a message on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ApplicationError(Exception):
    """A plain sentence for the person who asked, naming the row, field and value that stand in the way.

    `code` is stable and machine-readable; `field` names the input at fault, if one is; `status` is the HTTP status
    a door answers with; `extra` carries facts for the machine (the current version, the open period).
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "invalid",
        field: str | None = None,
        status: int = 400,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field
        self.status = status
        self.extra: dict[str, Any] = dict(extra or {})


class Forbidden(ApplicationError):
    """The object is visible to the caller, the action on it is not theirs."""

    def __init__(self, message: str, *, code: str = "forbidden") -> None:
        super().__init__(message, code=code, status=403)


class NotFound(ApplicationError):
    """No such object, or not one that the caller may know of: the two are never told apart."""

    def __init__(self, message: str = "There is no such object here.", *, code: str = "not_found") -> None:
        super().__init__(message, code=code, status=404)


class StaleVersion(ApplicationError):
    """Somebody changed the object since the caller read it."""

    def __init__(self, message: str, *, current_version: int) -> None:
        super().__init__(message, code="stale_version", status=412, extra={"version": current_version})
