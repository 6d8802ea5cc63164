"""API tokens: made, shown once, revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pmo.analysis.permissions import READ_ONLY_ROLES, SCOPES
from pmo.kit.errors import ApplicationError, NotFound
from pmo.models import ApiToken
from pmo.selectors.actors import Actor
from pmo.services.audit import audit_record

LONGEST = 365


def secret_digest(secret: str) -> str:
    """What is kept of a token's secret: its SHA-256 (the secret is 256 random bits: no salt is needed)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def scopes_checked(scopes: Iterable[str], roles: Iterable[str]) -> list[str]:
    """The scopes, each known and allowed to these roles. Raises ApplicationError naming the first that is not."""
    families = {scope.split(":")[0] for scope in SCOPES}
    wanted = sorted(set(scopes))
    if not wanted:
        raise ApplicationError(_("A token needs at least one scope."), field="scopes", code="required")
    for scope in wanted:
        family, _colon, verb = scope.partition(":")
        if scope not in SCOPES and not (verb == "*" and family in families):
            raise ApplicationError(_("“%s” is not a scope.") % scope, field="scopes", code="unknown_scope")
        if set(roles) <= READ_ONLY_ROLES and verb != "read":
            raise ApplicationError(
                _("Your role reads only; “%s” would write.") % scope, field="scopes", code="forbidden"
            )
    return wanted


@transaction.atomic
def token_create(*, actor: Actor, name: str, scopes: Iterable[str], days: int = 90) -> tuple[ApiToken, str]:
    """A new token of the actor's own, and its text, which is never shown again. `days` 1 to 365."""
    actor.require("token.own")
    if actor.is_token:
        raise ApplicationError(_("A token cannot make tokens."), code="forbidden", status=403)
    if not 1 <= days <= LONGEST:
        raise ApplicationError(_("A token lives between 1 and %d days.") % LONGEST, field="days", code="out_of_range")
    wanted = scopes_checked(scopes, actor.roles)
    prefix, secret = secrets.token_hex(5), secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        organisation=actor.organisation,
        user=actor.user,
        name=name.strip()[:100] or _("Token"),
        prefix=prefix,
        secret_sha256=secret_digest(secret),
        scopes=wanted,
        expires_at=timezone.now() + timedelta(days=days),
    )
    audit_record(
        actor=actor,
        action="token.create",
        object_type="token",
        object_id=token.pk,
        label=token.name,
        after={"prefix": prefix, "scopes": wanted, "expires_at": token.expires_at},
    )
    return token, f"plb_{prefix}_{secret}"


@transaction.atomic
def token_revoke(*, actor: Actor, token_id: int) -> ApiToken:
    """Revoke a token: one's own, or any of the organisation's by its administrator. It is refused from then on."""
    tokens = ApiToken.objects.filter(organisation=actor.organisation)
    if not actor.allows("office.manage"):
        tokens = tokens.filter(user=actor.user)
    token = tokens.filter(pk=token_id).first()
    if token is None:
        raise NotFound()
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        audit_record(actor=actor, action="token.revoke", object_type="token", object_id=token.pk, label=token.name)
    return token
