"""Finding the token that a caller shows."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256

from pmo.models import ApiToken


def token_shown(text: str, *, now: datetime) -> ApiToken | None:
    """The live token of that text, with its user and organisation; None when unknown, expired, revoked or malformed."""
    parts = text.split("_", 2)
    if len(parts) != 3 or parts[0] != "plb" or not text.isascii():
        return None
    token = ApiToken.objects.select_related("user", "organisation").filter(prefix=parts[1][:12]).first()
    if token is None or not hmac.compare_digest(token.secret_sha256, sha256(parts[2].encode()).hexdigest()):
        return None
    if token.revoked_at is not None or token.expires_at <= now or not token.user.is_active:
        return None
    return token
